import { expect, test } from 'vitest'
import { readPolicy } from '../../../../src/change/policy/read-policy.ts'
import { actWarnings } from '../../../../src/project/access/policy/act-warnings.ts'

const ACTS = 'plan.create, execution.start, task.push, baseline.set, notice.end, policy.retire'

/** A policy whose first rule demands an approval, with a second rule. */
const policy = (demand: string, second: string) => `version: 1
roles:
  approver: { members: ["corp:group:leads", "corp:sub:1"] }
  lead: { members: ["corp:sub:1"] }
  guest: { members: ["corp:sub:2"] }
rules:
  - { id: change, allow: [${ACTS}], to: ["kind:person"], require: { approvals: { count: 1${demand} } } }
${second}
tests: []
`
const approve = (to: string, effect = 'allow') =>
  `  - { id: decide, ${effect}: [plan.approve, plan.reject], to: [${to}] }`

test.each([
  ['no rule lets anybody approve', ', from: [approver]', '', ' of approver', 'them', 'approver'],
  ['others may approve', ', from: [approver]', approve('guest'), ' of approver', 'them', 'approver'],
  [
    'the rule for them denies it',
    ', from: [approver]',
    approve('approver', 'deny'),
    ' of approver',
    'them',
    'approver',
  ],
  [
    'only services may, which never do',
    ', from: [approver]',
    approve('"kind:service"'),
    ' of approver',
    'them',
    'approver',
  ],
  ['anybody would do, and nobody may', '', '', '', 'anybody', 'ROLE'],
])('a rule that demands what nobody can give is warned of: %s', (_, demand, second, of, who, to) => {
  expect(warningsOf(policy(demand, second))).toEqual([
    `policy.yaml:7:5: the rule \`change\` demands approvals${of}, and no rule lets ${who} approve: nothing can be done under it (add a rule for those who may: \`{ id: approve, allow: [plan.approve, plan.reject], to: [${to}] }\`)`,
  ])
})

test.each([
  ['they may', ', from: [approver]', approve('approver')],
  ['every person may', ', from: [approver]', approve('"kind:person"')],
  ['a role may that has one of their members', ', from: [approver]', approve('lead')],
  ['anybody would do, and somebody may', '', approve('guest')],
])('it is not warned of where %s', (_, demand, second) => {
  expect(warningsOf(policy(demand, second))).toEqual([])
})

function warningsOf(text: string) {
  const read = readPolicy(text, 'policy.yaml')
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'))
  return actWarnings(read.value, text).map(
    ({ at, message, hint }) => `${at.file}:${at.line}:${at.column}: ${message} (${hint})`,
  )
}
