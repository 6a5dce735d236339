import { expect, test } from 'vitest'
import { policyInputSchema } from '../../../../src/change/plan/policy-input.ts'
import { json, openLab } from '../../../lab/lab.ts'

const POLICY = `version: 1
rules:
  - { id: read, allow: [plan.create, plan.read, task.snapshot, task.plan], to: ["kind:person"] }
  - id: change
    allow: [execution.start, task.push, task.confirm, task.rollback]
    to: ["kind:person"]
    require: { approvals: { count: 2 } }
  - { id: no-bgp, deny: [task.push], to: ["kind:person"], on: { change: { kinds: [router-bgp] } } }
`

test('another judge of policies is given a plan as one document', { tags: ['long', 'turn'] }, async () => {
  const lab = openLab()
  lab.write('policy.yaml', POLICY)
  await lab.ok('plan workflow.yaml -o p.plan')
  const input = policyInputSchema.parse(await json(lab.ok('policy input p.plan')))
  expect(input).toMatchObject({
    version: 1,
    kind: 'policy-input',
    requesters: [{ kind: 'person' }],
    offline: false,
    rules: [{ rule: 'no-bgp', matches: false, because: 'no line of the change is of router-bgp' }],
  })
  expect(input.approvals.map(({ by, count }) => `${by} ${count}`)).toContain('change 2')
  const [first] = input.switches
  expect(first?.lines.map(({ text, kind, known, removes }) => `${text}: ${kind} ${known} ${removes}`)).toEqual([
    'vlan 998 / name TESTED: vlan.name true false',
    'vlan 998: vlan true false',
    'vlan 998 / name TESTED: vlan.name true false',
  ])
})

test('without the right to see the plan nothing is printed, and a word that names none is said', async () => {
  const lab = openLab()
  await lab.ok('plan workflow.yaml -o p.plan')
  lab.write('policy.yaml', 'version: 1\nrules:\n  - { id: none, allow: [execution.read], to: ["kind:person"] }\n')
  expect(await lab.eosflow('policy input p.plan')).toMatchObject({ code: 4, out: '' })
  expect(await lab.eosflow('policy input q.plan')).toMatchObject({ code: 3, out: '' })
})
