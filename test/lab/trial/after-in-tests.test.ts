import { describe, expect, test } from 'vitest'
import { casesIn, HEAD, testProject } from './test-project.ts'

const FILE = 'tests/vlan.test.yaml'

/** The project of a test whose workflow keeps its checks for a day. */
function watchedProject() {
  const project = testProject()
  project.write('workflows/vlan.yaml', `${project.read('workflows/vlan.yaml')}after: { checks: 6h, every: 30m }\n`)
  return project
}

describe('a workflow test goes on after the confirm', () => {
  test('what goes wrong hours later is told, once, and is over', { tags: ['long', 'turn'] }, async () => {
    const project = watchedProject()
    project.write(
      FILE,
      `${HEAD}  - name: it holds
    expect: { outcome: succeeded, after: { state: held, says: held for 6h, notices: [] } }
  - name: a VLAN that somebody deletes
    faults: [{ when: +2h, device: sw1, kind: hand-edit, lines: [no vlan 20] }]
    expect: { after: { in: 4h, state: failed, says: 'sw1: vlans-present: ', notices: [after-failed] }, leaves: { sw1: [unsaved] } }
  - name: a switch that is silent for two hours
    faults: [{ when: +1h, device: sw2, kind: unreachable, for: 7200 }]
    expect: { after: { state: held, says: by 8 of 12 looks, notices: [after-unjudged] } }
  - name: a change that is put back is not watched
    faults: [{ when: Verify, device: sw1, kind: bgp-peer-down, peer: 10.0.0.1 }]
    expect: { outcome: rolled-back, after: { state: held } }
`,
    )
    const { stdout } = await project.test('--json')
    expect(casesIn(stdout).map(({ failures }) => failures.map(({ expected, actual }) => [expected, actual]))).toEqual([
      [],
      [],
      [],
      [['held', 'not watched']],
    ])
  })

  test('a moment that never comes is a fault of the file, at its place', async () => {
    const project = watchedProject()
    const fault = 'device: sw1, kind: hand-edit, lines: [no vlan 20] }]\n    expect: { outcome: succeeded }\n'
    project.write(FILE, `${HEAD}  - name: late\n    faults: [{ when: +7h, ${fault}`)
    const { code, stderr } = await project.eosflow('validate', FILE)
    expect([code, stderr]).toEqual([
      3,
      expect.stringContaining('vlan.test.yaml:8:16: the workflow vlan keeps its checks for 6h'),
    ])
  })
})
