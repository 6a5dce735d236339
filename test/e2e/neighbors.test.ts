import { describe, expect, test } from 'vitest'
import { exits, inventoryOf, type Lab, type LabOptions, openLab, PEOPLE, SETTINGS } from '../lab/lab.ts'

const EXPECT = 'expect: { vlan: { added: [998] }, everythingElse: unchanged }'

const workflow = ({ targets = 'leaf1', state = 'bgp, lldp, vlan', verify = EXPECT } = {}) => `name: add-a-vlan
targets: ${targets}
change: { mode: merge, lines: ['vlan 998', '   name TESTED'] }
rollout: { keepApart: none }
steps:
  - snapshot: { state: [${state}], neighbors: 8 }
  - plan
  - approve
  - push: { confirmWithin: 10m }
  - verify: { within: 20s, stableFor: 4s, every: 2s, ${verify} }
  - confirm
`

/** A lab in which the answers to the requests of these numbers are lost, of those that one switch is sent. */
function losing(device: string, numbers: readonly number[], options: LabOptions): Lab {
  let number = 0
  return openLab({
    ...options,
    before: (lab, to) => {
      if (to !== device) return
      number += 1
      if (numbers.includes(number)) lab.fault({ device, kind: 'lost-answer', request: 1 })
    },
  })
}

describe('a neighbour', () => {
  test('is read in every state by whoever may take snapshots, whatever else is denied there', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab({ workflow: workflow(), caller: PEOPLE.alice })
    const tagged = inventoryOf(lab.fabric).replaceAll(/"(leaf|spine)(\d)":(\{.*?"tags":\{)/g, '"$1$2":$3"role":"$1",')
    lab.write('inventory.yaml', tagged)
    lab.write('eosflow.yaml', SETTINGS)
    lab.write(
      'policy.yaml',
      `version: 1
roles: { operator: { members: ["corp:group:netops"] } }
rules:
  - { id: read, allow: [plan.create, plan.read, plan.approve, execution.read, task.snapshot], to: [operator] }
  - id: change
    allow: [execution.start, task.plan, task.verify, task.push, task.confirm, task.rollback]
    to: [operator]
    on: { tags: ["role:leaf"] }
`,
    )
    await exits(0, lab.change())
    expect((await lab.eosflow('history @latest')).out).toContain('expected-change on spine1')
  })

  // The snapshot and CheckBase ask a neighbour twice, the verification in four rounds and for its configuration, CheckReady once.
  test.each([
    ['snapshot', 1],
    ['CheckBase', 3],
    ['configuration at CheckBase', 4],
    ['last configuration', 9],
    ['CheckReady', 10],
  ])('whose answer is lost once fails nothing: %s', { tags: ['long', 'turn'] }, async (_, number) => {
    const lab = losing('spine1', [number], { workflow: workflow({ targets: 'leaf1 or leaf2' }) })
    await exits(0, lab.change())
    expect(lab.device('spine1').counters().requests).toBe(11)
  })

  test('that is silent in one round is no failed check of the record when it answers again', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = losing('spine1', [2], { workflow: workflow({ verify: 'checks: [bgp-established]' }) })
    const { out, err } = await exits(0, lab.change())
    expect(err).toContain('✖ leaf1 reachable on spine1: no answer: ')
    expect(err).toContain('✔ leaf1 reachable on spine1')
    expect(out).toContain('leaf1   ✔ confirmed  5/5 ')
  })

  test('is not looked for where the switch does not tell its neighbours: nothing is pushed', async () => {
    const lab = openLab({ workflow: workflow({ verify: 'checks: [reachable]' }) })
    lab.fault({ device: 'leaf1', kind: 'refuse-command', command: '^show lldp', code: 1002, errors: ['no'] })
    const { out } = await exits(10, lab.change())
    expect(out).toContain('leaf1: the state area `lldp` cannot be read: ')
  })
})
