import { foldAll, readState } from '../../../change/engine/fold.ts'
import { type ExecutionState, startedTimers, waitsForApproval } from '../../../change/engine/state.ts'
import { isLive, unsettled } from '../../../change/engine/suspend.ts'
import { cursorBehind, isBehind } from '../../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { OpenExecution } from '../../../change/record/store/store.ts'
import type { OwnedExecution } from '../../../change/record/store/workers.ts'
import { EosflowError } from '../../../model/error.ts'
import { unservedWords } from '../../../report/phrases/workers.ts'
import { type AllowedAct, requireAllowed } from '../../access/policy/authority.ts'
import { aboutExecution, aboutPlanned, requireResumable, requireUnfrozen } from '../../access/policy/entry.ts'
import type { App, RecordApp } from '../../app/app.ts'
import type { Cause } from '../../app/dispatch/port/activation.ts'
import type { DispatchedExecution, WorkerDispatch } from '../../app/dispatch/worker-dispatch.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import type { AskMode } from '../../approval/approvals.ts'
import { decideAs } from '../../approval/decide.ts'
import { judgingApp } from '../../history/bundle/app-for.ts'
import { isDue, requireNotRestored } from '../../history/execution-view.ts'
import { isLeftAlone } from '../../history/executions/kept-executions.ts'
import { executionNamed } from '../../history/executions/list-executions.ts'
import { settledPlan } from '../../history/plans/settled-plan.ts'
import { suspensionOf, unheardStop } from '../../history/requests/stop-asked.ts'
import { requireNoPart, requireUndivided, unservedSites } from '../../history/sites/parts.ts'
import { patientApp } from '../../history/watch/patient-store.ts'
import { watchRecord, whileWatching } from '../../history/watch/watch.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { isWorker, judgedFor } from '../../identity/worker-principal.ts'
import { preparedFor } from '../../plan/planning.ts'
import { appOf } from '../../plan/rollback/sources.ts'
import { requireSameDigest } from '../../plan/trusted-seal.ts'
import { requireClocksHere, requireClocksToDrive } from '../../switches/connect/switch-clocks.ts'
import { readyInventory } from '../../switches/inventory/refresh-sources.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { hinted, inputError } from '../../system/process/input-error.ts'
import { awaitQuarantines, requireFree } from '../may-begin/window.ts'
import { run, takeUp, takeUpOpen } from '../run/run.ts'
import { endLeftPlan, endStopped, isLasting, lastingReason } from '../stop/stop.ts'
import { askToRest } from '../stop/suspending.ts'
import { isRedrivable } from './redrivable.ts'

// What became of an execution that was to be driven: it has ended; it rests, since it waits for somebody; it is left to a person; or another
// process drives it.
type DriveOutcome = 'ended' | 'rests' | 'for-a-person' | 'elsewhere'

interface OnRecord {
  readonly state: ExecutionState
  readonly events: readonly JournalEvent[]
}

/** What there is to do is on record alone: whoever is asked twice, late, or while another process drives it does nothing. What is written while it comes to rest is heard before this ends. */
export async function drive(app: App, worker: Caller, id: string): Promise<DriveOutcome> {
  for (;;) {
    const found = await onRecord(app, id)
    const driven = await driveOnce(app, worker, found).catch((error: unknown) => givenUp(app, worker, id, error))
    if (driven !== 'rests' || worker.suspend?.aborted === true) return driven
    // Somebody may have answered between the last look of the run and its rest: a word that came before this look wakes nobody else.
    const now = await onRecord(app, id)
    if (now.state.seq === found.state.seq || (await toDo(app, now)) === 'nothing') return driven
  }
}

async function onRecord({ store }: RecordApp, id: string): Promise<OnRecord> {
  const events = await store.read(id)
  return { events, state: foldAll(id, events) }
}

async function toDo(app: RecordApp, { state, events }: OnRecord): Promise<'stop' | 'go-on' | 'nothing'> {
  if ((await unheardStop(app, state.id, events)) !== undefined) return 'stop'
  if ((await suspensionOf(app, state, events)) !== undefined) return 'nothing'
  return (await isDue(app, state, events, app.clock.now())) ? 'go-on' : 'nothing'
}

// Has an execution that no worker can go on with, because of what it is, rest until a person goes on with it; a plan ends. Throws the error
// where the same may go well a minute later, and where a switch of it is live: that is tried again.
async function givenUp(app: App, worker: Caller, id: string, error: unknown): Promise<DriveOutcome> {
  if (!isLasting(error)) throw error
  const { state } = await onRecord(app, id)
  if (state.status === 'ended' || isLive(state) || (await app.claims.isClaimed(id))) throw error
  if (state.purpose === 'plan') return endOf(await endLeftPlan(app, worker, id, error))
  await askToRest(app, worker, id, {
    reason: `no worker can go on with it: ${lastingReason(error)}`,
    newest: state.seq,
  })
  return 'for-a-person'
}

async function driveOnce(app: App, worker: Caller, found: OnRecord): Promise<DriveOutcome> {
  const { state, events } = found
  const { id, requester } = state
  if (state.status === 'ended') return 'ended'
  if (await app.claims.isClaimed(id)) return 'elsewhere'
  if (requester === undefined) return 'for-a-person'
  const next = await toDo(app, found)
  if (next === 'nothing') return 'rests'
  const ownerDied = (await app.shared?.workers.hasDied(id)) === true
  if (await isLeftAlone(app, id, events)) return 'for-a-person'
  // A worker is the actor of what it records, and the policy judges whoever has asked for the execution.
  const caller = isWorker(worker.principal) ? worker : { ...worker, principal: requester }
  try {
    // A database may be away for a time: whoever drives an execution waits for it. Simulated machines share no database.
    const going = app.shared?.address === undefined ? app : patientApp(app)
    return endOf(
      next === 'stop' ? await endStopped(going, caller, id) : await takeUpAndRun(going, caller, found, ownerDied),
    )
  } catch (error) {
    if (!(error instanceof EosflowError) || error.kind !== 'busy') throw error
    if (await isElsewhere(app, found)) return 'elsewhere'
    return askedMeanwhile(app, worker, found, next, error)
  }
}

// Throws the error where none came.
async function askedMeanwhile(
  app: App,
  worker: Caller,
  found: OnRecord,
  next: string,
  error: EosflowError,
): Promise<DriveOutcome> {
  if (next !== 'go-on' || (await toDo(app, found)) === next) throw error
  return driveOnce(app, worker, found)
}

async function takeUpAndRun(app: App, caller: Caller, { state }: OnRecord, ownerDied: boolean) {
  const { id } = state
  const judging = await judgingApp(app, state)
  await readyInventory(judging, caller, state.plan === undefined && state.planFile === undefined)
  const allowed = await requireResumable(judging, judgedFor(caller, state), state)
  await requireClocksToDrive(judging, caller, state)
  // What is live goes on in any case, and hears a word to rest from before: a process that goes on by itself ends none.
  const taken = await takeUpOpen(app, caller, id, {
    newest: state.seq,
    unlessAsked: !isLive(state),
    byItself: true,
    ownerDied,
    allowed,
  })
  if (taken.status === 'ended') return taken
  return run(app, caller, taken, { detach: true, passing: true })
}

function endOf({ status }: ExecutionState): DriveOutcome {
  return status === 'ended' ? 'ended' : 'rests'
}

async function isElsewhere(app: RecordApp, { state }: OnRecord) {
  if (await app.claims.isClaimed(state.id)) return true
  return (await app.store.read(state.id)).at(-1)?.seq !== state.seq
}

// So many open executions are looked at at once: what is asked about them is asked together.
const AT_ONCE = 50

function isWorkers({ purpose, sites }: ExecutionState) {
  return purpose === 'run' || sites.own !== undefined
}

/**
 * Has a worker go on with what a dead process had, unless workers leave it alone: sent for in each term it would come to one of them for ever, and each
 * would leave it. Throws as the store does.
 */
export async function sendFor(
  app: Pick<RecordApp, 'store' | 'shared' | 'dispatch'>,
  { execution, token }: OwnedExecution,
  again: number,
): Promise<void> {
  const events = await app.store.read(execution)
  if (await isLeftAlone(app, execution, events)) return
  await app.dispatch?.post(foldAll(execution, events), { why: 'owner-died', token, again })
}

/** One that cannot be read is told to `failed`, and keeps none of the others. */
export async function undriven(
  app: RecordApp,
  failed: (id: string, error: unknown) => void,
  among?: ReadonlySet<string>,
): Promise<readonly DispatchedExecution[]> {
  const open = (await app.store.openExecutions()).filter(({ id }) => among?.has(id) !== false)
  const found: (DispatchedExecution | undefined)[] = []
  const look = async ({ id }: OpenExecution): Promise<DispatchedExecution | undefined> => {
    try {
      if (await app.claims.isClaimed(id)) return undefined
      const one = await onRecord(app, id)
      if (!isWorkers(one.state) || (await isLeftAlone(app, id, one.events))) return undefined
      return (await toDo(app, one)) === 'nothing' ? undefined : one.state
    } catch (error) {
      failed(id, error)
      return undefined
    }
  }
  for (let from = 0; from < open.length; from += AT_ONCE)
    found.push(...(await Promise.all(open.slice(from, from + AT_ONCE).map(look))))
  return found.filter((one) => one !== undefined)
}

// Looks without a new record, after each of which it is asked again whether somebody drives an execution.
const SETTLED = 4
// So many before it is said that nobody does.
const LONG = 60

/** Throws as a run does. */
export async function carryOut(
  app: App,
  caller: Caller,
  state: ExecutionState,
  ask: AskMode,
): Promise<ExecutionState | undefined> {
  if (app.dispatch === undefined) return run(app, caller, state, ask)
  const { dispatch } = app
  return whileWatching(app, caller.stop, async (patient) => {
    await handOver(patient, dispatch, state)
    return watchAndAsk(patient, caller, state, ask)
  })
}

/** Throws as a run does. */
export async function carryOutToRest(app: App, caller: Caller, state: ExecutionState): Promise<ExecutionState> {
  if (app.dispatch === undefined) return run(app, caller, state, { detach: true })
  const stop = caller.suspend ?? caller.stop
  return (await carryOut(app, { ...caller, stop }, state, { detach: true })) ?? state
}

/** Undefined and throws as {@link carryOut}. */
export async function resume(
  app: App,
  caller: Caller,
  id: string,
  ask: AskMode,
  allowed?: AllowedAct,
): Promise<ExecutionState | undefined> {
  const { restored } = ask
  const state = await takeUpOpen(app, caller, id, { restored, allowed })
  return state.status === 'ended' ? state : carryOut(app, caller, state, ask)
}

export async function handOver(app: RecordApp, dispatch: WorkerDispatch, state: ExecutionState): Promise<void> {
  await app.shared?.workers.leave(state.id)
  const cause: Cause = { why: 'woken', wake: state.seq }
  await dispatch.post(state, cause)
  await app.shared?.workers.onlyWatch()
}

async function watchAndAsk(app: RecordApp, caller: Caller, from: ExecutionState, ask: AskMode) {
  const watch = await caller.watch?.(from, from)
  let asked = 0
  try {
    for await (const { state, events, silent } of watchRecord(app, from, caller.stop)) {
      watch?.written(events)
      if (state.status === 'ended') return state
      if (waitsForApproval(state) && asked !== state.seq && (await hasAsked(app, caller, state, ask))) {
        asked = state.seq
        await app.shared?.workers.onlyWatch()
      }
      if (silent === 0 || silent % SETTLED !== 0) continue
      if (silent === LONG) await sayLeft(app, caller, state)
      if (await isLeft(app, state)) return state
    }
    return undefined
  } finally {
    watch?.close()
  }
}

async function sayLeft(app: RecordApp, caller: Caller, state: ExecutionState) {
  const unserved = unservedWords(await unservedSites(app, state))
  const why = unserved === '' ? `no worker drives ${state.id}` : unserved
  caller.tell(`${why} at present; it is on record, and goes on with the next one\n`)
}

async function isLeft(app: RecordApp, state: ExecutionState) {
  if (await app.claims.isClaimed(state.id)) return false
  const events = await app.store.read(state.id)
  if (events.at(-1)?.seq !== state.seq) return false
  if ((await suspensionOf(app, state, events)) !== undefined || (await isLeftAlone(app, state.id, events))) return true
  return !(await isDue(app, state, events, app.clock.now()))
}

async function hasAsked(
  app: RecordApp,
  caller: Caller,
  state: ExecutionState,
  { digest, comment = '', detach = false }: AskMode,
) {
  const { review } = caller
  if (digest === undefined && (detach || review === undefined)) return false
  const plan = await settledPlan(app, state, false)
  if (plan === undefined) return false
  if (digest !== undefined) {
    requireSameDigest(plan, digest)
    await decideAs(app, caller, plan, { decision: 'approve', comment })
    return true
  }
  const isApproved = (await review?.(plan, 'The plan waits for an approval.', caller.stop)) === true
  if (caller.stop.aborted) return true
  await decideAs(app, caller, plan, { decision: isApproved ? 'approve' : 'reject', comment: 'at the terminal' })
  return true
}

export interface ResumableExecution {
  readonly id: string
  /** By what they may; absent where nothing forbids it: it has ended, or they have started it and its change is live. */
  readonly allowed?: AllowedAct | undefined
}

/** Throws InputError, `clock`, and as the policy does. */
export async function executionToResume(
  app: App,
  caller: Caller,
  word: string,
  restored: boolean,
): Promise<ResumableExecution> {
  const id = await executionNamed(app, word)
  const events = await app.store.read(id)
  const state = foldAll(id, events)
  if (state.status === 'ended') {
    await requireAllowed(app, caller, 'execution.read', aboutExecution(state))
    return { id }
  }
  const allowed = await requireResumable(await judgingApp(app, state), caller, state)
  // What the others do is not touched by it: the part goes on where its workers died, and waits for them as before.
  if (!(await isLeftAlone(app, id, events))) requireNoPart(state, 'resume')
  await requireNotRestored(app, id, events, restored)
  // Where its change is live no time is lost, and nothing of a clock keeps it from being put back.
  if (unsettled(state).length === 0) await requireClocksHere(app, caller, state.targets)
  return { id, allowed }
}

/** If all are run, the newest of these; undefined where none is open. Throws `store`. */
export async function nextToResume(app: ProjectStore, { tell }: Pick<Caller, 'tell'>): Promise<string | undefined> {
  const urgent = await mostUrgentExecution(app)
  if (urgent !== undefined) {
    const { id, device, seconds } = urgent
    tell(`resuming ${id}: the commit timer of ${device} runs out in ${seconds} s\n`)
    return id
  }
  const open = await app.store.openExecutions()
  for (const { id } of open) if (!(await app.claims.isClaimed(id))) return id
  return open[0]?.id
}

interface UrgentExecution {
  readonly id: string
  readonly device: string
  readonly seconds: number
}

// Throws `store`.
async function mostUrgentExecution({ store, claims, clock }: ProjectStore): Promise<UrgentExecution | undefined> {
  const now = clock.now()
  const running: (UrgentExecution & { readonly until: number })[] = []
  for (const { id, hasActed } of await store.openExecutions()) {
    if (!hasActed || (await claims.isClaimed(id))) continue
    const next = startedTimers(await readState(store, id)).find(({ until }) => until > now)
    if (next !== undefined) running.push({ id, ...next, seconds: Math.ceil((next.until - now) / 1000) })
  }
  return running.toSorted((a, b) => a.until - b.until)[0]
}

/** Refuses to start an execution again that has nothing to be done again, or may not go on by itself: InputError when it ended well or was a dry run, `busy` when it has not ended or another one holds a switch of it, `rollback-incomplete` when nobody knows where it left the network, `stale` when its files have changed. */
export async function requireRedrivable(app: RecordApp, caller: Caller, state: ExecutionState): Promise<void> {
  const { id, status, outcome, targets } = state
  if (status !== 'ended') {
    throw new EosflowError(
      'busy',
      `${id} has not ended: it goes on from where it is`,
      hinted(app, { code: 'resume', execution: id }),
    )
  }
  if (outcome === 'unknown') {
    throw new EosflowError(
      'rollback-incomplete',
      `${id} left a switch or a call whose state is not known: a person has to look at it first`,
      hinted(app, { code: 'show-unread', execution: id }),
    )
  }
  if (!isRedrivable(state)) throw nothingToRedrive(app, state)
  preparedFor(await appOf(app, state), state)
  await requireFree(app, targets)
  await awaitQuarantines(app, caller, targets, id)
}

/** `word` names it. Throws as the policy does, as {@link requireRedrivable}, `window-closed` while a freeze is in force, `clock`, and `busy` where it has moved on since `newest`. */
export async function redrive(app: App, caller: Caller, word: string, newest?: number): Promise<ExecutionState> {
  const id = await executionNamed(app, word)
  const found = await readState(app.store, id)
  const judging = await judgingApp(app, found)
  const allowed = await requireAllowed(
    judging,
    caller,
    'execution.start',
    await aboutPlanned(judging, found, () => found),
  )
  requireNoPart(found, 'show')
  requireUndivided(found, 'redrive')
  await requireSinceRestored(app, found)
  await requireUnfrozen(app)
  await requireRedrivable(app, caller, found)
  await app.clockRule?.require()
  await requireClocksHere(app, caller, found.targets)
  return takeUp(app, caller, id, 'ExecutionRedriven', { newest, allowed })
}

async function requireSinceRestored({ store, words }: RecordApp, { id, seq, file }: ExecutionState) {
  const restored = await store.restored()
  if (restored === undefined || isBehind({ seq }, cursorBehind(restored))) return
  throw new EosflowError(
    'refused',
    `${id} ended before the store was restored: what became of its switches since is on no record`,
    {
      hint: words({ code: 'run-again', workflow: file }),
    },
  )
}

function nothingToRedrive({ words }: WordedHost, { id, outcome, purpose, file }: ExecutionState) {
  const isDry = purpose === 'plan'
  return inputError(
    id,
    'not-redrivable',
    isDry ? 'a dry run is not redriven' : `it has not failed: ${outcome}`,
    words({ code: isDry ? 'plan' : 'run-again', workflow: file }),
  )
}
