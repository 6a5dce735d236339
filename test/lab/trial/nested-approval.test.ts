import { expect, test } from 'vitest'
import { casesIn, HEAD, testProject } from './test-project.ts'

const one = (name: string, task: string, fields = '') =>
  `{ StartAt: ${name}, States: { ${name}: { Type: Task, Resource: eosflow:${task}, ${fields}End: true } } }`

/** The only approval stands in a branch, and two hours pass between it and the push. */
const WORKFLOW = `name: vlan
params: { vlan: { type: integer } }
targets: sw1 or sw2
change: { lines: ['vlan {{ vlan }}', '   name LAB'] }
startAt: TakeSnapshot
states:
  TakeSnapshot: { Type: Task, Resource: eosflow:snapshot, Next: MakePlan }
  MakePlan: { Type: Task, Resource: eosflow:plan, Next: AskAround }
  AskAround: { Type: Parallel, Next: HoldOn, Branches: [${one('ApprovePlan', 'approve', 'Arguments: { expires: EXPIRES }, ')}, ${one('LookAgain', 'recheck')}] }
  HoldOn: { Type: Wait, Seconds: 7200, Next: RollOut }
  RollOut:
    Type: Map
    Items: targets
    ItemProcessor:
      StartAt: PushChange
      States:
        PushChange: { Type: Task, Resource: eosflow:push, Next: VerifyChange }
        VerifyChange: { Type: Task, Resource: eosflow:verify, Arguments: { within: 1m, stableFor: 5s, checks: [reachable] }, End: true }
    Next: CheckTimers
  CheckTimers: { Type: Task, Resource: eosflow:ready, Next: ConfirmAll }
  ConfirmAll: { Type: Map, Items: targets, ItemProcessor: ${one('ConfirmChange', 'confirm')}, Next: SaveAll }
  SaveAll: { Type: Map, Items: targets, ItemProcessor: ${one('SaveChange', 'save')}, End: true }
`

const outcome = async (expires: string, expected: string) => {
  const project = testProject()
  project.write('workflows/vlan.yaml', WORKFLOW.replace('EXPIRES', expires))
  project.write('tests/vlan.test.yaml', `${HEAD}  - name: two hours later\n    expect: { ${expected} }\n`)
  const { stdout, stderr } = await project.test('--json')
  expect(stderr).toBe('')
  return casesIn(stdout).map(({ failures }) => failures)
}

test('an approval in a branch is asked for again at the push: it may have expired since', async () => {
  expect(await outcome('1h', 'outcome: refused, exit: 4, error: expired')).toEqual([[]])
})

test('one that still holds is used once by switches that are pushed to at the same time', async () => {
  expect(await outcome('4h', 'outcome: succeeded, exit: 0, devices: { sw1 or sw2: changed }')).toEqual([[]])
})
