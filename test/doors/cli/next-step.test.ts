import { expect, test } from 'vitest'
import { type ExecutionState, newExecution } from '../../../src/change/engine/state.ts'
import { afterPutBack, afterRun, nextStep, onward } from '../../../src/doors/cli/outcome/next-step.ts'
import { goesOnWith } from '../../../src/doors/cli/outcome/steps-after.ts'
import type { ErrorKind } from '../../../src/model/error.ts'
import type { Scope } from '../../../src/model/principal.ts'
import type { WorkerDispatch } from '../../../src/project/app/dispatch/worker-dispatch.ts'
import { everyNth } from '../../extent.ts'
import { exits, openLab, prints, warns, workflowFor } from '../../lab/lab.ts'

const dispatch: WorkerDispatch = { post: async () => undefined }

test.each([
  ['in the process of whoever runs it', {}, 'resume 20261122-080000-1a2b3c4d'],
  ['by workers, which go on by themselves', { dispatch }, 'watch 20261122-080000-1a2b3c4d'],
])('an execution that is driven %s goes on with', (_by, app, command) => {
  expect(goesOnWith(app, '20261122-080000-1a2b3c4d')).toBe(command)
})

const open = newExecution('x1')
const part = { ...open, sites: { ...open.sites, part: { of: 'x0', site: 'dc2' } } }

const asked: ExecutionState = {
  ...open,
  file: 'workflows/vlan.yaml',
  params: { vlan: 7 },
  targets: ['leaf1', 'leaf2'],
  outcome: 'refused',
  compensation: { reason: 'failure', error: { kind: 'stale', message: 'moved' } },
}
const changeFile = { file: 'changes/vlan 7.yaml', digest: 'sha256:1' }

test.each<[string, Partial<ExecutionState>, string]>([
  ['of its workflow', {}, 'eosflow plan workflows/vlan.yaml -p vlan=7'],
  [
    'with the switches that were typed',
    { asked: { only: 'role:leaf and not leaf3' } },
    "eosflow plan workflows/vlan.yaml -p vlan=7 -t 'role:leaf and not leaf3'",
  ],
  [
    'with the switches that were named one by one',
    { asked: { exact: true } },
    'eosflow plan workflows/vlan.yaml -p vlan=7 -t leaf1,leaf2',
  ],
  [
    'of its change file, which says switches and values itself',
    { changeFile, asked: { only: 'leaf1' } },
    "eosflow plan 'changes/vlan 7.yaml'",
  ],
])('what is stale is planned once more %s', (_which, more, line) => {
  expect(nextStep({}, { ...asked, ...more }, false)).toBe(line)
})

test.each<[string, Partial<ExecutionState>, string]>([
  ['for those alone', { asked: { only: 'role:leaf' } }, 'eosflow plan workflows/vlan.yaml -p vlan=7 -t leaf1,leaf2'],
  ['by its change file', { changeFile }, "eosflow plan 'changes/vlan 7.yaml'"],
])('what has failed on some switches is planned once more %s', (_which, more, line) => {
  const tolerated = { ...asked, outcome: 'tolerated', failed: open.failed.add('leaf2') } as const
  expect(nextStep({}, { ...tolerated, ...more }, false)).toBe(line)
})

test.each([
  ['one that no process runs', {}, open, false, 'eosflow resume x1'],
  ['one that workers drive', { dispatch }, open, false, 'eosflow watch x1'],
  ['one that somebody has suspended', { dispatch }, open, true, 'eosflow resume x1'],
  ['the part of a change over several sites', { dispatch }, part, false, 'eosflow watch x0'],
])('the line to paste behind %s leads on', (_which, app, state, isSuspended, line) => {
  expect(nextStep(app, state, isSuspended)).toBe(line)
})

const failed = (kind: ErrorKind): ExecutionState => ({
  ...asked,
  status: 'ended',
  outcome: 'rolled-back',
  compensation: { reason: 'failure', error: { kind, message: 'no' } },
})

test.each<[ErrorKind, readonly string[]]>([
  // What the switch or a check has said of the change stays said: it is mended first.
  ['verification', ['plan', 'redrive']],
  ['refused', ['plan', 'redrive']],
  ['guard', ['plan', 'redrive']],
  ['state-failed', ['plan', 'redrive']],
  ['protocol', ['plan', 'redrive']],
  // The change was not at fault.
  ['unreachable', ['redrive', 'plan']],
  ['lost-answer', ['redrive', 'plan']],
  ['busy', ['redrive', 'plan']],
  ['window-closed', ['redrive', 'plan']],
  ['cancelled', ['redrive', 'plan']],
  ['secret', ['redrive', 'plan']],
])('behind a put-back because of %s: %j', (kind, order) => {
  const lines = (afterPutBack(failed(kind)) ?? '').split('\n')
  expect(lines.map((line) => /eosflow (\S+)/.exec(line)?.[1])).toEqual(order)
  expect(lines.find((line) => line.includes('eosflow plan'))).toMatch(/eosflow plan workflows\/vlan\.yaml -p vlan=7$/)
  expect(lines.find((line) => line.includes('redrive'))).toMatch(/eosflow redrive x1$/)
})

test('a rollback that was put back is started again: it has no workflow that a person mends', () => {
  const file = `rollback/x0/blob:${'0'.repeat(64)}/workflow.yaml`
  expect(afterPutBack({ ...failed('verification'), file })).toBe('eosflow redrive x1')
})

/** What the policy is asked about the first command of a line `Next:`, by its word. */
const NEEDS: Readonly<Record<string, Scope>> = {
  approve: 'plan.approve',
  resume: 'execution.start',
  redrive: 'execution.start',
  plan: 'plan.create',
  stop: 'execution.stop',
  show: 'execution.read',
  watch: 'execution.read',
  history: 'execution.read',
  executions: 'execution.read',
}

const ENDS: readonly ExecutionState[] = [
  open,
  part,
  { ...asked, status: 'waiting', waitsFor: 'approval' } as unknown as ExecutionState,
  asked,
  ...(['succeeded', 'tolerated', 'cancelled', 'failed', 'unknown', 'nothing-to-do', 'planned'] as const).map(
    (outcome): ExecutionState => ({ ...asked, status: 'ended', outcome, failed: open.failed.add('leaf2') }),
  ),
  failed('verification'),
  failed('unreachable'),
  failed('stale'),
  failed('not-authorised'),
]

const SCOPES = [...new Set(Object.values(NEEDS))]

/** Every set of rights. */
const RIGHTS = Array.from(
  { length: 2 ** SCOPES.length },
  (_, set) => new Set(SCOPES.filter((_scope, bit) => (set & (1 << bit)) !== 0)),
)

/** The commands of a line that a caller with these rights may not run. */
function forbidden(line: string | undefined, has: ReadonlySet<Scope>) {
  const commands = (line ?? '').split('\n').filter((one) => one !== '')
  return commands.filter((one) => {
    const [, word = ''] = /^(?: {6}[^:]+: )?eosflow (\w+)/.exec(one) ?? []
    return !has.has(NEEDS[word] as Scope)
  })
}

test('[3C9] every line to paste is of commands that this caller may run, at every end and for every set of rights', () => {
  const cases = ENDS.flatMap((state) =>
    RIGHTS.flatMap((has) => [false, true].map((isSuspended) => ({ state, has, isSuspended }))),
  )
  for (const { state, has, isSuspended } of cases) {
    const may = { may: (action: Scope) => has.has(action) }
    for (const lead of [nextStep, afterRun, onward])
      expect(forbidden(lead({}, state, isSuspended, may), has), `of ${state.outcome}`).toEqual([])
    // Where there is a report, whoever may read has a command.
    const isRead = has.has('execution.read') && state.outcome !== undefined
    expect(afterRun({}, state, isSuspended, may) !== undefined || !isRead).toBe(true)
  }
  expect(cases).toHaveLength(ENDS.length * 2 ** SCOPES.length * 2)
})

test('[3C9] after a put-back the line of run is that of show: the change again, once it is mended, or the same', () => {
  expect(afterRun({}, failed('verification'), false)).toBe(
    'eosflow plan workflows/vlan.yaml -p vlan=7\n      To send the same again: eosflow redrive x1',
  )
  expect(afterRun({}, failed('unreachable'), false)).toBe(
    'eosflow redrive x1\n      To alter it first: eosflow plan workflows/vlan.yaml -p vlan=7',
  )
  const may = (action: Scope) => action !== 'plan.create'
  expect(afterRun({}, failed('verification'), false, { may })).toBe('eosflow redrive x1')
})

const policyThatAllows = (actions: string) => `version: 1
roles:
  everybody: { members: ['kind:person'] }
rules:
  - id: changes
    allow: [plan.create, plan.read, execution.read, task.snapshot, task.plan, task.push, task.verify, task.confirm, task.rollback, ${actions}]
    to: [everybody]
    require: { approvals: { count: 1 } }
`

test.each(
  everyNth(2, 'rights after a plan', [
    ['plan.approve', [], 'Next: eosflow approve change.plan\n'],
    [
      'plan.approve, execution.start',
      ['Next: eosflow run workflow.yaml --detach\n'],
      'Next: eosflow approve change.plan && eosflow run change.plan\n',
    ],
  ]),
)('after a plan, who may %s is told the next command that they may run, or none', async (actions, planned, saved) => {
  const lab = openLab()
  lab.write('policy.yaml', policyThatAllows(actions))
  const plan = await lab.ok('plan workflow.yaml')
  expect(plan.out.match(/^Next: .*\n/gm) ?? []).toEqual(planned)
  await prints(0, lab.eosflow('plan workflow.yaml -o change.plan'), saved)
})

test.each(
  everyNth(2, 'values that a line repeats', [
    ['a secret', 'snmp-server community {{ word }} ro', 'word=s3cr3t-word', '--params FILE', 'word=<redacted>'],
    ['a plain value', 'ntp server {{ word }}', 'word=192.0.2.9', '-p word=192.0.2.9', 'word=192.0.2.9'],
  ]),
)('the line that makes a planned change repeats %s as it may be seen', async (_, line, pair, flags, title) => {
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

const LONG_TIMER = workflowFor('leaf1', { push: '{ confirmWithin: 9m }' })
const SHORT_TIMER = workflowFor('leaf2', { push: '{ confirmWithin: 3m }' })
const WAITING = workflowFor('leaf3')

test('[P6] resume without an id takes what is under a commit timer first, the nearest expiry first, and then the newest', {
  tags: 'long',
}, async () => {
  const lab = openLab({ workflow: SHORT_TIMER })
  await lab.killAt('arm-journalled', 'leaf2')
  lab.write('workflow.yaml', LONG_TIMER)
  await lab.killAt('arm-journalled', 'leaf1')
  lab.write('workflow.yaml', WAITING)
  await lab.exits(12, 'run workflow.yaml --detach')
  const armed = () => ['leaf1', 'leaf2'].map((name) => lab.device(name).switch.sessions.timer !== undefined)
  expect(armed()).toEqual([true, true])

  await warns(0, lab.resume(), /^resuming \S+: the commit timer of leaf2 runs out in 1[78]\d s\n/m)
  expect(armed()).toEqual([true, false])

  await warns(0, lab.resume(), /^resuming \S+: the commit timer of leaf1 runs out in 5\d\d s\n/m)
  expect(armed()).toEqual([false, false])
  expect(lab.whereIs('leaf1')).toBe('AFTER')

  const third = await exits(12, lab.resume())
  expect(third.err).not.toMatch(/^resuming /m)
})
