import type { App } from '../app/app.ts'
import { isRedrivable } from '../app/execution/redrivable.ts'
import { failedIn } from '../app/target/failed-switches.ts'
import { secretsLeft } from '../engine/around.ts'
import { errorOf, waitsForApproval } from '../engine/outcome.ts'
import type { ExecutionState } from '../engine/state.ts'
import type { ErrorKind } from '../model/error.ts'
import { keptFilesOf } from '../model/kept-workflow.ts'
import type { Scope } from '../model/principal.ts'
import { shellWord } from '../report/shell-word.ts'
import { paramFlags } from './given-params.ts'

/** The command that an execution goes on with when what it waits for is there: where workers drive, one goes on by itself. */
export function goesOnWith({ dispatch }: Pick<App, 'dispatch'>, execution: string): string {
  return `${dispatch === undefined ? 'resume' : 'watch'} ${execution}`
}

/** A command that may follow, and the act that the policy is asked about it; `words`: what it is for, where it is not the first. */
interface Step {
  readonly command: string
  readonly needs: Scope
  readonly words?: string
}

/** What a caller may do of what may follow. */
export interface NextRights {
  may(action: Scope): boolean
}

const EVERYTHING: NextRights = { may: () => true }

/** The commands of these that the caller may run now, as a line `Next:` and those that hang below it; undefined where there is none. */
function allowed(steps: readonly Step[], { may }: NextRights): string | undefined {
  const [first, ...others] = steps.filter(({ needs }) => may(needs))
  if (first === undefined) return undefined
  return [first.command, ...others.map(({ command, words = 'Or' }) => `      ${words}: ${command}`)].join('\n')
}

/**
 * The command to paste after an execution, by how far it is; undefined where the caller may do nothing. One that workers drive is resumed only where
 * somebody has suspended it; of a part of a change over several sites, the whole is what somebody can do something with.
 */
export function nextStep(
  app: Pick<App, 'dispatch'>,
  state: ExecutionState,
  isSuspended: boolean,
  rights: NextRights = EVERYTHING,
): string | undefined {
  return allowed(stepsOf(app, state, isSuspended), rights) ?? allowed([showOf(state)], rights)
}

const showOf = ({ id }: Pick<ExecutionState, 'id'>): Step => ({
  command: `eosflow show ${id}`,
  needs: 'execution.read',
})

/** What leads on from where an execution is, by itself; nothing where there is only its report. */
function stepsOf(app: Pick<App, 'dispatch'>, state: ExecutionState, isSuspended: boolean): readonly Step[] {
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
    return [planAgain(state, (sharesSecret(state) ? state.targets : failed).join(','))]
  if ((state.compensation !== undefined && !state.kept.isEmpty()) || isNotReached(state)) return [redriveOf(state)]
  return isStale(state) ? [planAgain(state, askedFor(state))] : []
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
 * What leads on from a change that was put back: to plan it again where the change itself was at fault, and has to be mended before, else to send the
 * same again. A rollback or a restore, whose workflow no person writes, is only started again.
 */
export function afterPutBack(state: ExecutionState, rights: NextRights = EVERYTHING): string | undefined {
  return allowed(stepsAfterPutBack(state), rights)
}

function stepsAfterPutBack(state: ExecutionState): readonly Step[] {
  const again: Step = redriveOf(state)
  if (keptFilesOf(state.file) !== undefined) return [again]
  const anew = planAgain(state, askedFor(state))
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

/** The command after an execution that has just ended or rests: what leads on, or what follows a put-back. */
export function afterRun(
  app: Pick<App, 'dispatch'>,
  state: ExecutionState,
  isSuspended: boolean,
  rights: NextRights = EVERYTHING,
): string | undefined {
  const own = stepsOf(app, state, isSuspended)
  const isPutBack = state.outcome === 'rolled-back' || state.outcome === 'cancelled'
  const steps = own.length === 0 && isPutBack ? stepsAfterPutBack(state) : own
  return allowed(steps, rights) ?? allowed([showOf(state)], rights)
}

/** What leads on from an execution that is shown: how it is ended while it has not, and what to do after its end. */
export function onward(
  app: Pick<App, 'dispatch'>,
  state: ExecutionState,
  isSuspended: boolean,
  rights: NextRights = EVERYTHING,
): string | undefined {
  const { id, outcome, sites } = state
  const own = stepsOf(app, state, isSuspended)
  if (outcome === undefined) {
    const stop: Step = {
      command: `eosflow stop ${sites.part?.of ?? id}`,
      needs: 'execution.stop',
      words: 'To end it and put back what it has changed',
    }
    return allowed([...own, stop], rights)
  }
  if (own.length > 0) return allowed(own, rights)
  if (isRedrivable(state)) return allowed(stepsAfterPutBack(state), rights)
  return allowed(
    [{ command: `eosflow ${outcome === 'unknown' ? `history ${id}` : 'executions'}`, needs: 'execution.read' }],
    rights,
  )
}

/** The same change planned again, on these switches, or all that it is for: what was approved is used. A change file says its switches and values itself. */
function planAgain({ file, params, changeFile }: ExecutionState, only: string | undefined): Step {
  const what =
    changeFile === undefined
      ? `${shellWord(file)}${paramFlags(params)}${only === undefined ? '' : ` -t ${shellWord(only)}`}`
      : shellWord(changeFile.file)
  return { command: `eosflow plan ${what}`, needs: 'plan.create' }
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
