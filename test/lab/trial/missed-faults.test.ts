import { describe, expect, test } from 'vitest'
import { everyNthOfLong, extentOfLong } from '../../extent.ts'
import { exits } from '../exits.ts'
import { casesIn, HEAD, testProject } from './test-project.ts'

const FILE = 'tests/vlan.test.yaml'

/** Faults that disturb nothing of a change of four lines, and what is said of each. */
const MISSED = [
  ['{ device: sw1, kind: lost-answer, command: comit timer }', 'nothing that happened was of its kind'],
  ['{ device: sw1, kind: refuse-line, line: 99, message: Invalid input }', 'nothing that happened was of its kind'],
  [
    '{ device: sw1, kind: line-warning, command: ^vlam 20$, message: Careful }',
    'nothing that happened was of its kind',
  ],
  ['{ device: sw1, kind: reboot, after: 86400 }', 'nothing that happened was of its kind'],
  ['{ device: sw1, kind: unreachable, after: 86400 }', 'nothing that happened was of its kind'],
  ['{ device: sw1, kind: tls-failure }', 'nothing that happened was of its kind'],
  ['{ device: sw1, kind: hand-edit, command: ^commt, lines: [vlan 99] }', 'nothing that happened was of its kind'],
  ['{ device: sw1, kind: bgp-peer-down, peer: 10.0.0.77 }', 'sw1 has no BGP neighbor 10.0.0.77'],
  ['{ device: sw1, kind: link-down, port: Ethernet2, after: 86400 }', 'the execution had ended before its time'],
  ['{ when: Rollback, device: sw1, kind: unreachable, for: 5 }', 'it was never set: Rollback did not begin'],
] as const

describe('[U12] a fault that disturbs nothing', () => {
  test('[G139] fails its case, and with `mayMiss: true` does not', { tags: 'long' }, async () => {
    const project = testProject()
    const rows = everyNthOfLong(3, 'faults that disturb nothing', MISSED)
    const cases = rows.flatMap(([fault], index) => [
      `  - name: missed ${index}\n    faults: [${fault}]\n    expect: { outcome: succeeded }\n`,
      `  - name: may miss ${index}\n    faults: [${fault.replace(' }', ', mayMiss: true }')}]\n    expect: { outcome: succeeded }\n`,
    ])
    project.write(FILE, `${HEAD}${cases.join('')}`)
    const { code, stdout } = await project.test('--json')
    const told = casesIn(stdout).map(({ failures }) => failures.map(({ actual }) => actual))
    expect(told).toEqual(rows.flatMap(([, why]) => [[why], []]))
    expect(told).toHaveLength(extentOfLong(8, 20))
    expect(code).toBe(6)
  })
})

/** What a case names that nothing has, by its line in the file: found when it is read. */
const MISNAMED = [
  ['faults: [{ device: sw1, kind: link-down, port: Ethernet99 }]', 'is no port of sw1'],
  [
    'faults: [{ device: sw1, kind: errors-rising, port: Etherne1, counter: fcsErrors, perSecond: 5 }]',
    'is no port of sw1',
  ],
] as const
const MEMBERS = [
  'vlan: { "20": { statuss: null } }',
  'interfaces: { Ethernet1: { lnk: null } }',
  'bgp: { default: { 10.0.0.1: { sate: null } } }',
] as const

describe('a name that nothing has', () => {
  test.each(MISNAMED)('%s', async (line, said) => {
    const project = testProject()
    project.write(FILE, `${HEAD}  - name: it works\n    ${line}\n    expect: { outcome: succeeded }\n`)
    const { code: exit, stderr } = await project.eosflow('validate', FILE)
    expect(stderr).toContain(said)
    expect(stderr).toMatch(/vlan\.test\.yaml:8:\d+/)
    expect(exit).toBe(3)
  })

  test.each(MEMBERS)('expect.state %s', async (state) => {
    const project = testProject()
    project.write(FILE, `${HEAD}  - name: it works\n    expect: { state: { sw1: { ${state} } } }\n`)
    const { code, stderr } = await project.eosflow('validate', FILE)
    expect(stderr).toContain('has no member')
    expect(code).toBe(3)
  })

  test('a member that may be there is no mistake, whatever its key is', async () => {
    const project = testProject()
    project.write(
      FILE,
      `${HEAD}  - name: it works\n    expect: { state: { sw1: { vlan: { "4000": null }, interfaces: { Ethernet1: { linkChanges: 0 } } } } }\n`,
    )
    await exits(0, project.eosflow('validate', FILE))
  })
})
