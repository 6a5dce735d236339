import type { App } from '../app/app.ts'
import { isRedrivable } from '../app/execution/redrivable.ts'
import { failedIn } from '../app/target/failed-switches.ts'
import { secretsLeft } from '../engine/around.ts'
import { errorOf, waitsForApproval } from '../engine/outcome.ts'
import type { ExecutionState } from '../engine/state.ts'
import type { ErrorKind } from '../model/error.ts'
import { keptFilesOf } from '../model/kept-workflow.ts'
import { shellWord } from '../report/shell-word.ts'
import { paramFlags } from './given-params.ts'

/** The command that an execution goes on with when what it waits for is there: where workers drive, one goes on by itself. */
export function goesOnWith({ dispatch }: Pick<App, 'dispatch'>, execution: string): string {
  return `${dispatch === undefined ? 'resume' : 'watch'} ${execution}`
}

/**
 * The line to paste after an execution, by how far it is. One that workers drive is resumed only where somebody has suspended it; of a part of a change
 * over several sites, the whole is what somebody can do something with.
 */
export function nextStep(app: Pick<App, 'dispatch'>, state: ExecutionState, isSuspended: boolean): string {
  if (waitsForApproval(state)) return `eosflow approve ${state.id} && eosflow ${goesOnWith(app, state.id)}`
  if (state.outcome === undefined) {
    return `eosflow ${isSuspended ? `resume ${state.id}` : goesOnWith(app, state.sites.part?.of ?? state.id)}`
  }
  const failed = failedIn(state)
  const isOfProject = keptFilesOf(state.file) === undefined
  if (state.outcome === 'tolerated' && isOfProject && failed.length > 0)
    return planAgain(state, (sharesSecret(state) ? state.targets : failed).join(','))
  if ((state.compensation !== undefined && !state.kept.isEmpty()) || isNotReached(state))
    return `eosflow redrive ${state.id}`
  if (isStale(state)) return planAgain(state, askedFor(state))
  return `eosflow show ${state.id}`
}

/** What was put back, or refused, because of these is not the change's fault: the same may be good the next time. */
const NOT_THE_CHANGE: ReadonlySet<string> = new Set([
  'unreachable',
  'lost-answer',
  'unauthenticated',
  'tls',
  'wrong-device',
  'not-approved',
  'not-authorised',
  'window-closed',
  'busy',
  'cancelled',
  'clock',
  'store',
  'secret',
  'inventory-source',
] satisfies readonly ErrorKind[])

/**
 * What leads on from a change that was put back: first to mend it and plan it anew where the change itself was at fault, else to send the same again. A
 * rollback or a restore, whose workflow nobody writes, is only started again.
 */
export function afterPutBack(state: ExecutionState): string {
  const again = `eosflow redrive ${state.id}`
  if (keptFilesOf(state.file) !== undefined) return again
  const anew = planAgain(state, askedFor(state))
  if (isStale(state)) return anew
  const kind = errorOf(state)?.kind
  return kind !== undefined && NOT_THE_CHANGE.has(kind)
    ? `${again}\n      To alter it first: ${anew}`
    : `mend what is said above, then: ${anew}\n      To send the same again: ${again}`
}

/** What leads on from an execution that is shown: how it is ended while it has not, and what to do behind its end. */
export function onward(app: Pick<App, 'dispatch'>, state: ExecutionState, isSuspended: boolean): string {
  const { id, outcome, sites } = state
  const next = nextStep(app, state, isSuspended)
  if (outcome === undefined)
    return `${next}\n      To end it and put back what it has changed: eosflow stop ${sites.part?.of ?? id}`
  if (next !== `eosflow show ${id}`) return next
  if (isRedrivable(state)) return afterPutBack(state)
  return `eosflow ${outcome === 'unknown' ? `history ${id}` : 'executions'}`
}

/** The same change planned anew, on these switches, or all that it is for: what was approved is used. A change file says its switches and values itself. */
function planAgain({ file, params, changeFile }: ExecutionState, only: string | undefined): string {
  if (changeFile !== undefined) return `eosflow plan ${shellWord(changeFile.file)}`
  return `eosflow plan ${shellWord(file)}${paramFlags(params)}${only === undefined ? '' : ` -t ${shellWord(only)}`}`
}

/** The switches that were typed, as they were; undefined where none were. */
function askedFor({ asked: { only, exact }, targets }: ExecutionState): string | undefined {
  return only ?? (exact === true ? targets.join(',') : undefined)
}

/** Whether its switches have one secret together, some of them the new one: for those that failed alone it is refused (docs/rotate.md#what-is-needed). */
function sharesSecret(state: ExecutionState): boolean {
  return secretsLeft(state).length > 0
}

/** Whether an execution was refused because a switch did not answer: it begins again where that was. */
function isNotReached(state: ExecutionState): boolean {
  return state.outcome === 'refused' && state.purpose !== 'plan' && errorOf(state)?.kind === 'unreachable'
}

/** Whether a plan was no longer true when it was to be sent: the same is planned anew, by its workflow. */
function isStale(state: ExecutionState): boolean {
  return state.outcome === 'refused' && keptFilesOf(state.file) === undefined && errorOf(state)?.kind === 'stale'
}
