import { expect, test } from 'vitest'
import { openLab, prints, workflowFor } from '../lab/lab.ts'

const policyThatAllows = (actions: string) => `version: 1
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
  const plan = await lab.ok('plan workflow.yaml')
  expect(plan.out.match(/^Next: .*\n/gm) ?? []).toEqual(planned)
  expect((await lab.eosflow('plan workflow.yaml -o change.plan')).out).toContain(saved)
})

test.each([
  ['a secret', 'snmp-server community {{ word }} ro', 'word=s3cr3t-word', '--params FILE', 'word=<redacted>'],
  ['a plain value', 'ntp server {{ word }}', 'word=192.0.2.9', '-p word=192.0.2.9', 'word=192.0.2.9'],
])('the line that makes a planned change repeats %s as it may be seen', async (_, line, pair, flags, title) => {
  const lab = openLab({ workflow: secretive(line) })
  const { out, err } = await prints(0, lab.eosflow('plan workflow.yaml -p', pair), `\n${title}\n`)
  expect(out.match(/^Next: .*/m)?.[0]).toMatch(new RegExp(`^Next: eosflow run workflow.yaml ${flags} --approve `))
  expect(`${out}${err}`).not.toContain('s3cr3t')
  await lab.eosflow('plan workflow.yaml -p', pair, '-o', 'a.plan')
  const stopped = await lab.eosflow('run workflow.yaml -p', pair, '--detach')
  await lab.eosflow('stop @latest')
  expect(`${stopped.out}${stopped.err}`).not.toContain('s3cr3t')
})

const secretive = (line: string) =>
  workflowFor('leaf1', { lines: [line] }).replace(/^targets:/m, 'params: { word: { type: string } }\ntargets:')
