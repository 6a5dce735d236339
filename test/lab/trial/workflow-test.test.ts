import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { execFailures } from '../../../src/lab/workflow-test/judge.ts'
import { everyNthOfLong } from '../../extent.ts'
import { exits, inProcess, temporaryFolder } from '../lab.ts'
import { casesIn, HEAD, testProject } from './test-project.ts'

const FILE = 'tests/vlan.test.yaml'

/** A file with one case whose `expect` holds one line, the ninth. */
const expecting = (line: string) => `${HEAD}  - name: it works\n    expect:\n      ${line}\n`

describe('a case that ends as it expects', () => {
  test('passes, whatever it expects', { tags: ['long', 'turn'] }, async () => {
    const project = testProject()
    project.write(
      FILE,
      `${HEAD}  - name: both switches get the VLAN
    expect:
      outcome: succeeded
      exit: 0
      devices: { sw*: changed }
      running: { sw*: { contains: ["vlan 20\\n  name LAB"], lacks: [vlan 21] } }
      state: { sw1: { vlan: { '20': { name: LAB, status: active }, '21': null }, bgp: { default: { 10.0.0.1: { state: Established } } } } }
      checks: { sw2: { vlans-present: pass } }
      states: [Snapshot, Plan, Approve, CheckBase, RollOutWaves, RollOutWave, Push, Verify, CheckReady, ConfirmAll, Confirm, SaveAll, Save, Done]
      requests: { sw1 or sw2: '<= 20' }
      everythingElse: unchanged
  - name: what was there before is there again
    faults: [{ when: Push, device: sw2, kind: bgp-peer-down, peer: 10.0.0.0 }]
    expect:
      outcome: rolled-back
      exit: 6
      error: [not good within 30 s, 10.0.0.1]
      running: { sw*: { equals: before } }
  - name: somebody interrupts it
    interrupt: Verify
    expect: { outcome: cancelled, exit: 11, everythingElse: unchanged }
  - name: nobody is asked
    approvals: []
    expect: { outcome: waiting, exit: 12 }
  - name: a person thinks for five hours
    approvals: [{ by: ann, after: 5h }]
    expect: { outcome: succeeded }
  - name: the switch is changed already
    setup: { sw1: "vlan 20\\n   name LAB", sw2: "vlan 20\\n   name LAB" }
    expect: { outcome: nothing-to-do, exit: 0 }
  - name: a switch of the inventory that the fabric does not have
    workflow: workflows/sw3.yaml
    expect: { outcome: refused, exit: 10, error: the fabric lab has no switch sw3 }
`.replaceAll('sw*', 'sw1 or sw2'),
    )
    project.write('workflows/sw3.yaml', project.read('workflows/vlan.yaml').replace('sw1 or sw2', 'sw3'))
    const { code, stdout, stderr } = await project.test('--json')
    expect(stderr).toBe('')
    expect(casesIn(stdout).map(({ name, failures }) => [name, failures])).toEqual([
      ['both switches get the VLAN', []],
      ['what was there before is there again', []],
      ['somebody interrupts it', []],
      ['nobody is asked', []],
      ['a person thinks for five hours', []],
      ['the switch is changed already', []],
      ['a switch of the inventory that the fabric does not have', []],
    ])
    expect(code).toBe(0)
  })

  test('its switches take the forms that the project vouches for', { tags: ['long', 'turn'] }, async () => {
    const project = testProject()
    project.write('workflows/vlan.yaml', project.read('workflows/vlan.yaml').replace('   name LAB', '   naem LAB'))
    const ends = (outcome: string) => `${HEAD}  - name: the form is new\n    expect: { outcome: ${outcome} }\n`
    project.write(FILE, ends('refused'))
    await exits(0, project.test())
    project.write('syntax/known.txt', 'vlan <int>\n   naem <word>\n')
    project.write(FILE, ends('succeeded'))
    const { code, stdout } = await project.test()
    expect([code, stdout]).toEqual([0, expect.not.stringContaining('✖')])
  })

  test('a cable that is plugged in for it carries something', { tags: ['long', 'turn'] }, async () => {
    const project = testProject()
    const state = (link: string) => `expect: { state: { sw1: { interfaces: { Ethernet2: { link: ${link} } } } } }`
    project.write(
      FILE,
      `${HEAD}  - name: with it\n    approvals: []\n    cabling: ['sw1:Ethernet2 - host:eth0']\n    ${state('connected')}
  - name: without it\n    approvals: []\n    ${state('notconnect')}\n`,
    )
    await exits(0, project.test())
  })
})

test('an exec command that ran in a config session fails a case, whatever it expects', () => {
  const at = { file: FILE, line: 3, column: 1 }
  const seen = (execInConfig: readonly string[]) => ({
    before: '',
    after: '',
    requests: 0,
    leftovers: [],
    execInConfig,
  })
  expect(execFailures({ at }, { switches: { sw1: seen([]), sw2: seen(['do write', 'reload now']) } })).toEqual([
    { at, what: 'exec commands in the configuration of sw2', expected: 'none', actual: 'do write, reload now' },
  ])
})

const WRONG: readonly (readonly [line: string, column: number, what: string, expected: string, actual: string])[] = [
  ['outcome: rolled-back', 7, 'outcome', 'rolled-back', 'succeeded'],
  ['exit: 6', 7, 'exit', '6', '0'],
  ['error: boom', 7, 'error', '… boom …', 'none'],
  ['devices: { sw2: reverted }', 18, 'devices of sw2', 'reverted', 'changed'],
  ['running: { sw1: { contains: [vlan 21] } }', 36, 'running of sw1', 'vlan 21', 'no line `vlan 21`'],
  [
    'running: { sw1: { contains: ["vlan 20\\n  name OTHER"] } }',
    36,
    'running of sw1',
    'vlan 20\n  name OTHER',
    'vlan 20\n   name LAB',
  ],
  ['running: { sw1: { lacks: [name LAB] } }', 33, 'running of sw1', 'not there: name LAB', 'vlan 20 / name LAB'],
  ['running: { sw2: { equals: before } }', 25, 'running of sw2', 'as before', '2 lines differ'],
  ["state: { sw1: { vlan: { '20': { name: OTHER } } } }", 23, 'vlan.20.name of sw1', 'OTHER', 'LAB'],
  [
    "state: { sw2: { bgp: { default: { 10.0.0.0: { asn: '1' } } } } }",
    23,
    'bgp.default.10.0.0.0.asn of sw2',
    '1',
    '65001',
  ],
  ['state: { sw1: { lldp: { Ethernet9: [] } } }', 23, 'lldp.Ethernet9 of sw1', '[]', 'not there'],
  ['checks: { sw1: { bgp-established: fail } }', 24, 'bgp-established on sw1', 'fail', 'pass'],
  ['requests: { sw2: 0 }', 19, 'requests of sw2', '0', expect.stringMatching(/^[1-9]\d?$/) as unknown as string],
  ['leaves: { sw1: [timer] }', 17, 'left on sw1', 'a running commit timer', 'nothing of it'],
  ['plan: golden.txt', 7, 'plan', 'golden.txt', 'there is no such file; `eosflow test --update` writes it'],
]

describe('a case that does not', () => {
  test.each(everyNthOfLong(6, 'expectations that are wrong', WRONG))(
    '%s fails with its line',
    { tags: ['long', 'turn'] },
    async (line, column, what, expected, actual) => {
      const project = testProject()
      project.write(FILE, expecting(line))
      const { stdout } = await exits(6, project.test('--json'))
      const [found] = casesIn(stdout)
      expect(found).toMatchObject({ name: 'it works', status: 'failed' })
      expect(found?.failures).toMatchObject([{ at: { file: FILE, line: 9, column }, what, expected, actual }])
    },
  )

  test('shows expected against actual, and what comes next', async () => {
    const project = testProject()
    project.write(FILE, expecting('running: { sw2: { equals: before } }'))
    const { stdout } = await exits(6, project.test())
    const lines = stdout.split('\n')
    expect(lines[0]).toMatch(/^✖ tests\/vlan\.test\.yaml › it works {2}\d+ ms$/)
    expect(lines.slice(1, 6)).toEqual([
      '    tests/vlan.test.yaml:9:25: running of sw2',
      '      expected  as before',
      '      actual    2 lines differ',
      '        +vlan 20',
      '        +   name LAB',
    ])
    expect(lines[6]).toMatch(/^Tests: 0 passed, 1 failed · 1 file · \d+\.\d s$/)
    expect(lines[7]).toBe("Next: eosflow test tests/vlan.test.yaml --filter 'it works'")
  })

  test('a line of another switch that the plan does not name, and what is left there', {
    tags: ['long', 'turn'],
  }, async () => {
    const project = testProject()
    const fault = '{ when: Approve, device: sw2, kind: hand-edit, lines: [interface Ethernet2, shutdown] }'
    project.write(
      FILE,
      `${HEAD}  - name: it works\n    target: sw1\n    faults: [${fault}]\n    expect:\n      everythingElse: unchanged\n`,
    )
    const [found] = casesIn((await project.test('--json')).stdout)
    expect(found?.failures).toEqual([
      {
        at: { file: FILE, line: 7, column: 5 },
        what: 'left on sw2',
        expected: 'nothing',
        actual: 'a startup-config that differs from running-config',
      },
      {
        at: { file: FILE, line: 11, column: 7 },
        what: 'everythingElse on sw2',
        expected: 'no line changes',
        actual: 'other lines do',
        diff: ['+ interface Ethernet2', '++   shutdown'],
      },
    ])
  })

  test('a network that does not come back is expected by its word, and found out by another', {
    tags: ['long', 'turn'],
  }, async () => {
    const project = testProject()
    const fault = '{ when: Push, device: sw1, kind: bgp-peer-down, peer: 10.0.0.1 }'
    const expecting = (sw1: string) =>
      `${HEAD}  - name: the peer stays down\n    faults: [${fault}]\n    expect:\n      devices: { sw1: reverted }\n      network: { sw1: ${sw1} }\n`
    project.write(FILE, expecting('differs'))
    await exits(0, project.test())
    project.write(FILE, expecting('same'))
    const { stdout } = await exits(6, project.test())
    expect(stdout).toContain(`    ${FILE}:11:18: network of sw1\n      expected  same\n      actual    differs\n`)
    expect(stdout).toContain('BGP 10.0.0.1 in default: Established -> ')
  })

  test('a workflow that lost its check is found out', async () => {
    const project = testProject()
    const fault = '{ when: Push, device: sw1, kind: bgp-peer-down, peer: 10.0.0.1 }'
    const text = `${HEAD}  - name: BGP goes down\n    faults: [${fault}]\n    expect:\n      outcome: rolled-back\n`
    project.write(FILE, text)
    await exits(0, project.test())
    project.write('workflows/vlan.yaml', project.read('workflows/vlan.yaml').replace('bgp-established, ', ''))
    const { stdout } = await exits(6, project.test())
    expect(stdout).toContain(`    ${FILE}:10:7: outcome\n      expected  rolled-back\n      actual    succeeded\n`)
  })

  test('parameters that the workflow does not take are named with their place', async () => {
    const project = testProject()
    project.write(FILE, `${HEAD}  - name: it works\n    params: { vlan: 5000 }\n    expect: { outcome: succeeded }\n`)
    const { stdout } = await exits(6, project.test())
    expect(stdout).toContain(`actual    not-started\n                ${FILE}:8:21: the parameter \`vlan\``)
  })
})

const MALFORMED: readonly (readonly [what: string, text: string, problem: string])[] = [
  ['no cases', 'version: 1\n', `${FILE}:1:1: the key \`cases\` is missing`],
  [
    'another version',
    expecting('exit: 0').replace('version: 1', 'version: 2'),
    `${FILE}:1:10: \`version\` must be \`1\``,
  ],
  ['no YAML', `${HEAD}  - name: [\n`, `${FILE}:8:1: `],
  ['a slip', expecting('outcom: succeeded'), `${FILE}:9:7: the key \`outcom\` is not known`],
  [
    'nothing expected',
    `${HEAD}  - name: x\n    expect: {}\n`,
    `${FILE}:8:13: a test that expects nothing proves nothing`,
  ],
  [
    'no workflow',
    expecting('exit: 0').replace('vlan.yaml', 'none.yaml'),
    `${FILE}:2:11: the workflow \`workflows/none.yaml\` is not there`,
  ],
  [
    'no fabric',
    expecting('exit: 0').replace('fabrics/lab', 'fabrics/none'),
    `${FILE}:3:9: the fabric \`fabrics/none\` is not there`,
  ],
  [
    'no fabric at all',
    expecting('exit: 0').replace('fabric: fabrics/lab\n', ''),
    `${FILE}:6:5: this case names no fabric`,
  ],
  [
    'an unknown switch',
    expecting('devices: { sw9: changed }'),
    `${FILE}:9:18: there is no switch \`sw9\` in inventory.yaml`,
  ],
  [
    'a switch beyond the fabric',
    expecting('devices: { sw3: changed }'),
    `${FILE}:9:18: \`sw3\` is no switch of the fabric lab`,
  ],
  [
    'an unknown state',
    expecting('states: [Snapshot, Plann]'),
    `${FILE}:9:26: the workflow vlan has no state \`Plann\``,
  ],
  [
    'an unknown check',
    expecting('checks: { sw1: { bgp: pass } }'),
    `${FILE}:9:24: the workflow vlan has no check \`bgp\``,
  ],
  ['a file outside', expecting('plan: ../../golden.txt'), `${FILE}:9:7: ../../golden.txt lies outside the project`],
  [
    'an unknown fault',
    `${HEAD}  - name: x\n    faults: [{ device: sw1, kind: fire }]\n    expect: { exit: 0 }\n`,
    `${FILE}:8:35: \`cases[0].faults[0].kind\` must be one of`,
  ],
  [
    'a fault elsewhere',
    `${HEAD}  - name: x\n    faults: [{ device: sw7, kind: reboot }]\n    expect: { exit: 0 }\n`,
    `${FILE}:8:16: \`sw7\` is no switch of the fabric lab`,
  ],
  [
    'a fault at no state',
    `${HEAD}  - name: x\n    faults: [{ device: sw1, kind: reboot, when: Pusch }]\n    expect: { exit: 0 }\n`,
    'did you mean `Push`?',
  ],
  [
    'a name twice',
    `${expecting('exit: 0')}  - name: it works\n    expect: { exit: 0 }\n`,
    `${FILE}:10:11: another case is named \`it works\``,
  ],
  [
    'no cable',
    `${HEAD}  - name: x\n    cabling: [sw1]\n    expect: { exit: 0 }\n`,
    `${FILE}:8:15: \`sw1\` is no cable`,
  ],
  [
    'lines for nobody',
    `${HEAD}  - name: x\n    setup: { sw8: vlan 5 }\n    expect: { exit: 0 }\n`,
    `${FILE}:8:14: \`sw8\` is no switch of the fabric`,
  ],
]

describe('a file that is none', () => {
  test.each(MALFORMED)('%s exits 3 with its place', async (_, text, problem) => {
    const project = testProject()
    project.write(FILE, text)
    const { code, stdout, stderr } = await project.test()
    expect(stderr).toContain(problem)
    expect(stdout).toBe('')
    expect(code).toBe(3)
  })

  test('a workflow with a mistake is named in its own file', async () => {
    const project = testProject()
    project.write(FILE, expecting('exit: 0'))
    project.write('workflows/vlan.yaml', project.read('workflows/vlan.yaml').replace('- confirm', '- confrim'))
    const { stderr } = await exits(3, project.test())
    expect(stderr).toContain('workflows/vlan.yaml:15:5: there is no step `confrim`')
  })

  test('a project without tests, a file that is not there, a filter that finds nothing', {
    tags: ['long', 'turn'],
  }, async () => {
    const project = testProject()
    expect(await project.test()).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('there is no `*.test.yaml`'),
    })
    await exits(3, project.test('tests/none.test.yaml'))
    project.write(FILE, expecting('exit: 0'))
    // The people of a test are invented, so that the policy of the real ones does not stand in their way.
    project.write('policy.yaml', 'version: 1\nrules: []\n')
    await exits(0, project.test())
    project.remove('policy.yaml')
    const { stderr } = await exits(3, project.test('--filter', 'elsewhere'))
    expect(stderr).toContain('--filter: no case matches `elsewhere`')
  })
})

describe('the flags', () => {
  const TWO = `${HEAD}  - name: Waits <long> & "quiet"\n    approvals: []\n    expect: { outcome: succeeded }
  - name: is refused\n    faults: [{ device: sw1, kind: unreachable }]\n    expect: { exit: 10 }\n`

  test('--filter takes what is in the name or the file, large and small letters alike', {
    tags: ['long', 'turn'],
  }, async () => {
    const project = testProject()
    project.write(FILE, TWO)
    project.write('workflows/tests/other.test.yaml', expecting('exit: 0').replace('it works', 'elsewhere'))
    const names = async (...argv: string[]) =>
      casesIn((await project.test('--json', ...argv)).stdout).map(({ name }) => name)
    expect(await names()).toEqual(['Waits <long> & "quiet"', 'is refused', 'elsewhere'])
    expect(await names('--filter', 'REFUSED')).toEqual(['is refused'])
    expect(await names('--filter', 'other.test')).toEqual(['elsewhere'])
    expect(await names('workflows/tests/other.test.yaml')).toEqual(['elsewhere'])
  })

  test('--junit writes what CI systems read', async () => {
    const project = testProject()
    project.write(FILE, TWO)
    await exits(6, project.test('--junit', 'results.xml'))
    const xml = project.read('results.xml').replaceAll(/time="[\d.]+"/g, 'time="0"')
    expect(xml).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1" errors="0" time="0" name="eosflow test">
  <testsuite tests="2" failures="1" errors="0" time="0" name="tests/vlan.test.yaml">
    <testcase classname="tests/vlan.test.yaml" name="Waits &lt;long&gt; &amp; &quot;quiet&quot;" file="tests/vlan.test.yaml" line="7" time="0">
      <failure message="outcome: expected succeeded, actual waiting">    tests/vlan.test.yaml:9:15: outcome
      expected  succeeded
      actual    waiting</failure>
    </testcase>
    <testcase classname="tests/vlan.test.yaml" name="is refused" file="tests/vlan.test.yaml" line="10" time="0"/>
  </testsuite>
</testsuites>
`)
    await exits(3, project.test('--junit', 'no/such/folder.xml'))
  })

  test('--update writes the golden plan, and the next run must match it', { tags: ['long', 'turn'] }, async () => {
    const project = testProject()
    project.write(FILE, `${HEAD}  - name: x\n    approvals: []\n    expect:\n      plan: golden/vlan.txt\n`)
    await exits(6, project.test())
    const updated = await project.test('--update')
    expect(updated).toMatchObject({ code: 0, stdout: expect.stringContaining('    wrote tests/golden/vlan.txt\n') })
    const again = { code: 0, stdout: expect.not.stringContaining('wrote') }
    expect(await project.test('--update')).toMatchObject(again)
    const golden = `vlan (merge)
  vlan: 20
waves: sw1 | sw2

sw1 sw2:
+ vlan 20
+    name LAB
`
    expect(project.read('tests/golden/vlan.txt')).toBe(golden)
    await exits(0, project.test())
    project.write('tests/golden/vlan.txt', golden.replace('name LAB', 'name OTHER'))
    const { stdout } = await exits(6, project.test('--json'))
    expect(casesIn(stdout)[0]?.failures).toEqual([
      {
        at: { file: FILE, line: 10, column: 7 },
        what: 'plan',
        expected: 'golden/vlan.txt',
        actual: 'another plan',
        diff: [' ', ' sw1 sw2:', ' + vlan 20', '-+    name OTHER', '++    name LAB'],
      },
    ])
  })
})

test('a new project passes its own test untouched', { tags: ['long', 'turn'] }, async () => {
  const dir = temporaryFolder()
  await exits(0, inProcess('init .', dir))
  const { code, stdout, stderr } = await inProcess('test', dir)
  expect(stdout + stderr).toMatch(/Tests: 4 passed, 0 failed · 1 file · \d+\.\d s\n$/)
  expect(code).toBe(0)
  expect(readFileSync(join(dir, '.github/workflows/network.yml'), 'utf8')).toContain(
    '      - run: eosflow validate\n      - run: eosflow test --junit test-results.xml\n',
  )
})
