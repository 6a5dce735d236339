import { whoLooks } from '../app/after/who-looks.ts'
import type { App } from '../app/app.ts'
import { seenExecution } from '../app/execution/execution-view.ts'
import { runUntilSettled } from '../app/execution/run-until-settled.ts'
import { suspensionOf } from '../app/execution/suspension.ts'
import { whileWatching } from '../app/store/patient-watch.ts'
import { failedIn } from '../app/target/failed-switches.ts'
import { secretsLeft } from '../engine/around.ts'
import { errorOf, waitsForApproval } from '../engine/outcome.ts'
import type { ExecutionState } from '../engine/state.ts'
import { keptFilesOf } from '../model/kept-workflow.ts'
import { readRecordedPlan } from '../plan/recorded-plan.ts'
import { storedPlanText } from '../plan/stored-plan.ts'
import { executionAs } from '../report/execution/formats.ts'
import { warningLines } from '../report/plan/text.ts'
import { shellWord } from '../report/shell-word.ts'
import { colored, plain } from '../report/style.ts'
import { undoLine } from './approval/undo-on.ts'
import type { CommandContext } from './compose.ts'
import { exitCodeOf } from './exit-code.ts'
import { paramFlags } from './given-params.ts'
import type { Invocation, Io } from './io.ts'

/** How an interrupted watcher ends: that says nothing about the execution, which goes on. */
const INTERRUPTED = 130

/**
 * Runs an execution and reports it. When it cannot go on (the store, the plan) while a switch is not settled, that is
 * said above all: exit code 7. Where another process runs it, that one will settle it. `stepOf`: the line to paste where another one than the usual is good.
 */
export async function report(
  context: CommandContext,
  id: string,
  run: () => Promise<ExecutionState | undefined>,
  codeOf: (state: ExecutionState) => number = exitCodeOf,
  stepOf?: (state: ExecutionState) => string | undefined,
): Promise<number> {
  const { app, invocation } = context
  return runUntilSettled(app, id, async () => {
    const state = await run()
    if (state === undefined) return noLongerWatching(invocation, id)
    const shown = (patient: App): Promise<number> =>
      recap({ ...context, app: patient }, state, codeOf(state), stepOf?.(state))
    return (await whileWatching(app, invocation.io.stop, shown)) ?? noLongerWatching(invocation, id)
  })
}

/** Says that an execution goes on without whoever has watched it. Gives the exit code. */
export function noLongerWatching({ io }: Invocation, id: string): number {
  io.err(`\nno longer watching; ${id} goes on\nNext: eosflow watch ${id}\n`)
  return codeOfLeft(io)
}

/** The exit code of a command that does not watch to the end: it was interrupted, or the store was away for too long. */
export function codeOfLeft({ stop }: Pick<Io, 'stop'>): number {
  return stop.aborted ? INTERRUPTED : 13
}

/** Prints how an execution stands. Gives the exit code. */
export async function recap(
  { app, caller, invocation }: CommandContext,
  state: ExecutionState,
  code = exitCodeOf(state),
  step?: string,
): Promise<number> {
  const { io, global } = invocation
  const events = await app.store.read(state.id)
  const suspension = app.isLost() ? undefined : await suspensionOf(app, state, events)
  if (global.json) {
    const seen = app.isLost() ? {} : await seenExecution(app, state.id)
    io.out(`${executionAs.json(state, events, code, { suspension, ...seen })}\n`)
    return code
  }
  io.out(
    `\n${executionAs.text(state, events, io.color ? colored : plain, { isWhole: global.verbose > 0, suspension })}\n`,
  )
  if (!app.isLost() && state.outcome !== undefined) {
    for (const line of [...(await warnedOf(app, state)), ...(await whoLooks(app, state.id))]) io.out(`${line}\n`)
    io.out(await undoLine({ app, caller }, state))
  }
  io.out(
    `Next: ${app.isLost() ? 'eosflow recover --scan' : (step ?? nextStep(app, state, suspension !== undefined))}\n`,
  )
  return code
}

/** What the plan of a change that had nothing to do warns of, a line each: nobody was shown that plan. */
async function warnedOf({ store }: App, { outcome, plan }: ExecutionState): Promise<readonly string[]> {
  if (outcome !== 'nothing-to-do' || plan === undefined) return []
  return warningLines(readRecordedPlan(await storedPlanText(store, plan.ref)))
}

/** The exit code of an execution that was asked to stop: that it stopped is success where no secret is left over; whatever else became of it has its own code. */
export function exitCodeOfStop(state: ExecutionState): number {
  if (state.outcome !== 'cancelled') return exitCodeOf(state)
  return secretsLeft(state).length > 0 ? 8 : 0
}

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
