import { UNTOUCHED } from '../../eos/device/history.ts'
import { EosflowError, type ErrorRecord } from '../../model/error.ts'
import type { JournalEvent } from '../record/event/event.ts'
import type { Outcome } from '../record/event/record-schema.ts'
import { factsOf, type State, type StateMachine, type TaskState } from '../workflow/machine/machine.ts'
import type { SiteTask } from '../workflow/site-machines.ts'
import { aroundEffects, networkEffects, probeEffects } from './around.ts'
import { takes } from './fault.ts'
import { scopeAt } from './fold-scope.ts'
import { endOf, outcomeOfCompletion } from './outcome.ts'
import { attemptKey, childPath, devicesAt, isBelow, isWithin, machineOf, parentOf, stateOf } from './scope-path.ts'
import type { Children, Effect, ExecutionState, ScopeState, Write } from './state.ts'
import { compensate, doubtEffects, isUndoneBadly, itemAround, undoEffects, unsettled } from './suspend.ts'

function begunChildren(path: string, { children, state }: ScopeState): readonly string[] {
  if (children === undefined || state === undefined) return []
  return Array.from({ length: children.begun }, (_, index) => childPath(path, state, index))
}

// Whether a Map or Parallel fails with its children: more of them have failed than it tolerates, or one has of which nobody knows what it left
// behind.
function isFailing({ isLeftInDoubt }: ExecutionState, { failed, tolerated }: Children): boolean {
  return failed > tolerated || (failed > 0 && isLeftInDoubt)
}

export function isDoomed(execution: ExecutionState, path: string): boolean {
  const parent = parentOf(path)
  if (parent === undefined) return false
  const holder = execution.scopes.get(parent.path)
  if (holder?.children === undefined) throw new EosflowError('bug', `nothing holds ${path}`)
  return isFailing(execution, holder.children) || isDoomed(execution, parent.path)
}

function advanceChildren(
  execution: ExecutionState,
  path: string,
  scope: ScopeState,
  state: State,
  children: Children,
): readonly Effect[] {
  if (isFailing(execution, children)) return failChildren(execution, path, scope, state, children)
  const { begun, ended, maxConcurrency } = children
  const count = children.inputs.length
  // Nobody knows before it is put back what one that failed has left behind: none is begun meanwhile.
  const undos = children.failed === 0 ? [] : undosOfFailed(execution, path, scope)
  if (undos.length > 0) return undos
  if (ended === count) return [{ effect: 'evaluate', path, step: 'finish', handler: -1 }]
  const room = maxConcurrency === 0 ? count : Math.max(0, maxConcurrency - (begun - ended))
  return Array.from({ length: Math.min(room, count - begun) }, (_, at) => {
    const index = begun + at
    const machine = machineOf({ path, state: state.name, index }, scope)
    return enter(childPath(path, state.name, index), machine, machine.startAt)
  })
}

function enter(path: string, { states }: StateMachine, state: string): Effect {
  if (states[state]?.kind === 'Task') return { effect: 'enter', path, state }
  return { effect: 'record', event: { type: 'StateEntered', path, state } }
}

function failChildren(
  execution: ExecutionState,
  path: string,
  scope: ScopeState,
  state: State,
  children: Children,
): readonly Effect[] {
  if (children.ended < children.begun) {
    return begunChildren(path, scope).flatMap((child) => endEffects(execution, child))
  }
  const type = state.kind === 'Map' ? 'MapFailed' : 'ParallelFailed'
  const error = firstError(execution, path, state, children)
  return [{ effect: 'record', event: { type, path, state: state.name, error } }]
}

// What ends at and below a scope whose Map or Parallel has failed: a task at its next safe point, everything else at once. Amazon States
// Language aborts tasks where they are; a switch in the middle of a commit may not be left there.
function endEffects(execution: ExecutionState, path: string): readonly Effect[] {
  const scope = execution.scopes.get(path)
  if (scope?.state === undefined || scope.result !== 'open') return []
  const { children, phase } = scope
  const state = stateOf(scope, path)
  if (phase === 'started' && children !== undefined && children.ended < children.begun) {
    return begunChildren(path, scope).flatMap((child) => endEffects(execution, child))
  }
  if (phase !== 'started' || state.kind !== 'Task') {
    return [{ effect: 'record', event: { type: 'StateAborted', path, state: state.name } }]
  }
  const error: ErrorRecord = { kind: 'cancelled', message: 'stopped before it was done: a sibling has failed' }
  const event = { type: 'TaskFailed', path, state: state.name, error } as const
  return [{ effect: 'end', why: 'sibling-failed', key: attemptKey(path, scope), event }]
}

// A Map that tolerates none fails with its child's error, one that tolerates some with the name that AWS gives it, or because of what could
// not be put back.
function firstError(execution: ExecutionState, path: string, state: State, children: Children): ErrorRecord {
  const first = execution.scopes.get(childPath(path, state.name, children.firstFailed ?? 0))?.error
  const error = first ?? { kind: 'bug', message: 'an item failed without an error' }
  if (children.tolerated === 0) return error
  if (children.failed <= children.tolerated) {
    const switches = execution.ends
      .filter(({ end }) => end === 'unknown')
      .keySeq()
      .toArray()
      .sort()
    const what = switches.length === 0 ? 'what a call has written' : switches.join(', ')
    const message = `${state.name}: ${what} could not be put back, so the failure is not tolerated: ${error.message}`
    return { kind: 'rollback-incomplete', message }
  }
  const count = `${children.failed} of ${children.inputs.length} failed, ${children.tolerated} are tolerated`
  return {
    kind: error.kind,
    name: 'States.ExceedToleratedFailureThreshold',
    message: `${state.name}: ${count}; the first: ${error.message}`,
    cause: count,
  }
}

function undosOfFailed(execution: ExecutionState, path: string, scope: ScopeState) {
  const failed = begunChildren(path, scope).filter((child) => execution.scopes.get(child)?.result === 'failed')
  return undosOfChildren(execution, scope, failed)
}

function undosOfChildren(
  execution: ExecutionState,
  { visit }: ScopeState,
  children: readonly string[],
): readonly Effect[] {
  const isIn = (write: Write) => write.visit > visit && children.some((child) => isWithin(write.path, child))
  return undoEffects(execution, execution.writes.filter(isIn).values())
}

/** Pure: the same state and time always give the same effects; control transitions come as records or evaluations, so every one of them is in the journal. */
export function next(execution: ExecutionState, now: number): readonly Effect[] {
  return execution.status === 'running' ? nextBelow(execution, '', now) : nextAt(execution, '', now)
}

export function nextBelow(execution: ExecutionState, path: string, now: number): readonly Effect[] {
  const own = nextAt(execution, path, now)
  const scope = execution.scopes.get(path)
  if (scope?.children === undefined || scope.phase !== 'started' || isFailing(execution, scope.children)) return own
  const below = begunChildren(path, scope).flatMap((child) => nextBelow(execution, child, now))
  return [...own, ...below.filter((effect) => !own.some((known) => sameEffect(known, effect)))]
}

function sameEffect(a: Effect, b: Effect): boolean {
  return 'key' in a && 'key' in b && a.effect === b.effect && a.key === b.key
}

export function nextAt(execution: ExecutionState, path: string, now: number): readonly Effect[] {
  if (execution.status === 'new' || execution.status === 'ended') return []
  if (execution.status === 'compensating') return compensate(execution)
  const scope = scopeAt(execution, path)
  if (path === '') {
    const end = endOfRoot(execution, scope)
    if (end.length > 0) return end
  } else {
    if (scope.result === 'failed') return undoFailed(execution, path)
    if (scope.result === 'open' && isDoomed(execution, path)) return endEffects(execution, path)
  }
  return scope.result === 'open' ? advance(execution, path, scope, now) : []
}

function endOfRoot(execution: ExecutionState, root: ScopeState): readonly Effect[] {
  const early = settledByPlan(execution, root)
  if (early !== undefined) return endingIn(execution, early)
  if (root.result === 'done') return endOfDone(execution)
  if (root.result === 'open') return []
  return [compensation(root.error ?? { kind: 'bug', message: 'a state failed without an error' })]
}

function endOfDone(execution: ExecutionState): readonly Effect[] {
  const asked = doubtEffects(execution)
  if (asked.length > 0) return asked
  const left = unsettled(execution)
  if (left.length === 0) {
    const looks = networkEffects(execution)
    if (looks.length > 0) return looks
    const probes = probeEffects(execution)
    if (probes.length > 0) return probes
    return endingIn(execution, outcomeOfCompletion(execution))
  }
  const message = `the machine ended and left ${left.join(', ')} unconfirmed`
  return [compensation({ kind: 'verification', message })]
}

const compensation = (error: ErrorRecord): Effect => ({
  effect: 'record',
  event: { type: 'CompensationStarted', reason: 'failure', error },
})

function endingIn(execution: ExecutionState, outcome: Outcome): readonly Effect[] {
  const around = aroundEffects(execution, outcome)
  return around.length > 0 ? around : [{ effect: 'record', event: endOf(execution, outcome) }]
}

function settledByPlan(execution: ExecutionState, root: ScopeState): Outcome | undefined {
  const state = root.state === undefined ? undefined : execution.machine.states[root.state]
  if (state?.kind !== 'Task' || !settlesPlan(state.task) || root.phase !== 'succeeded') return undefined
  if (execution.purpose === 'plan') return 'planned'
  if (execution.plan?.waves.length !== 0) return undefined
  return execution.leftOut.isEmpty() ? 'nothing-to-do' : 'tolerated'
}

function settlesPlan(task: string): boolean {
  return factsOf(task)?.endsDryRun === true || task === ('plan-sites' satisfies SiteTask)
}

function advance(execution: ExecutionState, path: string, scope: ScopeState, now: number): readonly Effect[] {
  const { phase } = scope
  if (phase === 'fresh') return [enter(path, scope.machine, scope.machine.startAt)]
  if (phase === 'left') return scope.next === undefined ? [] : [enter(path, scope.machine, scope.next)]
  const state = stateOf(scope, path)
  switch (phase) {
    case 'entered':
      return [evaluate(path, 'begin')]
    case 'succeeded':
      return [evaluate(path, 'finish')]
    case 'faulted':
      return handle(execution, path, scope, state)
    case 'backoff':
      return (scope.until ?? 0) <= now ? [evaluate(path, 'begin')] : [wake(path, scope.until ?? now)]
    case 'scheduled':
      return state.kind === 'Task' ? [taskEffect(execution, path, scope, state)] : []
    case 'waiting':
      return [...timed(path, scope, state, now), ...listen(path, scope)]
    case 'started':
      return advanceStarted(execution, path, scope, state, now)
  }
}

function advanceStarted(
  execution: ExecutionState,
  path: string,
  scope: ScopeState,
  state: State,
  now: number,
): readonly Effect[] {
  if (state.kind === 'Task') {
    const over = timed(path, scope, state, now)
    return over.some(({ effect }) => effect === 'end') ? over : [taskEffect(execution, path, scope, state), ...over]
  }
  if (state.kind === 'Wait') {
    return (scope.until ?? 0) <= now ? [evaluate(path, 'finish')] : [wake(path, scope.until ?? now)]
  }
  return scope.children === undefined ? [] : advanceChildren(execution, path, scope, state, scope.children)
}

const evaluate = (path: string, step: 'begin' | 'finish' | 'catch' | 'retry', handler = -1): Effect => ({
  effect: 'evaluate',
  path,
  step,
  handler,
})

const wake = (path: string, until: number): Effect => ({ effect: 'wake', path, until })

function taskEffect(execution: ExecutionState, path: string, scope: ScopeState, state: TaskState): Effect {
  return {
    effect: 'task',
    key: attemptKey(path, scope),
    path,
    state,
    attempt: Math.max(1, scope.attempt),
    devices: devicesAt(execution, path),
    begun: scope.phase === 'started',
  }
}

function timed(path: string, scope: ScopeState, state: State, now: number): readonly Effect[] {
  const { deadline, heartbeat } = scope
  const due = Math.min(deadline ?? Number.POSITIVE_INFINITY, heartbeat?.due ?? Number.POSITIVE_INFINITY)
  if (due === Number.POSITIVE_INFINITY) return []
  if (due > now) return [wake(path, due)]
  const isHeartbeat = heartbeat !== undefined && heartbeat.due === due && due !== deadline
  const error: ErrorRecord = {
    kind: 'state-failed',
    name: isHeartbeat ? 'States.HeartbeatTimeout' : 'States.Timeout',
    message: isHeartbeat
      ? `${state.name}: no sign of life for ${heartbeat.every / 1000} s`
      : `${state.name}: not done in the time that it has`,
  }
  const event = { type: 'TaskTimedOut', path, state: state.name, error } as const
  return [{ effect: 'end', why: 'timed-out', key: attemptKey(path, scope), event }]
}

function listen(path: string, { token }: ScopeState): readonly Effect[] {
  return token === undefined ? [] : [{ effect: 'listen', path, digest: token.digest }]
}

function handle(execution: ExecutionState, path: string, scope: ScopeState, state: State): readonly Effect[] {
  const error: ErrorRecord = scope.error ?? { kind: 'bug', message: `${state.name} failed without an error` }
  const failed: Effect = { effect: 'record', event: { type: 'StateFailed', path, state: state.name, error } }
  if (!('retry' in state)) return [failed]
  const retrier = state.retry.findIndex((one) => takes(one, error))
  if (retrier >= 0 && (scope.spent[retrier] ?? 0) < (state.retry[retrier]?.maxAttempts ?? 0)) {
    return [evaluate(path, 'retry', retrier)]
  }
  const catcher = state.catch.findIndex((one) => takes(one, error))
  if (catcher < 0) return [failed]
  const isOfThis = (write: Write): boolean =>
    write.path === path
      ? write.visit === scope.visit
      : write.visit > scope.visit && isBelow(write.path, path, state.name)
  const writes = [...execution.writes.filter(isOfThis).values()]
  const undos = undoEffects(execution, writes)
  if (undos.length > 0) return undos
  if (!isUndoneBadly(execution, writes)) return [evaluate(path, 'catch', catcher)]
  const incomplete: ErrorRecord = { kind: 'rollback-incomplete', message: incompleteMessage(error) }
  return [{ effect: 'record', event: { type: 'StateFailed', path, state: state.name, error: incomplete } }]
}

const incompleteMessage = (error: ErrorRecord): string =>
  `what was done before could not be undone, so the error cannot be handled: ${error.message}`

function undoFailed(execution: ExecutionState, path: string): readonly Effect[] {
  const parent = parentOf(path)
  const holder = parent === undefined ? undefined : execution.scopes.get(parent.path)
  if (holder?.children === undefined || isFailing(execution, holder.children)) return []
  return undosOfChildren(execution, holder, [path])
}

export function foldShares(
  before: ExecutionState['shares'],
  event: Extract<JournalEvent, { type: 'SharesTaken' | 'SharesGivenBack' | 'UndoFinished' }>,
): ExecutionState['shares'] {
  switch (event.type) {
    case 'SharesTaken': {
      const taken = new Map<string, readonly string[]>()
      for (const { device, share } of event.shares) taken.set(device, [...(taken.get(device) ?? []), share])
      return before.withMutations((all) => {
        for (const [device, shares] of taken) all.set(device, { shares, isOver: false })
      })
    }
    case 'SharesGivenBack':
      return before.deleteAll(event.devices)
    case 'UndoFinished': {
      const own = before.get(event.device)
      // Where it is not known what a switch runs, it is under change until the execution ends.
      const isBack = event.end !== 'unknown' && event.end !== 'changed'
      return own === undefined || !isBack ? before : before.set(event.device, { ...own, isOver: true })
    }
  }
}

/** The shares that an execution gives back while it goes on: of switches whose change is kept for good, of those that were put back, and of those that failed before anything was staged on them. */
export function sharesToGiveBack(execution: ExecutionState): readonly Effect[] {
  const { shares, kept } = execution
  const over = shares.filter(({ isOver }, device) => isOver || kept.has(device) || hasNeverBegun(execution, device))
  if (over.isEmpty()) return []
  const devices = [...over.keys()].sort()
  const given = devices.flatMap((device) => over.get(device)?.shares ?? [])
  return [{ effect: 'record', event: { type: 'SharesGivenBack', devices, shares: given } }]
}

function hasNeverBegun({ failed, devices, isRestored, mayBeCopy }: ExecutionState, device: string) {
  const { reached, unrecorded } = devices.get(device) ?? UNTOUCHED
  return failed.has(device) && reached === 'nothing' && unrecorded === undefined && !isRestored && !mayBeCopy
}

const changed = new WeakMap<readonly (readonly string[])[], readonly string[]>()

function changedBy(waves: readonly (readonly string[])[]) {
  const all = changed.get(waves) ?? waves.flat()
  changed.set(waves, all)
  return all
}

export function changedTogether(execution: ExecutionState, path: string, device: string): readonly string[] {
  const { plan, kept, leftOut, failed } = execution
  const item = itemAround(execution, path)
  const all = item === undefined ? changedBy(plan?.waves ?? [[device]]) : [item].flat().map(String)
  if (kept.isEmpty() && leftOut.isEmpty() && failed.isEmpty()) return all
  return all.filter((name) => name === device || !(kept.has(name) || leftOut.has(name) || failed.has(name)))
}
