import type { Map as PersistentMap } from 'immutable'
import { EosflowError, unreachable } from '../../model/error.ts'
import { definedMembers, type Json } from '../../model/json.ts'
import type { JournalEvent } from '../record/event/event.ts'
import { factsOf } from '../workflow/machine/machine.ts'
import { leavesDoubt } from './fault.ts'
import { bindsSwitches, childPath, machineOf, parentOf } from './scope-path.ts'
import { type Children, type ExecutionState, freshScope, type ScopeState } from './state.ts'

export type ScopeEvent = Exclude<
  Extract<JournalEvent, { path: string }>,
  { type: 'TaskUndoStarted' | 'TaskUndoFinished' }
>

/** The scope at a path as it stands, or as it stands before anything was entered. Throws `bug` on a path that cannot be. */
export function scopeAt(execution: ExecutionState, path: string): ScopeState {
  const known = execution.scopes.get(path)
  if (known !== undefined) return known
  const parent = parentOf(path)
  if (parent === undefined) return freshScope(execution.machine, execution.input)
  const holder = scopeAt(execution, parent.path)
  return freshScope(machineOf(parent, holder), holder.children?.inputs[parent.index] ?? null)
}

export function foldScope(execution: ExecutionState, event: ScopeEvent): ExecutionState {
  const before = scopeAt(execution, event.path)
  const after = stepped(before, event)
  const scopes = counted(withoutChildren(execution, event), event.path, before, after).set(event.path, after)
  return {
    ...execution,
    scopes,
    kept: settled(execution, event.path, before, after),
    failed: failedSwitch(execution, event.path, before, after),
  }
}

function stepped(before: ScopeState, event: ScopeEvent): ScopeState {
  const at = Date.parse(event.at)
  switch (event.type) {
    case 'StateEntered':
      return entered(before, event, at)
    case 'TaskScheduled':
      return cleared(event.entered === undefined ? before : entered(before, event, Date.parse(event.entered)), {
        phase: 'scheduled',
        attempt: event.attempt,
        arguments: event.arguments,
        ...limits(event),
      })
    case 'TaskStarted':
      return { ...before, phase: 'started', attempt: event.attempt, ...deadlines(before, at) }
    case 'TaskSubmitted':
      return { ...before, phase: 'waiting', token: { digest: event.token, since: event.seq } }
    case 'TaskHeartbeat':
      return {
        ...before,
        ...beaten(before, at),
        ...(before.token === undefined ? {} : { token: { ...before.token, since: event.signal } }),
      }
    case 'TaskWaiting':
      return { ...before, phase: 'waiting' }
    case 'MapStarted':
      return cleared(before, {
        phase: 'started',
        attempt: before.attempt + 1,
        children: {
          ...NONE_BEGUN,
          items: event.items,
          inputs: event.inputs ?? event.items,
          maxConcurrency: event.maxConcurrency,
          tolerated: event.tolerated ?? 0,
        },
      })
    case 'ParallelStarted': {
      const state = before.machine.states[event.state]
      const inputs = state?.kind === 'Parallel' ? state.branches.map(() => event.input) : []
      return cleared(before, {
        phase: 'started',
        attempt: before.attempt + 1,
        children: { ...NONE_BEGUN, items: [], inputs, maxConcurrency: 0, tolerated: 0 },
      })
    }
    case 'WaitStarted':
      return { ...before, phase: 'started', until: Date.parse(event.until) }
    case 'TaskSucceeded': {
      // What comes after a success in the same visit is a failed Output or Assign: the work may not be done twice for it.
      const done = cleared(before, { phase: 'succeeded', output: event.output, inDoubt: true })
      return event.exited === undefined
        ? done
        : exited(done, { state: event.state, output: event.output, ...event.exited })
    }
    case 'TaskFailed':
    case 'TaskTimedOut':
      return cleared(before, {
        phase: 'faulted',
        error: event.error,
        ...(leavesDoubt(event.error) ? { inDoubt: true } : {}),
      })
    case 'MapFailed':
    case 'ParallelFailed':
    case 'EvaluationFailed':
      return cleared(before, { phase: 'faulted', error: event.error })
    case 'RetryScheduled': {
      const spent = [...before.spent]
      spent[event.retrier] = (spent[event.retrier] ?? 0) + 1
      return cleared(before, {
        phase: 'backoff',
        spent: Array.from(spent, (count) => count ?? 0),
        until: Date.parse(event.until),
        error: event.error,
      })
    }
    case 'StateExited':
      return exited(before, event)
    case 'StateFailed':
      return cleared(before, { result: 'failed', error: event.error })
    case 'StateAborted':
      return cleared(before, { result: 'aborted' })
    default:
      return unreachable(event)
  }
}

const NONE_BEGUN = { begun: 0, ended: 0, failed: 0 } satisfies Partial<Children>

function cleared(before: ScopeState, change: Partial<ScopeState>): ScopeState {
  const { until: _until, deadline: _deadline, heartbeat: _heartbeat, token: _token, error: _error, ...rest } = before
  return { ...rest, ...change }
}

function entered(before: ScopeState, event: Pick<ScopeEvent, 'seq' | 'state'>, at: number): ScopeState {
  const state = before.machine.states[before.state ?? '']
  const kept =
    state?.kind === 'Task' && factsOf(state.task)?.keepsInput
      ? { precheck: { state: state.name, input: before.input, variables: before.variables } }
      : {}
  return {
    machine: before.machine,
    state: event.state,
    phase: 'entered',
    result: 'open',
    visit: event.seq,
    input: before.phase === 'fresh' ? before.input : outputOf(before),
    enteredAt: at,
    attempt: 0,
    spent: [],
    variables: before.variables,
    ...kept,
  }
}

function outputOf({ output, input }: ScopeState): Json {
  return output === undefined ? input : output
}

function exited(
  before: ScopeState,
  event: Pick<Extract<ScopeEvent, { type: 'StateExited' }>, 'state' | 'output' | 'assigned' | 'next'>,
): ScopeState {
  const state = before.machine.states[event.state]
  const follows = event.next ?? (state !== undefined && 'next' in state ? state.next : undefined)
  return cleared(before, {
    phase: 'left',
    result: follows === undefined ? 'done' : 'open',
    output: event.output,
    ...(event.assigned === undefined ? {} : { variables: { ...before.variables, ...event.assigned } }),
    ...definedMembers({ next: follows }),
  })
}

function limits(event: Extract<ScopeEvent, { type: 'TaskScheduled' }>): Partial<ScopeState> {
  return {
    ...(event.timeoutSeconds === undefined ? {} : { deadline: event.timeoutSeconds * 1000 }),
    ...(event.heartbeatSeconds === undefined ? {} : { heartbeat: { every: event.heartbeatSeconds * 1000, due: 0 } }),
  }
}

function deadlines(before: ScopeState, at: number): Partial<ScopeState> {
  if (before.phase !== 'scheduled') return {}
  return {
    ...(before.deadline === undefined ? {} : { deadline: at + before.deadline }),
    ...beaten(before, at),
  }
}

function beaten({ heartbeat }: ScopeState, at: number): Partial<ScopeState> {
  return heartbeat === undefined ? {} : { heartbeat: { every: heartbeat.every, due: at + heartbeat.every } }
}

function withoutChildren(execution: ExecutionState, event: ScopeEvent): PersistentMap<string, ScopeState> {
  if (event.type !== 'MapStarted' && event.type !== 'ParallelStarted') return execution.scopes
  return dropChildren(execution.scopes, event.path, event.state)
}

export function dropChildren(
  scopes: PersistentMap<string, ScopeState>,
  path: string,
  state: string,
): PersistentMap<string, ScopeState> {
  return scopes.withMutations((left) => {
    for (let index = 0; left.has(childPath(path, state, index)); index += 1) drop(left, childPath(path, state, index))
  })
}

function drop(scopes: PersistentMap<string, ScopeState>, path: string): void {
  for (const [name, state] of Object.entries(scopes.get(path)?.machine.states ?? {})) {
    if (state.kind !== 'Map' && state.kind !== 'Parallel') continue
    for (let index = 0; scopes.has(childPath(path, name, index)); index += 1) drop(scopes, childPath(path, name, index))
  }
  scopes.delete(path)
}

function settled(
  execution: ExecutionState,
  path: string,
  before: ScopeState,
  after: ScopeState,
): ExecutionState['kept'] {
  const parent = parentOf(path)
  if (parent === undefined || before.result === 'done' || after.result !== 'done') return execution.kept
  const holder = execution.scopes.get(parent.path)
  const state = holder?.machine.states[parent.state]
  if (state?.kind !== 'Map' || state.settles !== true) return execution.kept
  const item = holder?.children?.items[parent.index] ?? []
  const switches = Array.isArray(item) ? item.map(String) : [String(item)]
  return execution.kept.union(switches.filter((name) => keepsChange(execution, name)))
}

function keepsChange({ devices, ends }: ExecutionState, name: string): boolean {
  return devices.get(name)?.phase === 'saved' && !ends.has(name)
}

function failedSwitch(
  execution: ExecutionState,
  path: string,
  before: ScopeState,
  after: ScopeState,
): ExecutionState['failed'] {
  const parent = parentOf(path)
  if (parent === undefined || before.result === 'failed' || after.result !== 'failed') return execution.failed
  const holder = execution.scopes.get(parent.path)
  const state = holder?.machine.states[parent.state]
  const item = holder?.children?.items[parent.index]
  return state?.kind === 'Map' && bindsSwitches(state) && typeof item === 'string'
    ? execution.failed.add(item)
    : execution.failed
}

function counted(
  scopes: PersistentMap<string, ScopeState>,
  path: string,
  before: ScopeState,
  after: ScopeState,
): PersistentMap<string, ScopeState> {
  const parent = parentOf(path)
  const begins = before.phase === 'fresh' ? 1 : 0
  const ends = before.result === 'open' && after.result !== 'open' ? 1 : 0
  if (parent === undefined || begins + ends === 0) return scopes
  const holder = scopes.get(parent.path)
  if (holder?.children === undefined) throw new EosflowError('bug', `nothing holds ${path}`)
  const { children } = holder
  const hasFailed = ends === 1 && after.result === 'failed'
  return scopes.set(parent.path, {
    ...holder,
    children: {
      ...children,
      begun: children.begun + begins,
      ended: children.ended + ends,
      failed: children.failed + (hasFailed ? 1 : 0),
      ...(hasFailed && children.failed === 0 ? { firstFailed: parent.index } : {}),
    },
  })
}
