import { secretsLeft } from '../../../change/engine/around.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { recordedPlan } from '../../../change/plan/stored-plan.ts'
import { isSameHuman } from '../../../change/policy/quorum.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { whoLooks } from '../../../features/schedule/who-looks.ts'
import type { App, RecordApp } from '../../../project/app/app.ts'
import type { AskMode } from '../../../project/approval/approvals.ts'
import { runUntilSettled } from '../../../project/execution/run/run-until-settled.ts'
import { seenExecution } from '../../../project/history/execution-view.ts'
import { suspensionOf } from '../../../project/history/requests/stop-asked.ts'
import { whileWatching } from '../../../project/history/watch/watch.ts'
import { wholeDigest } from '../../../project/system/process/whole-digest.ts'
import { isTroubled } from '../../../report/event-words/history.ts'
import { executionAs } from '../../../report/execution/formats.ts'
import { warningLines } from '../../../report/plan/text.ts'
import { styleOf, visibleLine } from '../../../report/text/text.ts'
import { exitCodeOf } from '../outcome/exit-code.ts'
import { madeWords, nextLine, rightsAfter } from '../outcome/next-rights.ts'
import { afterRun } from '../outcome/next-step.ts'
import type { CommandContext } from '../terminal/compose.ts'
import { asTyped, type Invocation, type Io } from '../terminal/io.ts'
import { undoLine } from './undo-on.ts'

const INTERRUPTED = 130

/**
 * Runs an execution and reports it. When it cannot go on (the store, the plan) while a switch is not settled, that is
 * said above all: exit code 7. Where another process runs it, that one will settle it. `stepOf`: the line to paste where another one than the usual is good.
 */
export async function report(
  context: CommandContext,
  id: string,
  run: () => Promise<ExecutionState | undefined>,
  stepOf?: (state: ExecutionState) => string | undefined,
): Promise<number> {
  const { app, invocation } = context
  return runUntilSettled(app, id, async () => {
    const state = await run()
    if (state === undefined) return noLongerWatching(invocation, id)
    const shown = (patient: App) => recap({ ...context, app: patient }, state, exitCodeOf(state), stepOf?.(state))
    return (await whileWatching(app, invocation.io.stop, shown)) ?? noLongerWatching(invocation, id)
  })
}

/** Throws InputError. */
export function askModeOf({ options }: Pick<Invocation, 'options'>): AskMode {
  const digest = wholeDigest('--approve', options.approve)
  return {
    ...(digest === undefined ? {} : { digest, comment: '--approve' }),
    detach: options.detach === true,
  }
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
  { app, caller, io, global }: CommandContext,
  state: ExecutionState,
  code = exitCodeOf(state),
  step?: string,
): Promise<number> {
  const events = await recapRecords(app, state.id)
  const suspension = app.isLost() ? undefined : await suspensionOf(app, state, events)
  if (global.json) {
    const seen = app.isLost() ? {} : await seenExecution(app, state.id)
    io.out(`${executionAs.json(state, events, code, { suspension, ...seen })}\n`)
    return code
  }
  io.out(`\n${executionAs.text(state, events, styleOf(io), { isWhole: global.verbose > 0, suspension })}\n`)
  if (!app.isLost() && state.outcome !== undefined) {
    for (const line of [
      ...(await approvedBy({ app, caller }, state, events)),
      ...(await warnedOf(app, state)),
      ...(await whoLooks(app, state.id)),
    ])
      io.out(`${line}\n`)
    io.out(asTyped(await undoLine({ app, caller }, state), io))
  }
  if (app.isLost()) io.out(nextLine('eosflow recover --scan'))
  else {
    const rights = await rightsAfter(app, caller, state)
    io.out(madeWords(rights))
    for (const line of rights.wanted) io.out(`${visibleLine(line)} They run: eosflow approve ${state.id}\n`)
    io.out(nextLine(step ?? afterRun(app, state, suspension !== undefined, rights)))
  }
  return code
}

const OF_COURSE = ['TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'StateEntered', 'StateExited'] as const

async function recapRecords({ store }: Pick<RecordApp, 'store'>, id: string) {
  const some = await store.read(id, { but: OF_COURSE })
  return isTroubled(some) ? store.read(id) : some
}

async function approvedBy(
  { app, caller }: Pick<CommandContext, 'app' | 'caller'>,
  { plan }: ExecutionState,
  events: readonly JournalEvent[],
) {
  const used = new Set(events.flatMap((event) => (event.type === 'ApprovalUsed' ? [event.nonce] : [])))
  if (plan === undefined || used.size === 0) return []
  const decided = await app.store.approvals(plan.digest)
  const people = decided.flatMap(({ event: { statement } }) => (used.has(statement.nonce) ? [statement.approver] : []))
  if (people.every((one) => isSameHuman(one, caller.principal))) return []
  return [`Approved by ${[...new Set(people.map(({ id }) => visibleLine(id)))].join(' and ')}`]
}

async function warnedOf({ store }: RecordApp, { outcome, plan }: ExecutionState) {
  if (outcome !== 'nothing-to-do' || plan === undefined) return []
  return warningLines(await recordedPlan(store, plan.ref))
}

/** The exit code of an execution that was asked to stop: that it stopped is success where no secret is left over; whatever else became of it has its own code. */
export function exitCodeOfStop(state: ExecutionState): number {
  if (state.outcome !== 'cancelled') return exitCodeOf(state)
  return secretsLeft(state).length > 0 ? 8 : 0
}
