import { foldAll } from '../../../change/engine/fold.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { isLive } from '../../../change/engine/suspend.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { OpenExecution } from '../../../change/record/store/store.ts'
import type { OwnedExecution } from '../../../change/record/store/workers.ts'
import { EosflowError } from '../../../model/error.ts'
import { requireResumable } from '../../access/policy/entry.ts'
import type { App, RecordApp } from '../../app/app.ts'
import type { DispatchedExecution } from '../../app/dispatch/worker-dispatch.ts'
import { judgingApp } from '../../history/bundle/app-for.ts'
import { isDue } from '../../history/execution-view.ts'
import { isLeftAlone } from '../../history/executions/kept-executions.ts'
import { suspensionOf, unheardStop } from '../../history/requests/stop-asked.ts'
import { patientApp } from '../../history/watch/patient-store.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { isWorker, judgedFor } from '../../identity/worker-principal.ts'
import { requireClocksToDrive } from '../../switches/connect/switch-clocks.ts'
import { readyInventory } from '../../switches/inventory/refresh-sources.ts'
import { run, takeUpOpen } from '../run/run.ts'
import { endLeftPlan, endStopped, isLasting, lastingReason } from '../stop/stop.ts'
import { askToRest } from '../stop/suspending.ts'

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
