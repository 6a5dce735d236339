import { fold, readState } from '../../../change/engine/fold.ts'
import { type ExecutionState, newExecution } from '../../../change/engine/state.ts'
import type { Cursor } from '../../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { OutageError } from '../../../change/record/store/journal.ts'
import { askedAgain, type QuestionWrapper, questionsOf } from '../../../change/record/store/questions.ts'
import type { Store, Tail } from '../../../change/record/store/store.ts'
import type { Workers } from '../../../change/record/store/workers.ts'
import { EosflowError } from '../../../model/error.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import { aboutExecution, requireResumable } from '../../access/policy/entry.ts'
import type { RecordApp } from '../../app/app.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { hinted } from '../../system/process/hinted.ts'
import { isResting } from '../executions/resting.ts'
import { suspensionOf } from '../requests/stop-asked.ts'
import { wakesOf } from '../requests/wakes.ts'
import { unservedSites } from '../sites/parts.ts'

// Looks without a new record before an execution is taken to rest, or to be run by nobody: whoever has begun it claims it a moment later.
const SETTLED = 4

export interface Watcher {
  readonly stop: AbortSignal
  seen(events: readonly JournalEvent[]): void
}

/**
 * Watches an execution until it ends or rests; undefined where nobody watches any more. `left` hears where no process runs it, and of the sites that
 * no worker serves.
 */
export function untilSettled(
  app: RecordApp,
  id: string,
  watcher: Watcher & { left(unserved: readonly string[]): void },
): Promise<ExecutionState | undefined> {
  return whileWatching(app, watcher.stop, (patient) => settled(patient, id, watcher))
}

async function settled(
  app: RecordApp,
  id: string,
  { stop, seen, left }: Watcher & { left(unserved: readonly string[]): void },
) {
  for await (const { state, events, silent } of watchRecord(app, newExecution(id), stop)) {
    seen(events)
    if (state.status === 'ended') return state
    if (silent !== SETTLED) continue
    if (isResting(state, app.clock.now())) return state
    if ((await suspensionOf(app, state, await app.store.read(id))) !== undefined) return state
    const unserved = await unservedSites(app, state)
    if (unserved.length > 0 || !(await app.claims.isClaimed(id))) left(unserved)
  }
  return undefined
}

// Watches an execution until it ends or nobody runs it; undefined where nobody watches any more. Throws `busy` with `detached`, where
// another process runs it and nobody is to wait.
function untilLeft(app: RecordApp, id: string, watcher: Watcher & { readonly detached: boolean }) {
  return whileWatching(app, watcher.stop, (patient) => nobodyRuns(patient, id, watcher))
}

async function nobodyRuns(
  app: RecordApp,
  id: string,
  { stop, seen, detached }: Watcher & { readonly detached: boolean },
) {
  for await (const { state, events, silent } of watchRecord(app, newExecution(id), stop)) {
    seen(events)
    if (state.status === 'ended') return state
    if (!(await app.claims.isClaimed(id))) {
      if (silent >= SETTLED) return state
    } else if (detached) {
      throw new EosflowError(
        'busy',
        `execution ${id} is run by another process at this moment`,
        hinted(app, { code: 'watch', execution: id }),
      )
    }
  }
  return undefined
}

export interface KnownExecution {
  readonly state: ExecutionState
  readonly isLeft: boolean
}

/** Gives whoever asks once more the execution that is on record: as it ended, or as nobody runs it any longer. Throws `not-authorised`, and `busy` where another process runs it and nobody is to wait. */
export async function watchBegun(
  app: RecordApp,
  caller: Caller,
  id: string,
  isDetached: boolean,
  tell: (events: readonly JournalEvent[]) => void,
): Promise<KnownExecution | undefined> {
  const found = await readState(app.store, id)
  await requireAllowed(app, caller, 'execution.read', aboutExecution(found))
  caller.tell(`asked for before: execution ${id}; nothing is begun a second time\n`)
  if (found.status === 'ended') return { state: found, isLeft: true }
  const state = await untilLeft(app, id, { stop: caller.stop, seen: tell, detached: isDetached })
  if (state === undefined) return undefined
  const isLeft = state.status === 'ended' || (await suspensionOf(app, state, await app.store.read(id))) !== undefined
  if (!isLeft) await requireResumable(app, caller, state)
  return { state, isLeft }
}

// How often the record is looked at, in milliseconds; where the store says that somebody has written, then.
const LOOK = 500

export interface ExecutionLook {
  readonly state: ExecutionState
  /** What has come onto the record since the look before. */
  readonly events: readonly JournalEvent[]
  readonly silent: number
}

/** `from`: a place up to which that state has everything; then its record is not read anew, and many who begin at the same place are one question. Throws `store` when the record does not verify. */
export async function* watchRecord(
  opened: Pick<ProjectStore, 'store' | 'clock' | 'shared'>,
  start: ExecutionState,
  signal: AbortSignal,
  from?: Cursor,
): AsyncGenerator<ExecutionLook> {
  const { store } = opened
  const { id } = start
  const wakes = wakesOf(opened, { of: 'records', execution: id })
  let state = start
  let silent = 0
  try {
    let { cursor, events: found } = await (from === undefined ? wholeRecord(store, id) : recordBehind(store, id, from))
    while (!signal.aborted) {
      const { seq: seen } = state
      const events = found.filter(({ execution, seq }) => execution === id && seq > seen)
      state = events.reduce(fold, state)
      silent = events.length === 0 ? silent + 1 : 0
      yield { state, events, silent }
      found = []
      if (!(await wakes.pause(LOOK, signal))) continue
      if (signal.aborted) return
      const tail = await store.tail(cursor)
      cursor = tail.cursor
      found = tail.events
    }
  } finally {
    wakes.close()
  }
}

async function wholeRecord(store: Pick<Store, 'read' | 'tail'>, id: string): Promise<Tail> {
  // Asked before the first reading: what is written in between is in both, and nothing is in neither.
  const { cursor } = await store.tail()
  return { cursor, events: await store.read(id) }
}

async function recordBehind(store: Pick<Store, 'tail'>, id: string, from: Cursor): Promise<Tail> {
  const found: JournalEvent[] = []
  for (let after = from; ; ) {
    const { events, cursor } = await store.tail(after)
    if (events.length === 0) return { events: found, cursor }
    found.push(...events.filter(({ execution }) => execution === id))
    after = cursor
  }
}

// How long it is waited before a store that was away is asked again, and how long whoever watches waits for it, in milliseconds.
const PAUSE = 1_000
const PATIENCE = 300_000

/** Undefined where nobody watches any more, as where the store has not come back in five minutes. */
export async function whileWatching<A extends RecordApp, T>(
  app: A,
  stop: AbortSignal,
  watch: (patient: A) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await watch(patientWatch(app, stop))
  } catch (error) {
    if (error instanceof OutageError) return undefined
    throw error
  }
}

/** An application whose questions wait where the store is away, for as long as {@link whileWatching}; then they throw its OutageError. */
export function patientWatch<A extends RecordApp>(app: A, stop: AbortSignal): A {
  const { clock, store, claims, shared } = app
  const waiting: QuestionWrapper =
    (question) =>
    (...given) => {
      const begun = clock.monotonic()
      const passes = (error: unknown) =>
        error instanceof OutageError && !stop.aborted && clock.monotonic() - begun < PATIENCE
      return askedAgain(passes, () => clock.sleep(PAUSE, stop).catch(() => undefined))(question)(...given)
    }
  return {
    ...app,
    store: { ...questionsOf(store, waiting), as: (actor) => store.as(actor), close: () => store.close() },
    claims: { claim: (name) => claims.claim(name), isClaimed: waiting((name) => claims.isClaimed(name)) },
    ...(shared === undefined ? {} : { shared: { ...shared, workers: waitingWorkers(shared.workers, waiting) } }),
  }
}

function waitingWorkers(workers: Workers, waiting: QuestionWrapper): Workers {
  return {
    ...workers,
    list: waiting(() => workers.list()),
    hasDied: waiting((execution) => workers.hasDied(execution)),
    leave: waiting((execution) => workers.leave(execution)),
    onlyWatch: waiting(() => workers.onlyWatch()),
  }
}
