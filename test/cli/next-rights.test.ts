import { expect, test } from 'vitest'
import { openLab } from '../lab/lab.ts'

const policyThatAllows = (actions: string): string => `version: 1
roles:
  everybody: { members: ['kind:person'] }
rules:
  - id: changes
    allow: [plan.create, plan.read, execution.read, task.snapshot, task.plan, task.push, task.verify, task.confirm, task.rollback, ${actions}]
    to: [everybody]
    require: { approvals: { count: 1 } }
`

test.each([
  ['plan.approve', [], 'Next: eosflow approve change.plan\n'],
  [
    'plan.approve, execution.start',
    ['Next: eosflow run workflow.yaml --detach\n'],
    'Next: eosflow approve change.plan && eosflow run change.plan\n',
  ],
])('after a plan, who may %s is told the next command that they may run, or none', async (actions, planned, saved) => {
  const lab = openLab()
  lab.write('policy.yaml', policyThatAllows(actions))
  const plan = await lab.eosflow('plan', 'workflow.yaml')
  expect([plan.code, plan.out.match(/^Next: .*\n/gm) ?? []]).toEqual([0, planned])
  expect((await lab.eosflow('plan', 'workflow.yaml', '-o', 'change.plan')).out).toContain(saved)
})
