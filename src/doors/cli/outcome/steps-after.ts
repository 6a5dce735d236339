import { secretsLeft } from '../../../change/engine/around.ts'
import { errorOf, waitsForApproval } from '../../../change/engine/outcome.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { ErrorKind } from '../../../model/error.ts'
import { keptFilesOf } from '../../../model/kept-workflow.ts'
import type { Scope } from '../../../model/principal.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import { failedIn } from '../../../project/history/executions/failed-switches.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { paramFlags } from '../option/given-params.ts'

export function goesOnWith({ dispatch }: Pick<RecordApp, 'dispatch'>, execution: string): string {
  return `${dispatch === undefined ? 'resume' : 'watch'} ${execution}`
}

export interface Step {
  readonly command: string
  readonly needs: Scope
  readonly words?: string
}

export type HiddenParams = ReadonlySet<string>

export const showOf = ({ id }: Pick<ExecutionState, 'id'>): Step => ({
  command: `eosflow show ${id}`,
  needs: 'execution.read',
})

export function stepsOf(
  app: Pick<RecordApp, 'dispatch'>,
  state: ExecutionState,
  isSuspended: boolean,
  hidden?: HiddenParams,
): readonly Step[] {
  const { id } = state
  if (waitsForApproval(state))
    return [{ command: `eosflow approve ${id} && eosflow ${goesOnWith(app, id)}`, needs: 'plan.approve' }]
  if (state.outcome === undefined) {
    const on = isSuspended ? `resume ${id}` : goesOnWith(app, state.sites.part?.of ?? id)
    return [{ command: `eosflow ${on}`, needs: on.startsWith('watch') ? 'execution.read' : 'execution.start' }]
  }
  const failed = failedIn(state)
  const isOfProject = keptFilesOf(state.file) === undefined
  if (state.outcome === 'tolerated' && isOfProject && failed.length > 0)
    return [planAgain(state, (sharesSecret(state) ? state.targets : failed).join(','), hidden)]
  if ((state.compensation !== undefined && !state.kept.isEmpty()) || isNotReached(state)) return [redriveOf(state)]
  return isStale(state) ? [planAgain(state, askedFor(state), hidden)] : []
}

// What was put back, or refused, because of these is not the change's fault: the same may be good the next time.
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

export function stepsAfterPutBack(state: ExecutionState, hidden?: HiddenParams): readonly Step[] {
  const again = redriveOf(state)
  if (keptFilesOf(state.file) !== undefined) return [again]
  const anew = planAgain(state, askedFor(state), hidden)
  if (isStale(state)) return [anew]
  const kind = errorOf(state)?.kind
  return kind !== undefined && NOT_THE_CHANGE.has(kind)
    ? [again, { ...anew, words: 'To alter it first' }]
    : [
        { ...anew, words: 'Once it is mended' },
        { ...again, words: 'To send the same again' },
      ]
}

const redriveOf = ({ id }: ExecutionState): Step => ({ command: `eosflow redrive ${id}`, needs: 'execution.start' })

function planAgain(
  { file, params, changeFile }: ExecutionState,
  only: string | undefined,
  hidden: HiddenParams | undefined,
): Step {
  const what =
    changeFile === undefined
      ? `${shellWord(file)}${paramFlags(params, hidden)}${only === undefined ? '' : ` -t ${shellWord(only)}`}`
      : shellWord(changeFile.file)
  return { command: `eosflow plan ${what}`, needs: 'plan.create' }
}

function askedFor({ asked: { only, exact }, targets }: ExecutionState) {
  return only ?? (exact === true ? targets.join(',') : undefined)
}

// Whether its switches have one secret together, some of them the new one: for those that failed alone it is refused
// (docs/rotate.md#what-is-needed).
function sharesSecret(state: ExecutionState) {
  return secretsLeft(state).length > 0
}

// Whether an execution was refused because a switch did not answer: it begins again where that was.
function isNotReached(state: ExecutionState) {
  return state.outcome === 'refused' && state.purpose !== 'plan' && errorOf(state)?.kind === 'unreachable'
}

function isStale(state: ExecutionState) {
  return state.outcome === 'refused' && keptFilesOf(state.file) === undefined && errorOf(state)?.kind === 'stale'
}
