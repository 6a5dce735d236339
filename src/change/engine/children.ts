import { EosflowError, type ErrorRecord } from '../../model/error.ts'
import type { State, StateMachine } from '../workflow/machine/machine.ts'
import type { Effect } from './effect.ts'
import { attemptKey, childPath, isWithin, machineOf, parentOf, stateOf } from './scope-path.ts'
import type { Children, ExecutionState, ScopeState, Write } from './state.ts'
import { undoEffects } from './undo.ts'

export function begunChildren(path: string, { children, state }: ScopeState): readonly string[] {
  if (children === undefined || state === undefined) return []
  return Array.from({ length: children.begun }, (_, index) => childPath(path, state, index))
}

/** Whether a Map or Parallel fails with its children: more of them have failed than it tolerates, or one has of which nobody knows what it left behind. */
export function isFailing({ isLeftInDoubt }: ExecutionState, { failed, tolerated }: Children): boolean {
  return failed > tolerated || (failed > 0 && isLeftInDoubt)
}

export function isDoomed(execution: ExecutionState, path: string): boolean {
  const parent = parentOf(path)
  if (parent === undefined) return false
  const holder = execution.scopes.get(parent.path)
  if (holder?.children === undefined) throw new EosflowError('bug', `nothing holds ${path}`)
  return isFailing(execution, holder.children) || isDoomed(execution, parent.path)
}

export function advanceChildren(
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

export function enter(path: string, { states }: StateMachine, state: string): Effect {
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

/**
 * What ends at and below a scope whose Map or Parallel has failed: a task at its next safe point, everything else at
 * once. Amazon States Language aborts tasks where they are; a switch in the middle of a commit may not be left there.
 */
export function endEffects(execution: ExecutionState, path: string): readonly Effect[] {
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

export function undosOfChildren(
  execution: ExecutionState,
  { visit }: ScopeState,
  children: readonly string[],
): readonly Effect[] {
  const isIn = (write: Write) => write.visit > visit && children.some((child) => isWithin(write.path, child))
  return undoEffects(execution, execution.writes.filter(isIn).values())
}
