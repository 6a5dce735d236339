import { foldAll, readState } from '../../change/engine/fold.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { PlanContent, ShownPlan } from '../../change/plan/plan.ts'
import { readShownPlan } from '../../change/plan/recorded-plan.ts'
import { verifyOf } from '../../change/plan/settled.ts'
import { storedPlan } from '../../change/plan/stored-plan.ts'
import type { ExcerptSelection } from '../../change/record/audit/audit-trail.ts'
import { byPlace, cursorBehind, isBehind } from '../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import type { Pulse } from '../../change/task/act/pulse.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import { VERSION } from '../../model/version.ts'
import { belongsTo, type ChangeRecord } from '../../report/change-record/change-record.ts'
import { waitingFor } from '../../report/phrases/waiting-for.ts'
import type { ExecutionView } from '../../report/view/execution-view.ts'
import { viewOf } from '../../report/view/view-of.ts'
import type { Decision, ViewContext } from '../../report/view/view-state.ts'
import { requirePlanSight } from '../access/policy/entry.ts'
import type { RecordApp } from '../app/app.ts'
import type { ProjectStore } from '../app/store/project-store.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import { hinted } from '../system/process/hinted.ts'
import type { WordedHost } from '../system/process/host.ts'
import { type KeptExecution, keptExecutions, leftAloneOf } from './executions/kept-executions.ts'
import { isResting } from './executions/resting.ts'
import { rollbackLinks } from './plans/rollback-links.ts'
import { suspensionSince } from './requests/stop-asked.ts'
import { afterOf } from './schedules/known-schedule.ts'
import { rulingOf, unservedSites } from './sites/parts.ts'
import { trailOf } from './trail-of.ts'

type ViewSources = Pick<ProjectStore, 'store' | 'claims' | 'clock' | 'shared'> & Partial<Pick<ProjectStore, 'notes'>>

export interface SeenExecution {
  readonly view: ExecutionView
  /** Absent before it is made, and where it can no longer be read. */
  readonly plan?: ShownPlan
}

/** `pulses` is what is known of it beside the record. Throws `store`. */
export async function seenExecution(
  sources: ViewSources,
  id: string,
  pulses?: ReadonlyMap<string, Pulse>,
): Promise<SeenExecution> {
  return seenFrom(sources, await keptExecutions(sources.store).of(id), pulses)
}

export async function seenFrom(
  sources: ViewSources,
  { view: state, taken, deaths }: KeptExecution,
  pulses?: ReadonlyMap<string, Pulse>,
): Promise<SeenExecution> {
  const plan = await planOf(sources, state.execution)
  const moment = await momentOf(sources, state.execution, { taken, deaths }, plan)
  const view = viewOf(state, pulses === undefined ? moment : { ...moment, pulses })
  return plan === undefined ? { view } : { view, plan }
}

// So many plans of a store are kept: a view is made several times a second, and the plan of many switches is long.
const KEPT = 8

const read = new WeakMap<ViewSources['store'], Map<string, ShownPlan>>()

async function planOf({ store }: ViewSources, { plan }: ExecutionState) {
  if (plan === undefined) return undefined
  const kept = read.get(store) ?? new Map<string, ShownPlan>()
  read.set(store, kept)
  const known = kept.get(plan.ref)
  if (known !== undefined) return known
  try {
    const found = readShownPlan(await store.get(plan.ref))
    kept.set(plan.ref, found)
    const [oldest] = kept.keys()
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
    return found
  } catch {
    return undefined
  }
}

async function decisionsOn(
  store: ViewSources['store'],
  { plan, rebases }: ExecutionState,
): Promise<readonly Decision[]> {
  if (plan === undefined) return []
  const own = await keptExecutions(store).decisionsAbout(plan.digest)
  if (rebases === undefined) return own
  const nonces = (await store.carried(rebases)).findLast(({ to }) => to === plan.digest)?.nonces ?? []
  const before = await keptExecutions(store).decisionsAbout(rebases)
  return [...before.filter(({ statement }) => nonces.includes(statement.nonce)), ...own]
}

async function momentOf(
  sources: ViewSources,
  state: ExecutionState,
  { taken, deaths }: Pick<KeptExecution, 'taken' | 'deaths'>,
  plan: ShownPlan | undefined,
): Promise<ViewContext> {
  const { store, claims, clock } = sources
  const suspension = await suspensionSince({ store, claims }, state, taken)
  const unserved = await unservedSites(sources, state)
  const leftAlone = await leftAloneOf(sources, state, deaths)
  const after = plan?.content.after === undefined ? undefined : await afterOf(sources, state.id)
  const decisions = await decisionsOn(store, state)
  const rollback = await rollbackLinks(sources, state)
  return {
    now: clock.now(),
    isRunning: await claims.isClaimed(state.id),
    ...definedMembers({ suspension }),
    ...(unserved.length === 0 ? {} : { unserved }),
    ...definedMembers({ leftAlone }),
    ...(plan === undefined ? {} : { terms: (device) => verifyOf(plan.content, device) }),
    decisions,
    ...definedMembers({ after, rollback }),
  }
}

/** The record of one change, with the signed checkpoint that vouches for it. Where no checkpoint covers it yet, one is signed. */
export async function changeRecordOf(app: RecordApp, caller: SilentCaller, id: string): Promise<ChangeRecord> {
  const { plan } = await seenExecution(app, id)
  if (plan !== undefined) await requirePlanSight(app, caller, plan)
  const found = await signedChangeRecord(app, id)
  if (found !== undefined) return found
  await trailOf(app).checkpoint()
  const signed = await signedChangeRecord(app, id)
  if (signed !== undefined) return signed
  throw new EosflowError('store', 'no checkpoint could be signed over the newest records', {
    hint: 'Whoever has the key of the checkpoints can.',
  })
}

export async function recordLeft(app: RecordApp, caller: SilentCaller, id: string, to: string): Promise<void> {
  const first = (await recordsOf(app, id))[0]?.seq ?? 1
  await app.journalAs(caller.principal).append(undefined, [{ type: 'AuditExported', format: 'html', to, first }])
}

/** The same for whoever only reads: undefined where no checkpoint covers the change yet. Throws `store`. */
export async function signedChangeRecord(app: RecordApp, id: string): Promise<ChangeRecord | undefined> {
  const state = await readState(app.store, id)
  const wanted: ExcerptSelection = {
    words: [id, ...[state.plan?.digest ?? [], state.rebases ?? []].flat()],
    isWanted: (event) => belongsTo(event, id, { plan: state.plan?.digest, rebases: state.rebases }),
  }
  const excerpt = await trailOf(app).excerpt(id, wanted)
  if (excerpt === undefined) return undefined
  const plan = await contentOf(app, state)
  return { kind: 'eosflow.change-record', v: 1, version: VERSION, execution: id, excerpt, plan }
}

async function recordsOf({ store }: RecordApp, id: string): Promise<readonly JournalEvent[]> {
  const events = await store.read(id)
  const { plan } = foldAll(id, events)
  const decisions = plan === undefined ? [] : await store.approvals(plan.digest)
  return [...events, ...decisions.map(({ event }) => event)].toSorted(byPlace)
}

async function contentOf({ store }: RecordApp, { plan }: ExecutionState) {
  if (plan === undefined) return null
  const { content } = (await storedPlan(store, plan.ref)) as {
    readonly content: Omit<PlanContent, 'v'> & { readonly v: 1 | 2 | 3 }
  }
  // Of what the second form has, nothing is another in the third.
  return content.v === 1 ? null : (content as PlanContent)
}

/** Throws `refused` for an execution that was open in the backup from which the store was restored, until somebody has gone on with it: what became of its switches since the backup is on no record. `isKnown` says that whoever is calling knows that. */
export async function requireNotRestored(
  app: Pick<ProjectStore, 'store'> & WordedHost,
  id: string,
  events: readonly JournalEvent[],
  isKnown: boolean,
): Promise<boolean> {
  const restored = await app.store.restored()
  if (restored === undefined || !restored.open.includes(id)) return false
  const place = cursorBehind(restored)
  if (events.some((event) => isBehind(event, place))) return false
  if (isKnown) return true
  throw new EosflowError(
    'refused',
    `${id} was open in the backup from which the store was restored at ${restored.at}: what became of its switches since the backup is on no record`,
    hinted(app, { code: 'look-at-switches', execution: id }),
  )
}

// Instants up to a restoration never begin again, so the key of an occurrence is a new one.
const OF_A_SCHEDULE = /^schedule:/

/** Throws `refused` for a key that is on no record where the store was restored from a backup: it may have been used since the backup, and what was begun under it would be begun again. */
export async function requireKeyCounts(app: Pick<RecordApp, 'store' | 'words'>, key: string): Promise<void> {
  const restored = OF_A_SCHEDULE.test(key) ? undefined : await app.store.restored()
  if (restored?.keys !== 'in doubt') return
  throw new EosflowError(
    'refused',
    `the key ${key} is on no record, and the store was restored from a backup at ${restored.at}: what was begun under it since the backup is not known`,
    hinted(app, { code: 'accept-keys' }),
  )
}

/** `events` are its records. */
export async function isDue(
  { store }: Pick<ProjectStore, 'store'>,
  state: ExecutionState,
  events: readonly JournalEvent[],
  now: number,
): Promise<boolean> {
  if (state.status === 'ended') return false
  if (!isResting(state, now)) return true
  const { part } = state.sites
  if (part !== undefined) return (await rulingOf({ store }, part.of, 'push')).is !== 'open'
  const waiting = waitingFor(state)
  for (const one of waiting) {
    if (one.waitsFor !== 'signal') continue
    // A token that still waits has heard no answer.
    const sent = await store.signals([one.token], cursorBehind(undefined))
    if (sent.some(({ answer }) => answer.signal !== 'heartbeat')) return true
  }
  const digest = state.plan?.digest
  if (digest === undefined || !waiting.some(({ waitsFor }) => waitsFor === 'approval')) return false
  const decisions = await store.approvals(digest)
  const requested = events.findLast(({ type }) => type === 'ApprovalRequested')
  // It was judged by so many: what has come since was not read, wherever among its records that is.
  if (requested?.type === 'ApprovalRequested' && requested.decided !== undefined)
    return decisions.length > requested.decided
  const asked = cursorBehind(events.findLast(({ type }) => ASKS.has(type)))
  return decisions.some(({ event }) => isBehind(event, asked))
}

// A record of before says not by how many decisions it was judged.
const ASKS: ReadonlySet<JournalEvent['type']> = new Set([
  'ExecutionStarted',
  'ExecutionResumed',
  'ExecutionRedriven',
  'TaskStarted',
])
