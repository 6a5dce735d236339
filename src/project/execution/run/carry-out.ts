import { waitsForApproval } from '../../../change/engine/outcome.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { unservedWords } from '../../../report/phrases/workers.ts'
import type { App, RecordApp } from '../../app/app.ts'
import type { Cause } from '../../app/dispatch/port/activation.ts'
import type { WorkerDispatch } from '../../app/dispatch/worker-dispatch.ts'
import type { AskMode } from '../../approval/approvals.ts'
import { decideAs } from '../../approval/decide.ts'
import { isDue } from '../../history/execution-view.ts'
import { isLeftAlone } from '../../history/executions/kept-executions.ts'
import { settledPlan } from '../../history/plans/settled-plan.ts'
import { suspensionOf } from '../../history/requests/stop-asked.ts'
import { unservedSites } from '../../history/sites/parts.ts'
import { watchRecord, whileWatching } from '../../history/watch/watch.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { requireSameDigest } from '../../plan/trusted-seal.ts'
import { run } from './run.ts'

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
