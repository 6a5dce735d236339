import { existsSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { CANARIES, leafLab } from '../../e2e/two-leaves.ts'
import { everyNth } from '../../extent.ts'
import { DC1, exits, fileText, json, type Lab, openLab, prints, typeOn, WORKFLOW, warns } from '../../lab/lab.ts'
import { gitIn } from './git-tree.ts'

async function changed(lab: Lab) {
  const { code, out } = await lab.change()
  if (code !== 0) throw new Error(out)
  return /Execution (\S+):/.exec(out)?.[1] ?? ''
}

const writes = (lab: Lab) =>
  lab.fabric.devices.flatMap((device) => device.requests()).filter(({ kind }) => kind === 'write').length

describe('drift', () => {
  test('names what differs from the target of the last execution, and what was never confirmed', {
    tags: 'long',
  }, async () => {
    const lab = openLab()
    const id = await changed(lab)
    await lab.byHand('leaf1', 'vlan 998', 'name THEIRS', 'exit', 'vlan 997')
    const sent = writes(lab)

    const drift = await lab.ok('drift -t', 'leaf1 or leaf2')

    expect(drift.out).toBe(
      `leaf1   +2 -1 lines since execution ${id} (2026-01-05 08:00)
  + vlan 997
    vlan 998
  -    name TESTED
  +    name THEIRS
? leaf2: never confirmed by this store

Drift: 2 switches, 1 compared: 1 differs; 1 never confirmed
Next: eosflow show ${id}
`,
    )
    expect(writes(lab)).toBe(sent)
    await lab.exits(2, 'drift -t leaf1 --detailed-exitcode')
  })

  test('finds none where a switch is as it was confirmed: exit 0 all the same', async () => {
    const lab = openLab()
    await changed(lab)
    const { out } = await lab.ok('drift -t leaf1 --detailed-exitcode')
    expect(out).toBe('Drift: 1 switch, 1 compared: 0 differ, 1 as confirmed\nNext: eosflow executions\n')
  })

  test('compares with the newest change that the switch kept: one that was put back counts for nothing', {
    tags: 'long',
  }, async () => {
    const lab = openLab()
    const id = await changed(lab)
    lab.fault({ device: 'leaf1', kind: 'hand-edit', on: 'commit', lines: ['no vlan 996'] })
    lab.write('workflow.yaml', WORKFLOW_996)
    await exits(6, lab.change())
    lab.clearFaults()
    expect(await json(lab.eosflow('drift -t leaf1 --json'))).toMatchObject({
      version: 1,
      kind: 'drift',
      devices: [{ name: 'leaf1', state: 'same', source: { kind: 'execution', id }, config: [], unsaved: false }],
    })
  })

  test('compares with the change that was confirmed last, not with the one that was begun last', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab({ workflow: unapproved(WORKFLOW) })
    lab.fault({ device: 'leaf1', kind: 'unreachable', for: 60 })
    await exits(10, lab.change())
    // Nothing was sent: it is listed with the plans.
    const { executions } = await json(lab.eosflow('plans --json'))
    const id = String(executions[0]?.id)
    await lab.clock.advance(60_000)
    lab.write('workflow.yaml', unapproved(WORKFLOW_996))
    await changed(lab)
    lab.write('workflow.yaml', unapproved(WORKFLOW))
    await lab.ok(`redrive ${id}`)
    expect(await json(lab.eosflow('drift -t leaf1 --json'))).toMatchObject({
      devices: [{ state: 'same', source: { kind: 'execution', id }, config: [] }],
    })
  })

  test('compares with a snapshot where no execution has changed the switch', async () => {
    const lab = openLab()
    await lab.ok('snapshot take first -t leaf1')
    await lab.byHand('leaf1', 'vlan 997')
    await prints(
      0,
      lab.eosflow('drift -t leaf1'),
      'leaf1   +1 -0 lines since snapshot first (2026-01-05 08:00)\n  + vlan 997\n',
      '\nNext: eosflow executions\n',
    )
  })

  test('shows no secret, and that one has changed', async () => {
    const bench = leafLab(1)
    await exits(0, bench.agreed('run workflows/add-vlan.yaml -p vlan=120'))
    const device = bench.device('leaf1')
    await bench.fault({
      device: 'leaf1',
      kind: 'hand-edit',
      after: 0,
      lines: ['snmp-server community An0therC0mmunity ro', `no snmp-server community ${CANARIES.snmp}`],
    })
    const { out } = await prints(
      0,
      bench.eosflow('drift'),
      /- snmp-server community <redacted:[0-9a-f]{8}> ro\n/,
      /\+ snmp-server community <redacted:[0-9a-f]{8}> ro\n/,
      'running-config is not saved: a reboot would change it',
    )
    expect(out).not.toContain('An0therC0mmunity')
    expect(out).not.toContain(CANARIES.snmp)
    device.switch.settle()
  })

  test('of a switch that does not answer exits 10, and the others are compared', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    await changed(lab)
    await lab.ok('snapshot take -t leaf2')
    lab.fault({ device: 'leaf2', kind: 'unreachable' })
    await prints(
      10,
      lab.eosflow('drift -t', 'leaf1 or leaf2', '--detailed-exitcode'),
      /^\? leaf2: .*\n\nDrift: 2 switches, 1 compared: 0 differ, 1 as confirmed; 1 not read\nNext: eosflow drift -t leaf2 --detailed-exitcode\n$/,
    )
  })

  test('of another switch behind the address: exit 10, and its configuration is not read', {
    tags: ['long', 'turn'],
  }, async () => {
    let impostor = false
    const lab = openLab({ answers: (_lab, device) => (impostor && device === 'leaf1' ? 'leaf2' : device) })
    await changed(lab)
    impostor = true
    await prints(
      10,
      lab.eosflow('drift -t leaf1'),
      /^\? leaf1: another switch answers: serial \S+, MAC \S+; confirmed was serial/,
    )
    const asked = lab.fabric
      .device('leaf2')
      .requests()
      .flatMap(({ commands }) => commands)
    expect(asked).not.toContain('show running-config')
  })

  test('says that a commit timer runs: what is there may go by itself', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    await changed(lab)
    const { device } = lab.fabric
    await typeOn(device('leaf1'), 'configure session theirs', 'vlan 997', 'commit timer 00:04:00')
    await prints(0, lab.eosflow('drift -t leaf1'), 'session theirs is under a commit timer, 4m left')
    await typeOn(device('leaf1'), 'configure session theirs abort', 'copy running-config startup-config')
  })
})

const WORKFLOW_996 = `name: another
targets: leaf1
change: { mode: merge, lines: ['vlan 996'] }
steps:
  - snapshot
  - plan
  - approve
  - push
  - verify: { within: 20s, stableFor: 0s, every: 2s, checks: [{ vlans-present: { vlans: [996] } }] }
  - confirm
`

/** A workflow that asks nobody. */
const unapproved = (workflow: string) => workflow.replace('  - approve\n', '')

const configOf = (name: string) => fileText(DC1, name, 'running-config')
const otherwise = (text: string) => text.replace('name PROD-WEB', 'name WEB')

/** A secret of the configurations of the fabric. */
const CANARY = 'd1-Tr4ce-7Ke'

function lab() {
  const made = openLab()
  made.write('intended/leaf1.cfg', otherwise(configOf('leaf1')))
  made.write('intended/leaf2.cfg', configOf('leaf2'))
  return made
}

const open = (on: Lab) => on.commits('leaf1').timed

describe('drift --against', () => {
  test.each(
    everyNth(3, 'folders that drift compares with', [
      'intended',
      'intended/{{ device.name }}.cfg',
      'intended/{{device.name}}.cfg',
    ]),
  )('%s: each switch computes the difference, nothing is committed, and no store is made', async (word) => {
    const on = lab()
    const aside = readdirSync(tmpdir()).filter((name) => name.startsWith('eosflow-aside-'))
    const { out } = await prints(
      2,
      on.eosflow('drift --against', word, '-t', 'leaf1,leaf2', '--detailed-exitcode'),
      'leaf1   1 of 29 sections differs from intended/leaf1.cfg\n',
      '    -    name PROD-WEB\n    +    name WEB\n',
    )
    expect(out).not.toContain(CANARY)
    expect([open(on), existsSync(join(on.dir, '.eosflow/store.db'))]).toEqual([0, false])
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('eosflow-aside-'))).toEqual(aside)
  })

  test('no difference is exit 0, and a switch without a file is named', async () => {
    const on = lab()
    on.write('intended/leaf1.cfg', configOf('leaf1'))
    await prints(0, on.eosflow('drift --against intended -t leaf1,leaf3 --detailed-exitcode'), 'leaf3')
  })

  test('a switch that does not answer keeps no other from it: exit 10, and the line that repeats it', async () => {
    const on = lab()
    on.fault({ device: 'leaf2', kind: 'unreachable' })
    await prints(
      10,
      on.eosflow('drift --against intended -t leaf1,leaf2'),
      'leaf1   1 of 29 sections differs',
      'Next: eosflow drift -t leaf2 --against intended',
    )
  })

  test('as JSON, JUnit and Markdown', async () => {
    const on = lab()
    const argv = ['drift', '--against', 'intended', '-t', 'leaf1'] as const
    const json = await on.eosflow(...argv, '--json', '--junit', 'drift.xml')
    expect(JSON.parse(json.out).switches[0]).toMatchObject({ name: 'leaf1', state: 'differs', by: 'switch' })
    expect(fileText(on.dir, 'drift.xml')).toContain('<testsuite')
    const markdown = await prints(0, on.eosflow(...argv, '--markdown'), 'leaf1')
    expect(json.out + markdown.out).not.toContain(CANARY)
  })

  test('a branch of Git, also where the project is a folder of its repository', {
    tags: ['long', 'turn'],
  }, async () => {
    const on = lab()
    const git = (...args: readonly string[]) => gitIn(on.dir, ...args)
    git('init', '--quiet', '--initial-branch=backups')
    on.write('leaf1.cfg', otherwise(configOf('leaf1')))
    on.write('site/leaf2.cfg', otherwise(configOf('leaf2')))
    git('add', 'leaf1.cfg', 'site/leaf2.cfg')
    git('commit', '--quiet', '-m', 'backups')
    git('checkout', '--quiet', '--orphan', 'main')
    git('rm', '--quiet', '-r', '-f', '.')
    await prints(
      2,
      on.eosflow('drift --against git:backups -t leaf1 --detailed-exitcode'),
      'leaf1   1 of 29 sections differs from leaf1.cfg\n',
    )
    await prints(
      0,
      on.eosflow('drift --against', 'git:backups:site/{{ device.name }}.cfg', '-t', 'leaf2'),
      'leaf2   1 of 29 sections differs from site/leaf2.cfg\n',
    )
    for (const [word, says] of [
      ['git:nowhere', 'there is no commit `nowhere` here'],
      ['git:--upload-pack=x', 'names no commit'],
      ['git:', 'names no commit'],
      ['git:backups:../{{ device.name }}.cfg', 'leads out of the project'],
      ['git:backups:other/{{ device.name }}.cfg', 'there is no file of any of the switches in it'],
    ] as const) {
      const { err } = await on.exits(3, 'drift --against', word, '-t', 'leaf1')
      expect(err.includes(says)).toBe(true)
    }
  })

  test('a backup without secrets is refused by name', async () => {
    const on = lab()
    on.write('intended/leaf1.cfg', configOf('leaf1').replace(/(username \S+ .*secret) .*/, '$1 <redacted:0123abcd>'))
    expect(fileText(on.dir, 'intended/leaf1.cfg')).toContain('<redacted:0123abcd>')
    await warns(
      3,
      on.eosflow('drift --against intended -t leaf1'),
      'intended/leaf1.cfg:1:1: these are backups without secrets',
    )
  })

  test.each([
    [['--against', 'intended/{{ device.site }}.cfg'], 'names no file of a switch'],
    [['--against', 'intended/{{ device.name }}/{{ x }}.cfg'], 'names no file of a switch'],
    [['--against', '../{{ device.name }}.cfg'], 'leads out of the project'],
    [['--against', '/etc/{{ device.name }}.cfg'], 'leads out of the project'],
    [['--against', 'nowhere'], 'there is no file of any of the switches in it'],
    [['--junit', 'x.xml'], '--junit is of a comparison with files'],
    [['--markdown'], '--markdown is of a comparison with files'],
  ])('%j is refused, and no switch is asked', async (flags, says) => {
    const on = lab()
    const { err } = await on.exits(3, 'drift -t leaf1', ...flags)
    expect(err.includes(says)).toBe(true)
    expect(on.device('leaf1').counters().requests).toBe(0)
  })
})
