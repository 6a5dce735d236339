import { foldAll } from '../../../change/engine/fold.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { liveSwitches } from '../../../change/engine/suspend.ts'
import { type Cursor, cursorBehind, isBehind } from '../../../change/record/event/cursor.ts'
import type { EventBody, JournalEvent } from '../../../change/record/event/event.ts'
import type { Signal } from '../../../change/record/store/store.ts'
import { EosflowError } from '../../../model/error.ts'
import { taskTokenDigest } from '../../../model/task-token.ts'
import { type AllowedAct, type PolicyContext, requireAllowed, writeAllowed } from '../../access/policy/authority.ts'
import { aboutExecution, aboutPlanned } from '../../access/policy/entry.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { wake } from '../../app/dispatch/worker-dispatch.ts'
import { brakingApp, judgingApp } from '../../history/bundle/app-for.ts'
import { executionNamed } from '../../history/executions/list-executions.ts'
import { type AwaitedToken, awaitedToken } from '../../history/requests/awaited-token.ts'
import type { EndRequest } from '../../history/requests/end-request.ts'
import { lastAsked, suspensionOf } from '../../history/requests/stop-asked.ts'
import { requireNoPart, requireUndivided } from '../../history/sites/parts.ts'
import { watchRecord, whileWatching } from '../../history/watch/watch.ts'
import type { Caller, SilentCaller } from '../../identity/caller-of.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { passClock } from '../../system/process/pass-clock.ts'
import { isExecutionRunning } from '../run/run-until-settled.ts'

// Looks without a new record and without a process before an execution rests.
const ALONE = 4

/** Gives the place behind it. Throws `busy` where it has moved on since `newest`. */
export async function askToRest(
  app: RecordApp,
  caller: Caller,
  suspended: string,
  { reason, newest }: Pick<EndRequest, 'reason' | 'newest'>,
): Promise<Cursor> {
  await passClock(app.clockRule, caller)
  const [asked] = await app
    .journalAs(caller.principal)
    .append(
      undefined,
      [{ type: 'SuspendRequested', suspended, reason }],
      newest === undefined ? undefined : [{ of: suspended, newest }],
    )
  return cursorBehind(asked)
}

/** Waits for an execution that was asked to rest, at `asked`, until it has ended or no process runs it. Throws `busy` when it was resumed meanwhile, `store` when the store is lost, which says nothing any more of what runs, and as {@link requireNothingLive} does. */
export function rested(
  app: RecordApp,
  caller: Caller,
  found: ExecutionState,
  asked: Cursor,
  tell: (events: readonly JournalEvent[]) => void,
): Promise<ExecutionState | undefined> {
  return whileWatching(app, caller.stop, (patient) => restedAt(patient, caller, found, asked, tell))
}

async function restedAt(
  app: RecordApp,
  caller: Caller,
  found: ExecutionState,
  asked: Cursor,
  tell: (events: readonly JournalEvent[]) => void,
) {
  let alone = 0
  for await (const { state, events } of watchRecord(app, found, caller.stop)) {
    tell(events)
    if (state.status === 'ended') return state
    requireNotResumed(app, found.id, events, asked)
    alone = events.length === 0 && !(await app.claims.isClaimed(found.id)) ? alone + 1 : 0
    if (alone < ALONE) continue
    if (app.isLost()) throw storeLost(app, found.id)
    requireNothingLive(app, state)
    return state
  }
  return undefined
}

function storeLost(app: WordedHost, id: string) {
  return new EosflowError(
    'store',
    `the store is no longer the one that was opened: whether ${id} rests is not known`,
    hinted(app, { code: 'look-and-scan' }),
  )
}

/** Throws `rollback-incomplete` where the process that ran an execution is gone and a switch of it may run its change. */
export function requireNothingLive(app: WordedHost, state: ExecutionState): void {
  const live = liveSwitches(state)
  if (live.length === 0) return
  throw new EosflowError(
    'rollback-incomplete',
    `${state.id} is not at a safe point, and no process runs it: ${live.join(', ')} not settled. A running commit timer puts an unconfirmed change back by itself.`,
    hinted(app, { code: 'resume', execution: state.id }),
  )
}

function requireNotResumed(app: WordedHost, id: string, events: readonly JournalEvent[], asked: Cursor) {
  const resumed = events.find((event) => lastAsked([event]) !== undefined && isBehind(event, asked))
  if (resumed === undefined) return
  throw new EosflowError(
    'busy',
    `${id} was resumed by ${resumed.actor} after it was asked to rest: it goes on`,
    hinted(app, { code: 'watch', execution: id }),
  )
}

// The request is on record each time, unless the execution had ended or was suspended before.
interface SuspendEnd {
  readonly kind: 'ended-before' | 'rests-already' | 'rests' | 'left'
  readonly state: ExecutionState
}

/** Throws as the policy does, as {@link rested}, and `busy` where it has moved on since `newest`. */
export async function suspend(
  app: RecordApp,
  caller: Caller,
  { execution, reason, newest }: EndRequest,
  progress: (found: ExecutionState) => (events: readonly JournalEvent[]) => void,
): Promise<SuspendEnd> {
  const id = await executionNamed(app, execution)
  const events = await app.store.read(id)
  const found = foldAll(id, events)
  if (found.status === 'ended') {
    await requireAllowed(app, caller, 'execution.read', aboutExecution(found))
    return { kind: 'ended-before', state: found }
  }
  await requireAllowed(await brakingApp(app, found), caller, 'execution.stop', {
    ...aboutExecution(found),
    underway: true,
    brakes: true,
  })
  requireNoPart(found, 'stop')
  requireUndivided(found, 'suspend')
  const isResting = !(await isExecutionRunning(app, id))
  if (isResting) requireNothingLive(app, found)
  if (isResting && (await suspensionOf(app, found, events)) !== undefined)
    return { kind: 'rests-already', state: found }
  const asked = await askToRest(app, caller, id, { reason, newest })
  // Whoever has taken it up before the request is waited for like any other.
  if (isResting && !(await hasMovedOn(app, found))) return { kind: 'rests-already', state: found }
  caller.tell(`${id} is asked to rest; an armed switch is confirmed or put back first, nothing else is undone\n`)
  const state = await rested(app, caller, found, asked, progress(found))
  return state === undefined ? { kind: 'left', state: found } : { kind: 'rests', state }
}

async function hasMovedOn({ store }: PolicyContext, found: ExecutionState) {
  return (await store.read(found.id)).some((event) => isBehind(event, cursorBehind(found)))
}

export type SignalAnswer = Extract<EventBody, { type: 'SignalSent' }>['answer']

/** The digest of the token goes on record, never the token. Throws `not-approved` for a token that this store has not given, `stale` for one that counts no more, and as the policy does. */
export async function sendSignal(
  app: App,
  caller: SilentCaller,
  { token, answer }: { readonly token: string; readonly answer: SignalAnswer },
): Promise<{ readonly awaited: AwaitedToken; readonly sent: SignalReceipt }> {
  const digest = taskTokenDigest(token)
  const awaited = await requireWaiting(app, digest)
  const events = await app.store.read(awaited.execution)
  const begun = events.find((event) => event.type === 'ExecutionStarted')
  const isJudgedAsPublished = begun?.bundle !== undefined || app.project.published !== undefined
  const folded = () => foldAll(awaited.execution, events)
  const judging = isJudgedAsPublished ? await judgingApp(app, folded()) : app
  const about = begun === undefined ? {} : await aboutPlanned(judging, begun, folded)
  const allowed = await requireAllowed(judging, caller, 'execution.start', { ...about, underway: true })
  const sent = await send(app, caller, allowed, awaited, { token: digest, answer })
  if (answer.signal !== 'heartbeat') await wake(app, awaited.execution, sent.seq)
  return { awaited, sent }
}

// Throws `not-approved` for a token that this store has not given, and `stale` for one that counts no more.
async function requireWaiting(app: RecordApp, digest: string) {
  const awaited = await awaitedToken(app.store, digest)
  if (awaited === undefined) {
    throw new EosflowError(
      'not-approved',
      'no state of this store waits for this token',
      hinted(app, { code: 'other-token' }),
    )
  }
  const restored = await app.store.restored()
  if (restored !== undefined && isBehind(restored, awaited.since)) {
    throw new EosflowError(
      'stale',
      `the token of ${awaited.state} counts no more: the store was restored from a backup at ${restored.at}`,
      hinted(app, { code: 'stop-restored', execution: awaited.execution }),
    )
  }
  const first = firstAnswer(await app.store.signals([digest], awaited.since))
  if (first !== undefined) throw alreadyAnswered(app, awaited, first)
  if (awaited.over !== undefined) {
    const { at, why } = awaited.over
    throw new EosflowError(
      'stale',
      `the token of ${awaited.state} is no longer valid: ${why} at ${at}`,
      hinted(app, { code: 'history', execution: awaited.execution }),
    )
  }
  return awaited
}

// Of two that are sent at once the first on record counts, and the second one is told so.
async function send(
  app: RecordApp,
  caller: SilentCaller,
  allowed: AllowedAct,
  awaited: AwaitedToken,
  said: { readonly token: string; readonly answer: SignalAnswer },
): Promise<SignalReceipt> {
  const [sent] = await writeAllowed(app, caller, allowed, () => [{ type: 'SignalSent', ...said }])
  if (sent === undefined) throw new EosflowError('bug', 'the journal has written nothing')
  const first = firstAnswer(await app.store.signals([said.token], awaited.since))
  if (first !== undefined && isBehind(sent, cursorBehind(first))) throw alreadyAnswered(app, awaited, first)
  return sent
}

export type SignalReceipt = Pick<Signal, 'seq' | 'at' | 'actor'>

function firstAnswer(signals: readonly Signal[]): Signal | undefined {
  return signals.find(({ answer }) => answer.signal !== 'heartbeat')
}

function alreadyAnswered(app: WordedHost, { state, execution }: AwaitedToken, { answer, at, actor }: Signal) {
  return new EosflowError(
    'stale',
    `${state} was already answered: ${answer.signal} at ${at}, by ${actor}`,
    hinted(app, { code: 'history', execution }),
  )
}
