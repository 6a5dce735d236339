import { setMaxListeners } from 'node:events'
import { foldAll, readState } from '../../../change/engine/fold.ts'
import { maySave } from '../../../change/engine/sites.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { type Cursor, isBehind } from '../../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { EosflowError } from '../../../model/error.ts'
import { linkedAbort } from '../../../model/linked-abort.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import { aboutExecution, requireStoppable } from '../../access/policy/entry.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { brakingApp } from '../../history/bundle/app-for.ts'
import { requireNotRestored } from '../../history/execution-view.ts'
import { keptExecutions } from '../../history/executions/kept-executions.ts'
import { executionNamed } from '../../history/executions/list-executions.ts'
import type { EndRequest } from '../../history/requests/end-request.ts'
import { askToStop } from '../../history/requests/stop-asked.ts'
import { requireNoPart } from '../../history/sites/parts.ts'
import { watchRecord, whileWatching } from '../../history/watch/watch.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { SwitchClockError } from '../../switches/connect/switch-clocks.ts'
import { Turns } from '../../system/process/host.ts'
import { InputError } from '../../system/process/input-error.ts'
import { run as runOn, takeUp } from '../run/run.ts'
import { runUntilSettled } from '../run/run-until-settled.ts'

const SIDE_BY_SIDE = 8

type Request = Parameters<typeof stopped>[3]

export interface StopResult {
  readonly found: ExecutionState
  readonly state?: ExecutionState
  readonly error?: unknown
}

/** Stops every open execution of the store: each is asked about by the policy as for itself, all that may be stopped get the word at once, of which `asked` hears, then `told` hears of each as it ends. */
export async function stopEveryOpen(
  app: App,
  caller: Caller,
  { reason, restored }: { readonly reason: string; readonly restored: boolean },
  told: (one: StopResult) => void,
  asked: (executions: readonly string[]) => void = () => undefined,
): Promise<number> {
  const { cursor: foundAt } = await app.store.tail()
  const open = await openExecutions(app)
  const allowed: ExecutionState[] = []
  for (const found of open) {
    try {
      await requireStoppable(app, caller, found)
      allowed.push(found)
    } catch (error) {
      told({ found, error })
    }
  }
  const ids = allowed.map(({ id }) => id)
  if (ids.length === 0) return open.length
  const since = await askToStop(app, caller, ids, { reason })
  const at = app.clock.monotonic()
  asked(ids)
  caller.tell(`asked to stop: ${ids.length}; ${TO_FOLLOW}\n`)
  await endEach(app, caller, allowed, { asked: since, at, reason, restored, foundAt }, told)
  return open.length
}

// The executions that have not ended, newest first: what was begun last may still be kept from beginning.
async function openExecutions({ store }: RecordApp) {
  const listed = (await store.openExecutions()).map(({ id }) => id)
  const states = (await keptExecutions(store).each(listed)).map(({ view }) => view.execution)
  const open = states.filter(({ status }) => status !== 'ended')
  // Its whole stops a part, and knows when that is too late.
  const ids = new Set(open.map(({ id }) => id))
  return open.filter(({ sites: { part } }) => part === undefined || !ids.has(part.of))
}

async function endEach(
  app: App,
  caller: Caller,
  states: readonly ExecutionState[],
  { foundAt, ...request }: Request & { readonly foundAt: Cursor },
  told: (one: StopResult) => void,
) {
  const turns = new Turns(SIDE_BY_SIDE)
  const stop = linkedAbort(caller.stop)
  // Each that waits listens to it.
  setMaxListeners(0, stop.signal)
  const waiting = { ...caller, stop: stop.signal }
  const end = async (found: ExecutionState, place: number): Promise<StopResult> => {
    const turn = () => turns.begin(place, stop.signal)
    if (waitTogether(app)) return stopOne(app, waiting, found, { ...request, foundAt, turn })
    const over = await turn()
    return over === undefined ? { found } : stopOne(app, waiting, found, request).finally(over)
  }
  try {
    await Promise.all(states.map(async (found, place) => told(await end(found, place))))
  } finally {
    stop.unlink()
  }
}

async function stopOne(app: App, caller: Caller, found: ExecutionState, request: Request): Promise<StopResult> {
  try {
    const state = await stopped(app, quiet(caller), found, request, () => undefined)
    return state === undefined ? { found } : { found, state }
  } catch (error) {
    return { found, error }
  }
}

function quiet(caller: Caller): Caller {
  const { watch: _progress, ...others } = caller
  return { ...others, tell: () => undefined }
}

// Where several machines write to the store nobody is taken over before some looks, half a second apart, and to wait costs nothing.
function waitTogether({ shared, dispatch }: RecordApp) {
  return shared !== undefined && dispatch === undefined
}

/** What is not known before it was read back. */
export const TO_FOLLOW = 'where each switch is follows when it was read back'

const TOO_LATE = ', too late to put it back: every site had been let save'

export interface StopRequest extends EndRequest {
  readonly restored?: boolean
}

export interface StopEnd {
  readonly kind: 'ended-before' | 'stopped' | 'left'
  readonly state: ExecutionState
}

/** `progress` gives who is shown what comes onto the record. Throws as the policy and a run do, and `busy` where it has moved on since `newest`. */
export async function stop(
  app: App,
  caller: Caller,
  { execution, reason, newest, restored = false }: StopRequest,
  progress: (found: ExecutionState) => (events: readonly JournalEvent[]) => void,
): Promise<StopEnd> {
  const id = await executionNamed(app, execution)
  const events = await app.store.read(id)
  const found = foldAll(id, events)
  if (found.status === 'ended') {
    await requireAllowed(app, caller, 'execution.read', aboutExecution(found))
    return { kind: 'ended-before', state: found }
  }
  await requireStoppable(await brakingApp(app, found), caller, found)
  requireNoPart(found, 'stop')
  await requireNotRestored(app, id, events, restored)
  const asked = await askToStop(app, caller, [id], { reason, newest })
  caller.tell(
    `${id} is asked to stop${maySave((await readState(app.store, id)).sites) ? TOO_LATE : ''}; ${TO_FOLLOW}\n`,
  )
  const state = await stopped(
    app,
    caller,
    found,
    { asked, at: app.clock.monotonic(), reason, restored },
    progress(found),
  )
  return state === undefined ? { kind: 'left', state: found } : { kind: 'stopped', state }
}

const LATER: ReadonlySet<EosflowError['kind']> = new Set([
  ...(['busy', 'store', 'clock', 'window-closed', 'bug'] as const),
  ...(['inventory-source', 'inventory-count', 'inventory-exec'] as const),
])

/** Whether an execution cannot be gone on with because of what it is: the same would be said a minute later. */
export function isLasting(error: unknown): error is EosflowError | InputError {
  if (error instanceof InputError || error instanceof SwitchClockError) return true
  return error instanceof EosflowError && !error.retryable && !LATER.has(error.kind)
}

export function lastingReason(error: EosflowError | InputError): string {
  return error instanceof SwitchClockError ? error.found : error.message
}

/** Throws as {@link endStopped} does. */
export async function endLeftPlan(
  app: App,
  caller: Caller,
  id: string,
  error: EosflowError | InputError,
): Promise<ExecutionState> {
  await askToStop(app, caller, [id], {
    reason: `nobody could finish this plan after its process ended: ${lastingReason(error)}`,
  })
  return endStopped(app, caller, id)
}

// Looks without a new record and without a process before an execution is taken over.
const ALONE = 4
// Of one on which nothing came onto the record since before it was asked, one look is enough so long behind that, in milliseconds: who had it
// would have heard of it.
const HEARD_BY_NOW = 1_500
// So many before it is said that no worker does it.
const LONG = 60

interface Asked {
  readonly asked: Cursor
  // When that was on record, in milliseconds of the monotonic clock.
  readonly at: number
  readonly reason: string
  readonly restored?: boolean
  // Behind which the record is read as it goes on, where the execution was found as new as that; absent: its record is read anew.
  readonly foundAt?: Cursor
  // Waits for the turn in which it is taken over and put back, and gives how that is over; undefined where nobody waits any longer. Absent: at
  // once.
  readonly turn?: () => Promise<(() => void) | undefined>
}

interface Taken {
  readonly state: ExecutionState
  readonly over: () => void
}

/** Waits for an execution that was asked to stop, at `asked`, until it has ended. Throws as a run does. */
export async function stopped(
  app: App,
  caller: Caller,
  found: ExecutionState,
  asking: Asked,
  tell: (events: readonly JournalEvent[]) => void,
): Promise<ExecutionState | undefined> {
  const taken = await whileWatching(app, caller.stop, (patient) => takenOver(app, patient, caller, found, asking, tell))
  if (taken === undefined || 'status' in taken) return taken
  try {
    return await putBack(app, caller, taken.state)
  } finally {
    taken.over()
  }
}

async function takenOver(
  app: RecordApp,
  patient: RecordApp,
  caller: Caller,
  found: ExecutionState,
  asking: Asked,
  tell: (events: readonly JournalEvent[]) => void,
): Promise<ExecutionState | Taken | undefined> {
  const { id } = found
  const { asked, at, reason, foundAt } = asking
  let [since, alone, isSilent] = [asked, 0, true]
  for await (const { state, events } of watchRecord(patient, found, caller.stop, foundAt)) {
    tell(events)
    if (state.status === 'ended') return state
    // Whoever had it go on after the request does not see it; whoever took it up by itself does.
    if (events.some((event) => isWithoutIt(event) && isBehind(event, since)))
      since = await askToStop(app, caller, [id], { reason })
    isSilent &&= events.length === 0
    alone = events.length === 0 && !(await patient.claims.isClaimed(id)) ? alone + 1 : 0
    // Where others share the store, who is cut off from it for a moment has nothing that is held.
    const looks = looksNeeded(isSilent && app.shared === undefined, app.clock.monotonic() - at)
    if (isLeftToWorkers(app, caller, id, alone) || alone < looks) continue
    const taken = await takenInTurn(app, patient, caller, state, asking)
    if (taken !== undefined) return taken
    alone = 0
  }
  return undefined
}

// `isSilent`: nothing came onto the record since before it was asked, so many milliseconds ago.
function looksNeeded(isSilent: boolean, ago: number): number {
  return isSilent && ago >= HEARD_BY_NOW ? 1 : ALONE
}

function isWithoutIt(event: JournalEvent) {
  return event.type === 'ExecutionResumed' && event.byItself !== true
}

function isLeftToWorkers({ dispatch }: RecordApp, caller: Caller, id: string, alone: number) {
  if (dispatch !== undefined && alone === LONG)
    caller.tell(`no worker drives ${id} at present; the word is on record, and the next one puts the switches back\n`)
  return dispatch !== undefined
}

/** Throws `busy` while another process runs it, and as a run does. */
export async function endStopped(app: App, caller: Caller, id: string): Promise<ExecutionState> {
  if (await app.claims.isClaimed(id)) throw new EosflowError('busy', `execution ${id} is run by another process`)
  const ownerDied = (await app.shared?.workers.hasDied(id)) === true
  const taken = await takeUp(app, caller, id, 'ExecutionResumed', { byItself: true, ownerDied })
  return taken.status === 'ended' ? taken : putBack(app, caller, taken)
}

function putBack(app: App, caller: Caller, taken: ExecutionState) {
  return runUntilSettled(app, taken.id, () => runOn(app, caller, taken, { detach: true }, AbortSignal.abort()))
}

// Takes an execution over once it is its turn, which may be long behind the last look: whoever has claimed it since keeps it, and whoever has
// written to it.
async function takenInTurn(
  app: RecordApp,
  patient: RecordApp,
  caller: Caller,
  state: ExecutionState,
  { turn, restored }: Asked,
): Promise<Taken | undefined> {
  const over = turn === undefined ? () => undefined : await turn()
  if (over === undefined) return undefined
  let taken: ExecutionState | undefined
  try {
    const isLeft = turn !== undefined && (await patient.claims.isClaimed(state.id))
    if (!isLeft) taken = await takeOver(app, caller, state, restored)
  } finally {
    if (taken === undefined) over()
  }
  return taken && { state: taken, over }
}

async function takeOver(app: RecordApp, caller: Caller, { id, seq: newest }: ExecutionState, restored?: boolean) {
  try {
    return await takeUp(app, caller, id, 'ExecutionResumed', { restored, byItself: true, newest })
  } catch (error) {
    if (error instanceof EosflowError && error.kind === 'busy') return undefined
    throw error
  }
}
