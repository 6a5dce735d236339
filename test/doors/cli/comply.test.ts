import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fileClaims } from '../../../src/change/record/sqlite/claims.ts'
import { complyResultSchema } from '../../../src/report/comply/result-schema.ts'
import { credentialsBench, READER, WRITER } from '../../e2e/credentials-bench.ts'
import { everyNth } from '../../extent.ts'
import { DC1, exits, fileText, type Lab, openLab, prints, shows, typeOn, warns } from '../../lab/lab.ts'

/** A secret of the configurations of the fabric. */
const CANARY = 'd1-Tr4ce-7Ke'

const configOf = (name: string) => fileText(DC1, name, 'running-config')

/** A lab whose switches run what is intended, but for what is edited in the file of leaf1. */
function intendedLab(edit: (text: string) => string = (text) => text) {
  const lab = openLab()
  lab.write('intended/leaf1.cfg', edit(configOf('leaf1')))
  lab.write('intended/leaf2.cfg', configOf('leaf2'))
  return lab
}

/** The time server of the fabric is another, one VLAN has another name, one is not there. */
const otherwise = (text: string) =>
  text
    .replace('ntp server vrf MGMT 198.51.100.11 prefer', 'ntp server vrf MGMT 198.51.100.99 prefer')
    .replace('name PROD-WEB', 'name WEB')
    .replace('vlan 121\n   name DEV-APP\n!\n', '')

const written = (lab: Lab, device: string) =>
  lab.fabric
    .device(device)
    .requests()
    .filter(({ kind }) => kind === 'write').length

/** The config sessions of a switch that hold a place. */
async function openSessions(lab: Lab, device: string) {
  const [text = ''] = await typeOn(lab.device(device), 'show configuration sessions detail')
  return text.split('\n').filter((line) => /^\s*\*?\s*eosflow-\S+\s+pending/.test(line))
}

describe('comply', () => {
  test('has each switch compute what differs from its file, section by section; one request writes to each, and nothing stays', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = intendedLab(otherwise)
    const before = await typeOn(lab.device('leaf1'), 'show running-config')
    const { out } = await lab.ok('comply -f intended -t leaf1,leaf2,leaf3')
    expect(out).toBe(`switch  section  state           missing  extra  ordered  excused
leaf1   ntp      missing, extra  1        1      0        0
leaf1   vlan     missing, extra  1        3      0        0

leaf1   2 of 29 sections differ from intended/leaf1.cfg
  ntp: missing, extra
    - ntp server vrf MGMT 198.51.100.11 prefer
    + ntp server vrf MGMT 198.51.100.99 prefer
  vlan: missing, extra
      vlan 110
    -    name PROD-WEB
    +    name WEB
    - vlan 121
    -    name DEV-APP

? leaf3: nothing is intended for it

Comply: 3 switches, 2 compared: 1 differs, 1 compliant; 1 with nothing intended
Next: plan a workflow with \`change: { mode: replace, file: 'intended/{{ device.name }}.cfg' }\` for leaf1
`)
    expect(await typeOn(lab.device('leaf1'), 'show running-config')).toEqual(before)
    expect([written(lab, 'leaf1'), written(lab, 'leaf2'), written(lab, 'leaf3')]).toEqual([1, 1, 0])
    expect(await openSessions(lab, 'leaf1')).toEqual([])
    await lab.exits(2, 'comply -f intended -t leaf1 --detailed-exitcode')
    await lab.ok('comply -f intended -t leaf2 --detailed-exitcode')
  })

  test('stages as the user that plans, and reads as the one that reads', { tags: 'long' }, async () => {
    const bench = await credentialsBench()
    bench.write('intended/leaf1.cfg', 'hostname leaf1\n')
    await prints(0, bench.eosflow('comply -f intended'), 'Comply: 1 switch, 1 compared: 1 differs, 0 compliant\n')
    expect(bench.asked.map(({ user, verb }) => `${user} ${verb}`)).toEqual([
      `${READER.username} look`,
      `${WRITER.username} stage`,
      `${READER.username} look`,
    ])
  })

  test('is compared with what was confirmed last, or kept as a baseline, where no file says more', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    const nothing = await lab.exits(10, 'comply -t leaf1')
    expect(nothing.out).toBe(`? leaf1: nothing is intended for it

Comply: 1 switch, 0 compared: 1 with nothing intended
`)
    expect(written(lab, 'leaf1')).toBe(0)
    await exits(0, lab.change())
    await lab.byHand('leaf1', 'vlan 997')
    await prints(
      0,
      lab.eosflow('comply -t leaf1'),
      /^leaf1 {3}1 of 29 sections differs from execution \S+\n {2}vlan: extra\n {4}- vlan 997\n/m,
      '\nNext: plan a change that makes leaf1 so: what was confirmed last is in no file of the project\n',
    )
  })

  test('takes the files of a workflow that replaces, and refuses one that adds', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = intendedLab(otherwise)
    lab.write(
      'workflows/replace.yaml',
      `name: replace
targets: leaf1 or leaf2
change: { mode: replace, file: 'intended/{{ device.name }}.cfg' }
allow: [management]
steps: [snapshot, plan, approve, { push: { confirmWithin: 2m } }, { verify: { within: 10s, stableFor: 0s, every: 1s, checks: [reachable] } }, confirm]
`,
    )
    const { out } = await prints(
      0,
      lab.eosflow('comply workflows/replace.yaml'),
      'leaf1   2 of 29 sections differ from workflows/replace.yaml\n',
    )
    const next =
      'Comply: 2 switches, 2 compared: 1 differs, 1 compliant\nNext: eosflow plan workflows/replace.yaml -t leaf1\n'
    expect(out).toContain(next)
    // The same files named by their folder: the project has a workflow that makes them those of the switches.
    await prints(0, lab.eosflow('comply -f ./intended/ -t leaf1,leaf2'), next)
    expect((await lab.ok('comply -f intended -t leaf2')).out).not.toContain('Next:')
    await warns(
      3,
      lab.eosflow('comply workflow.yaml'),
      'is a merge: it says what is added, not what a switch is to have',
    )
    await warns(3, lab.eosflow('comply workflows/replace.yaml -f intended'), 'what is intended is said twice')
    await warns(3, lab.eosflow('comply -f elsewhere'), 'no file of any of the switches')
  })

  test('shows those that answer, and the line that compares the others again: exit 10', async () => {
    const lab = intendedLab()
    lab.fault({ device: 'leaf2', kind: 'unreachable' })
    await prints(
      10,
      lab.eosflow('comply -f intended -t leaf1,leaf2'),
      /^\? leaf2: .*\n\nComply: 2 switches, 1 compared: 0 differ, 1 compliant; 1 not compared\n/,
      'Next: eosflow comply -t leaf2 -f intended\n',
    )
  })

  test.each([
    ['running-config was', (text: string) => /^hostname /m.test(text)],
    ['the config session was', (text: string) => /^hostname .*-intended$/m.test(text)],
  ])('calls no switch compliant that prints nothing: %s printed without a line', async (words, isHidden) => {
    const lab = openLab({
      hears: (_, answer) => {
        const { result, ...rest } = JSON.parse(answer.body) as { result?: readonly { output?: string }[] }
        const shown = result?.map((one) => (isHidden(one.output ?? '') ? { output: '' } : one))
        return { ...answer, body: JSON.stringify(shown === undefined ? rest : { ...rest, result: shown }) }
      },
    })
    lab.write('intended/leaf1.cfg', 'hostname leaf1-intended\n')
    const { out } = await shows(
      10,
      lab.eosflow('comply -f intended -t leaf1'),
      `leaf1: ${words} printed without a line`,
    )
    expect(out).not.toContain('1 compliant')
    expect(await openSessions(lab, 'leaf1')).toEqual([])
  })

  test('shows no secret in any format, and that one is another', async () => {
    const lab = intendedLab((text) => text.replace(`community ${CANARY} ro`, 'community 0ther-C0mmunity ro'))
    const files = ['--csv', 'found.csv', '--junit', 'found.xml']
    const text = await lab.eosflow('comply -f intended -t leaf1', ...files)
    const markdown = await lab.eosflow('comply -f intended -t leaf1 --markdown')
    const json = await lab.eosflow('comply -f intended -t leaf1 --json')
    const [csv, junit] = ['found.csv', 'found.xml'].map((file) => fileText(lab.dir, file))
    const all = [text.out, markdown.out, json.out, csv, junit]
    for (const one of all) {
      expect(one).toMatch(/snmp-server community (?:<|&lt;)redacted:[0-9a-f]{8}(?:>|&gt;) ro/)
      expect(one).not.toContain(CANARY)
      expect(one).not.toContain('0ther-C0mmunity')
    }
    expect(all).toHaveLength(5)
  })
})

describe('the documents of comply', () => {
  const RULES = `version: 1
sections:
  - { name: time, lines: ['ntp *', 'clock *'] }
exceptions:
  - { on: leaf1, section: time, lines: ['ntp server *'], owner: netops, until: 2026-01-05, because: the old server goes }
  - { section: vlan, lines: ['vlan 121'], owner: dev, until: 2026-01-04, because: a test }
  - { section: vlan, lines: ['vlan 4000'], owner: dev, until: 2026-12-31, because: a trial }
  - { on: leaf2, lines: ['vlan *'], owner: dev, until: 2026-01-01, because: elsewhere }
`

  test('say who has excused what, and name an exception that is over or means nothing', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = intendedLab(otherwise)
    lab.write('comply.yaml', RULES)
    const { out } = await lab.eosflow('comply -f intended -t leaf1')
    expect(out).toBe(`switch  section  state           missing  extra  ordered  excused
leaf1   time     compliant       0        0      0        2
leaf1   vlan     missing, extra  1        3      0        0

leaf1   1 of 29 sections differs from intended/leaf1.cfg
  vlan: missing, extra
      vlan 110
    -    name PROD-WEB
    +    name WEB
    - vlan 121
    -    name DEV-APP

! comply.yaml:6: the exception of dev (a test) has ended on 2026-01-04, and means 2 lines that differ
! comply.yaml:7: the exception of dev (a trial) means nothing that differs

Comply: 1 switch, 1 compared: 1 differs, 0 compliant, 2 lines excused
Next: plan a workflow with \`change: { mode: replace, file: 'intended/{{ device.name }}.cfg' }\` for leaf1
`)
    const { out: day } = await lab.eosflow('comply -f intended -t leaf1 --json')
    expect(JSON.parse(day).exceptions).toEqual([
      { owner: 'dev', until: '2026-01-04', because: 'a test', at: 'comply.yaml:6', idle: 'expired', lines: 2 },
      { owner: 'dev', until: '2026-12-31', because: 'a trial', at: 'comply.yaml:7', idle: 'unused', lines: 0 },
    ])
    await lab.clock.advance(24 * 3_600_000)
    await prints(
      0,
      lab.eosflow('comply -f intended -t leaf1'),
      'leaf1   time     missing, extra  1        1      0        0\n',
      '(the old server goes) has ended on 2026-01-05, and means 2 lines that differ\n',
    )
  })

  test('are a table, XML for a CI system, Markdown and JSON of one version', { tags: ['long', 'turn'] }, async () => {
    const lab = intendedLab(otherwise)
    lab.write('comply.yaml', RULES)
    lab.fault({ device: 'leaf2', kind: 'unreachable' })
    const files = ['--csv', 'found.csv', '--junit', 'found.xml']
    const asked = ['comply', '-f', 'intended', '-t', 'leaf1,leaf2,leaf3']
    await lab.exits(10, ...asked, ...files)
    const [csv = '', junit = ''] = ['found.csv', 'found.xml'].map((file) => fileText(lab.dir, file))
    const rows = csv.split('\r\n').filter((line) => !line.includes('"compliant"'))
    expect(rows.map((row) => row.replace(/"leaf2","","not compared",".*?"/, '"leaf2","","not compared",""'))).toEqual([
      '"Switch","Section","State","Line","Computed by","Excused by","Until","Because"',
      `"leaf1","time","extra, excused","'- ntp server vrf MGMT 198.51.100.11 prefer","switch","netops","2026-01-05","the old server goes"`,
      `"leaf1","time","missing, excused","'+ ntp server vrf MGMT 198.51.100.99 prefer","switch","netops","2026-01-05","the old server goes"`,
      `"leaf1","vlan","extra","'- vlan 110 > name PROD-WEB","switch","","",""`,
      `"leaf1","vlan","missing","'+ vlan 110 > name WEB","switch","","",""`,
      `"leaf1","vlan","extra","'- vlan 121","switch","","",""`,
      `"leaf1","vlan","extra","'- vlan 121 > name DEV-APP","switch","","",""`,
      '"leaf2","","not compared","","","","",""',
      '"leaf3","","nothing intended","","","","",""',
      '',
    ])
    expect(junit).toContain('<testsuites tests="31" failures="1" errors="2" skipped="1" name="eosflow comply">')
    expect(junit).toContain(`    <testcase classname="leaf1" name="vlan">
      <failure message="missing, extra">  vlan 110
-    name PROD-WEB
+    name WEB
- vlan 121
-    name DEV-APP</failure>
    </testcase>`)
    expect(junit).toContain('<skipped message="excused by netops until 2026-01-05: the old server goes"/>')
    expect(junit).toContain('<testcase classname="leaf3" name="compared">')
    await prints(
      10,
      lab.eosflow(...asked, '--markdown'),
      `### eosflow comply: 3 switches

1 compared: 1 differs, 0 compliant, 2 lines excused; 1 with nothing intended, 1 not compared

| Switch | Section | State | Lines | Excused |
| --- | --- | --- | ---: | ---: |
| leaf1 | time | compliant | 0 | 2 |
| leaf1 | vlan | missing, extra | 4 | 0 |
`,
    )
    const { out: json } = await lab.eosflow(...asked, '--json')
    const document = complyResultSchema.parse(JSON.parse(json))
    expect(document.sum).toEqual({ compared: 1, compliant: 0, differs: 1, excused: 2, unknown: 1, unread: 1 })
    expect(document.switches.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'leaf1 differs',
      'leaf2 unread',
      'leaf3 unknown',
    ])
  })

  test('are not made from a file of exceptions that is wrong: exit 3, and nobody is asked', async () => {
    const lab = intendedLab()
    lab.write('comply.yaml', 'version: 1\nexceptions:\n  - { owner: dev, until: soon, because: x }\n')
    await warns(3, lab.eosflow('comply -f intended'), 'comply.yaml:3')
    expect(written(lab, 'leaf1')).toBe(0)
  })
})

describe('comply --offline', () => {
  test('compares a fabric, a snapshot and backups by the model, and says so; no switch is asked', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = intendedLab(otherwise)
    await lab.ok('snapshot take first -t leaf1,leaf2')
    await lab.ok('config backup redacted')
    await lab.ok('config backup whole --secrets keep')
    const asked = lab.requests()
    const expected = `switch  section  state           missing  extra  ordered  excused
leaf1   ntp      missing, extra  1        1      0        0
leaf1   vlan     missing, extra  1        3      0        0

leaf1   2 of 29 sections differ from intended/leaf1.cfg, by the model of eosflow
  ntp: missing, extra
    - ntp server vrf MGMT 198.51.100.11 prefer
    + ntp server vrf MGMT 198.51.100.99 prefer
  vlan: missing, extra
      vlan 110
    -    name PROD-WEB
    +    name WEB
    - vlan 121
    -    name DEV-APP

All differences are computed by the model of eosflow, not by a switch.

Comply: 2 switches, 2 compared: 1 differs, 1 compliant
Next: plan a workflow with \`change: { mode: replace, file: 'intended/{{ device.name }}.cfg' }\` for leaf1
`
    for (const source of [DC1, 'first', 'redacted', 'whole']) {
      const { code, out } = await lab.eosflow('comply -f intended -t leaf1,leaf2 --offline', source)
      expect([source, out, code]).toEqual([source, expected, 0])
    }
    expect(lab.requests()).toBe(asked)
  })

  test('sees in a backup without secrets that one is another, and shows neither', async () => {
    const lab = intendedLab((text) => text.replace(`community ${CANARY} ro`, 'community 0ther-C0mmunity ro'))
    await lab.ok('config backup backups')
    const { out } = await prints(
      0,
      lab.eosflow('comply -f intended -t leaf1 --offline backups'),
      /snmp: missing, extra\n {4}- snmp-server community <redacted:[0-9a-f]{8}> ro\n {4}\+ snmp-server community <redacted:[0-9a-f]{8}> ro\n/,
    )
    expect(out).not.toContain(CANARY)
  })

  test('says in one sentence that backups without secrets are not what is intended', async () => {
    const lab = intendedLab()
    await lab.ok('config backup backups -t leaf1,leaf2')
    await warns(
      3,
      lab.eosflow('comply -f backups -t leaf1,leaf2'),
      'these are backups without secrets',
      '1 problem: nothing was contacted.',
    )
  })

  test('names a switch of which nothing is known: exit 10', async () => {
    const lab = intendedLab()
    await lab.ok('snapshot take first -t leaf1')
    await prints(
      10,
      lab.eosflow('comply -f intended -t leaf1,leaf2 --offline first'),
      '? leaf2: nothing is known of it offline\n',
    )
    await lab.exits(3, 'comply -f intended --offline nowhere')
  })
})

describe('the session of comply', () => {
  test.each(
    everyNth(3, 'ends of a session of comply', [
      ['is refused a line', { kind: 'refuse-line', line: 5, message: '% Invalid input' }],
      ['loses the answer after it was carried out', { kind: 'lost-answer', command: 'configure session' }],
      [
        'loses the answer before anything arrives',
        { kind: 'lost-answer', command: 'configure session', applied: false },
      ],
    ] as const),
  )('that %s is aborted, and the others are compared: exit 10', async (_, fault) => {
    const lab = intendedLab()
    lab.fault({ device: 'leaf1', ...fault })
    const before = await typeOn(lab.device('leaf1'), 'show running-config')
    await prints(
      10,
      lab.eosflow('comply -f intended -t leaf1,leaf2'),
      /^\? leaf1: .*\n\nComply: 2 switches, 1 compared: 0 differ, 1 compliant; 1 not compared\n/,
    )
    expect(await openSessions(lab, 'leaf1')).toEqual([])
    expect(await typeOn(lab.device('leaf1'), 'show running-config')).toEqual(before)
  })

  test('reaches no switch that an execution is changing: exit 9', { tags: 'long' }, async () => {
    const lab = intendedLab()
    lab.fault({ device: 'leaf1', kind: 'unreachable', after: 5, for: 3_600 })
    let found = { code: 0, out: '' }
    const held = openLab({
      files: { 'intended/leaf1.cfg': configOf('leaf1'), 'intended/leaf2.cfg': configOf('leaf2') },
      before: async (self, device, commands) => {
        if (found.out !== '' || device !== 'leaf1' || !commands.some((cmd) => / commit timer /.test(cmd))) return
        found = { code: -1, out: 'asked' }
        found = await self.eosflow('comply -f intended -t leaf1,leaf2')
      },
    })
    await exits(0, held.change())
    expect(found.out).toMatch(/^\? leaf1: execution \S+ changes leaf1 at this moment\n\nComply: 2 switches, 1 compared/)
    expect(found.code).toBe(9)
  })

  test('is the only one on its switch: what another process compares is left alone, exit 9', async () => {
    const lab = intendedLab()
    const claim = await fileClaims(join(lab.dir, '.eosflow')).claim('comply-leaf1')
    const { code, out } = await lab.eosflow('comply -f intended -t leaf1,leaf2')
    expect(out).toMatch(/^\? .*leaf1 is compared by another process\n/)
    expect([code, written(lab, 'leaf1'), written(lab, 'leaf2')]).toEqual([9, 0, 1])
    await claim.release()
    await lab.ok('comply -f intended -t leaf1')
  })

  test('[G121] holds no line that acts at once: a file with one is refused, and nobody is asked', async () => {
    const lab = intendedLab((text) => text.replace(/^end$/m, 'reload now\nend'))
    await warns(3, lab.eosflow('comply -f intended -t leaf1'), 'reload')
    expect(written(lab, 'leaf1')).toBe(0)
  })

  test('holds no other line of the boot: the model compares it', { tags: ['long', 'turn'] }, async () => {
    const lab = intendedLab((text) => text.replace(/^hostname /m, 'boot system flash:/OTHER.swi\nhostname '))
    await prints(
      0,
      lab.eosflow('comply -f intended -t leaf1,leaf2'),
      'The differences of leaf1 are computed by the model of eosflow, not by a switch.\n',
    )
    expect([written(lab, 'leaf1'), written(lab, 'leaf2')]).toEqual([0, 1])
  })
})

describe('an exception for what is not there', () => {
  const rows = (on: string) =>
    `version: 1\nexceptions:\n  - { on: ${on}, section: ntp, owner: me, until: 2027-01-01, because: x }\n`

  test.each([
    ['leaf9', 'leaf9'],
    ['nosuch', 'nosuch'],
    ['mlag:nowhere', 'mlag:nowhere'],
  ])('%s is a problem at its place, in comply and in validate', async (on) => {
    const lab = intendedLab()
    lab.write('comply.yaml', rows(on))
    for (const argv of [['comply', '-f', 'intended', '-t', 'leaf1'], ['validate']]) {
      await warns(3, lab.eosflow(...argv), new RegExp(`^✖ comply\\.yaml:3:11: .*${on}`))
    }
  })

  test('one for a switch that is there is none', async () => {
    const lab = intendedLab()
    lab.write('comply.yaml', rows('leaf1'))
    await lab.ok('comply -f intended -t leaf1')
  })
})
