import { describe, expect, test } from 'vitest'
import { builtinTasks } from '../../../src/change/task/builtin/index.ts'
import { compileWorkflow } from '../../../src/change/workflow/compile.ts'
import { scopes } from '../../../src/model/principal.ts'
import { problemsOf } from '../../../src/text/source/located.ts'

const STEPS = (head: string) => `name: w
targets: leaf1
change: { lines: [vlan 10] }
${head}
steps:
  - snapshot
  - plan
  - approve: { from: [net-leads, oncall], count: 2 }
  - push
  - verify: { within: 20s, stableFor: 0s, checks: [reachable] }
  - confirm
`

const STATES = (permissions: string) => `name: w
targets: leaf1
change: { lines: [vlan 10] }
startAt: Look
states:
  Look: { Type: Task, Resource: 'eosflow:snapshot', Next: Plan }
  Plan: { Type: Task, Resource: 'eosflow:plan', ${permissions}Next: Push }
  Push:
    Type: Map
    Items: targets
    ItemProcessor: { StartAt: PushOne, States: { PushOne: { Type: Task, Resource: 'eosflow:push', Next: VerifyOne }, VerifyOne: { Type: Task, Resource: 'eosflow:verify', Arguments: { within: 20s, stableFor: 0s, checks: [reachable] }, End: true } } }
    Next: Ready
  Ready: { Type: Task, Resource: 'eosflow:ready', Next: Confirm }
  Confirm:
    Type: Map
    Items: targets
    ItemProcessor: { StartAt: ConfirmOne, States: { ConfirmOne: { Type: Task, Resource: 'eosflow:confirm', End: true } } }
    Next: Save
  Save:
    Type: Map
    Items: targets
    ItemProcessor: { StartAt: SaveOne, States: { SaveOne: { Type: Task, Resource: 'eosflow:save', End: true } } }
    End: true
`

const problemsIn = (text: string, roles?: readonly string[]) =>
  problemsOf(
    compileWorkflow(text, 'w.yaml', {
      files: () => undefined,
      checks: [{ name: 'reachable', input: { safeParse: () => ({ success: true, data: {} }) } as never }],
      tasks: builtinTasks,
      policyPresent: true,
      ...(roles === undefined ? {} : { roles }),
    }),
  ).map(({ code, at, message, hint }) => `${code} ${at.line}:${at.column} ${message} | ${hint}`)

describe('[G91] permissions of a workflow', () => {
  test('hold its states: what is above them is named at its place', () => {
    const all = 'permissions: [task.snapshot, task.plan, plan.read, task.push, task.verify, task.confirm]'
    expect(problemsIn(STEPS(all))).toEqual([])
    expect(problemsIn(STEPS(all.replace('task.push, ', '').replace('task.plan, ', '')))).toEqual([
      'above-permissions 7:5 `Plan` needs task.plan, which `permissions` of the workflow does not list | add `task.plan` to `permissions`, or take the state out',
      'above-permissions 9:5 `Push` needs task.push, which `permissions` of the workflow does not list | add `task.push` to `permissions`, or take the state out',
    ])
  })

  test('are actions of the policy: a typo is named with what was meant', () => {
    expect(problemsIn(STEPS('permissions: [task.psh]'))[0]).toMatch(
      /^invalid-value 4:15 .*did you mean `task\.push`\?$/,
    )
    expect(scopes.length).toBe(29)
  })

  test('of one state hold that state', () => {
    expect(problemsIn(STATES(''))).toEqual([])
    expect(problemsIn(STATES('Permissions: [task.plan], '))).toEqual([])
    expect(problemsIn(STATES('Permissions: [plan.read], '))).toEqual([
      'above-permissions 7:49 `Plan` needs task.plan, which its own `Permissions` do not list | add `task.plan`, or call another task',
    ])
  })
})

test('the groups that an approval is asked of are roles of the policy', () => {
  expect(problemsIn(STEPS(''), ['net-leads', 'on-call'])).toEqual([
    'unknown-role 8:34 the policy has no role `oncall` | did you mean `on-call`?',
  ])
  expect(problemsIn(STEPS(''), ['net-leads', 'oncall'])).toEqual([])
  expect(problemsIn(STEPS(''))).toEqual([])
})
