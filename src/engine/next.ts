import { EosflowError, type ErrorRecord } from '../model/error.ts'
import type { Json } from '../model/json.ts'
import type { MapState, State, TaskState, WaitState } from '../workflow/machine.ts'
import { compensate } from './compensate.ts'
import type { Effect } from './effect.ts'
import { endOf, outcomeOfCompletion } from './outcome.ts'
import { childPath, devicesAt, itemsAt, machineAt } from './scope-path.ts'
import { type ExecutionState, FRESH, type ScopeState } from './state.ts'

/**
 * What an execution does next. Pure: the same state and time always give the same effects; control transitions come
 * as records, so every one of them is in the journal. Empty when it has ended or waits for a person.
 */
export function next(execution: ExecutionState, now: number): readonly Effect[] {
  if (execution.status === 'new' || execution.status === 'ended') return []
  if (execution.status === 'compensating') return compensate(execution)
  const early = settledByPlan(execution)
  if (early !== undefined) return [{ effect: 'record', event: early }]
  const root = execution.scopes[''] ?? FRESH
  if (root.result === 'done') return [{ effect: 'record', event: endOf(execution, outcomeOfCompletion(execution)) }]
  if (root.result === 'failed') {
    const error: ErrorRecord = root.error ?? { kind: 'bug', message: 'a state failed without an error' }
    return [{ effect: 'record', event: { type: 'CompensationStarted', reason: 'failure', error } }]
  }
  return advance(execution, '', now)
}

/** A dry run ends with its plan, and so does an execution whose plan changes nothing. */
function settledByPlan(execution: ExecutionState): ReturnType<typeof endOf> | undefined {
  const root = execution.scopes['']
  const state = root?.state === undefined ? undefined : execution.machine.states[root.state]
  if (state?.kind !== 'Task' || state.task !== 'plan' || root?.phase !== 'succeeded') return undefined
  if (execution.purpose === 'plan') return endOf(execution, 'planned')
  return execution.plan?.waves.length === 0 ? endOf(execution, 'nothing-to-do') : undefined
}

/** What one scope does next. */
function advance(execution: ExecutionState, path: string, now: number): readonly Effect[] {
  const scope = execution.scopes[path] ?? FRESH
  const machine = machineAt(execution.machine, path)
  if (scope.phase === 'fresh') return [enter(path, machine.startAt)]
  const state = machine.states[scope.state ?? '']
  if (state === undefined) throw new EosflowError('bug', `no state ${scope.state} in scope ${path}`)
  if (scope.phase === 'left') return 'next' in state && state.next !== undefined ? [enter(path, state.next)] : []
  if (scope.phase === 'succeeded') return [exit(path, state)]
  switch (state.kind) {
    case 'Task':
      return advanceTask(execution, path, scope, state)
    case 'Map':
      return advanceMap(execution, path, scope, state, now)
    case 'Wait':
      return advanceWait(path, scope, state, now)
    case 'Succeed':
    case 'Fail':
      return []
  }
}

const enter = (path: string, state: string): Effect => ({
  effect: 'record',
  event: { type: 'StateEntered', path, state },
})
const exit = (path: string, state: State): Effect => ({
  effect: 'record',
  event: { type: 'StateExited', path, state: state.name },
})

function advanceTask(execution: ExecutionState, path: string, scope: ScopeState, state: TaskState): readonly Effect[] {
  if (scope.phase === 'waiting') return []
  const recover = scope.phase === 'started'
  return [
    {
      effect: 'task',
      key: taskKey(path, state),
      path,
      state,
      attempt: recover ? scope.attempt : scope.attempt + 1,
      devices: devicesAt(execution, path),
      recover,
    },
  ]
}

const taskKey = (path: string, state: TaskState): string => `${path}/${state.name}`

function advanceWait(path: string, scope: ScopeState, state: WaitState, now: number): readonly Effect[] {
  if (scope.until === undefined) {
    const until = new Date(now + state.seconds * 1000).toISOString()
    return [{ effect: 'record', event: { type: 'WaitStarted', path, state: state.name, until } }]
  }
  if (now >= scope.until) return [exit(path, state)]
  return [{ effect: 'sleep', key: `${path}/${state.name}`, until: scope.until }]
}

function advanceMap(
  execution: ExecutionState,
  path: string,
  scope: ScopeState,
  state: MapState,
  now: number,
): readonly Effect[] {
  if (scope.phase === 'entered') {
    const items = itemsOf(execution, path, state)
    return [{ effect: 'record', event: { type: 'MapStarted', path, state: state.name, items } }]
  }
  const children = (scope.items ?? []).map((_, index) => {
    const at = childPath(path, state.name, index)
    return { at, scope: execution.scopes[at] ?? FRESH }
  })
  const failed = children.find((child) => child.scope.result === 'failed')
  if (failed !== undefined) return failMap(execution, path, state, children, failed.scope)
  const open = children.filter((child) => child.scope.result === 'open')
  if (open.length === 0) return [exit(path, state)]
  const begun = open.filter((child) => child.scope.phase !== 'fresh')
  const fresh = open.filter((child) => child.scope.phase === 'fresh')
  const room = Math.max(0, state.maxConcurrency - begun.length)
  return [...begun, ...fresh.slice(0, room)].flatMap((child) => advance(execution, child.at, now))
}

/** The items of a Map, from the plan. */
function itemsOf(execution: ExecutionState, path: string, state: MapState): readonly Json[] {
  const waves = execution.plan?.waves
  if (waves === undefined) throw new EosflowError('bug', `state ${state.name} needs a plan`)
  switch (state.items.from) {
    case 'waves':
      return waves.map((wave) => [...wave])
    case 'targets':
      return waves.flat()
    case 'wave': {
      const wave = itemsAt(execution, path).at(-1)
      if (!Array.isArray(wave)) throw new EosflowError('bug', `state ${state.name} stands in no wave`)
      return wave as readonly Json[]
    }
  }
}

interface Child {
  readonly at: string
  readonly scope: ScopeState
}

/** Nothing new is begun; what runs is drained; then the Map fails with the first failure. */
function failMap(
  execution: ExecutionState,
  path: string,
  state: MapState,
  children: readonly Child[],
  failed: ScopeState,
): readonly Effect[] {
  const running = children.flatMap((child) => drains(execution, child.at))
  if (running.length > 0) return running
  const error: ErrorRecord = failed.error ?? { kind: 'bug', message: 'an item failed without an error' }
  return [{ effect: 'record', event: { type: 'MapFailed', path, state: state.name, error } }]
}

/** The tasks that are under way in a scope and below it. */
export function drains(execution: ExecutionState, path: string): readonly Effect[] {
  const scope = execution.scopes[path] ?? FRESH
  if (scope.result !== 'open' || scope.phase !== 'started') return []
  const state = machineAt(execution.machine, path).states[scope.state ?? '']
  if (state?.kind === 'Task') {
    return [{ effect: 'drain', key: taskKey(path, state), path, state, devices: devicesAt(execution, path) }]
  }
  if (state?.kind !== 'Map') return []
  return (scope.items ?? []).flatMap((_, index) => drains(execution, childPath(path, state.name, index)))
}
