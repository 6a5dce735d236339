import type { ExecutionState } from '../../../change/engine/state.ts'
import type { ShownPlan } from '../../../change/plan/plan.ts'
import { readShownPlan } from '../../../change/plan/recorded-plan.ts'
import type { ApprovalDemand } from '../../../change/policy/approval-case.ts'
import { givenUp } from '../../../features/notify/given-up.ts'
import { startableSchedules } from '../../../features/schedule/list-schedules.ts'
import { definedMembers } from '../../../model/json.ts'
import { decided, isAllowed, type PolicyContext } from '../../../project/access/policy/authority.ts'
import { aboutPlan, underOnePolicy } from '../../../project/access/policy/entry.ts'
import { freezesInForce } from '../../../project/access/policy/freeze-in-force.ts'
import type { App, RecordApp } from '../../../project/app/app.ts'
import { demandsFor, recordedCase, tallyFrom } from '../../../project/approval/case.ts'
import { neverCounts, waitsFor } from '../../../project/approval/never-counts.ts'
import { approvalProgress } from '../../../project/approval/plan-queue.ts'
import { seenExecution } from '../../../project/history/execution-view.ts'
import { keptExecutions } from '../../../project/history/executions/kept-executions.ts'
import { executionsSince } from '../../../project/history/executions/list-executions.ts'
import { type Baseline, baselinesOf, switchEnds } from '../../../project/history/executions/switch-ends.ts'
import type { SilentCaller } from '../../../project/identity/caller-of.ts'
import type { ConfirmedSource } from '../../../report/drift/drift.ts'
import type { ExecutionRow } from '../../../report/execution/row.ts'
import { address } from '../../../report/page/html.ts'
import { liveItem } from '../../../report/page/live-item.ts'
import {
  type AwaitedDecision,
  type Duty,
  type LiveItem,
  type Overview,
  overviewRegions,
  type Region,
} from '../../../report/page/overview.ts'
import { executionItem, type ShownSource } from '../../../report/page/switches.ts'
import { personName } from '../../../report/phrases/person-name.ts'
import { changeTitle } from '../../../report/phrases/spoken.ts'
import { demandWords } from '../../../report/policy/explanation.ts'
import { count } from '../../../report/text/text.ts'
import type { LiveRecords } from '../context/live-records.ts'
import type { FrontContext } from '../context/route.ts'
import type { AskedPlan } from '../jobs/asked-plans.ts'
import { type DriftSeen, seenDrift } from '../jobs/drift-seen.ts'
import type { RecordVerification } from '../jobs/record-verification.ts'
import { executionsFor, inventoryFor, mayReadExecution, namesFor, requireSome, sourceFor } from '../request/readable.ts'
import { comingUp } from './coming-up.ts'

const MOST = 200
const SHOWN = 20
const RECENT = 10
const LOOKED_AT = 30
const DAY = 86_400_000
// For so long, in milliseconds, an overview that was made for the stream is good for all streams of its viewer, unless something was written
// since.
const SAME = 500

export interface OverviewSources {
  readonly app: App
  readonly drift: DriftSeen
  readonly live: Pick<LiveRecords, 'pulsesOf' | 'written' | 'asked'>
  readonly verification: Pick<RecordVerification, 'recent'>
}

/** Throws `not-authorised` where they may read nothing. */
export async function overviewFor(sources: OverviewSources, caller: SilentCaller, stream?: string): Promise<Overview> {
  const app = underOnePolicy(sources.app)
  const { drift } = sources
  const now = app.clock.now()
  const every = { target: undefined, states: [], touched: false }
  await requireSome(app, caller)
  // While a database answers one question the answer to another is judged.
  const [{ rows }, { rows: open, more }, day] = await Promise.all([
    executionsFor(app, caller, { ...every, kind: 'changes', most: LOOKED_AT }),
    executionsFor(app, caller, { ...every, states: ['open'], most: MOST }),
    executionsSince(app, caller, now - DAY),
  ])
  const names = namesFor(app, caller)
  const ends = await endsOfSwitches(app, caller, names)
  const running = open.filter(({ standing }) => standing === 'running' || standing === 'compensating')
  const mayCompare = names.filter((name) => isAllowed(app, caller, 'task.snapshot', { devices: [name] }))
  await drift.refresh()
  const seen = seenDrift(mayCompare.flatMap((name) => drift.of(name, ends.get(name)?.confirmed?.since) ?? []))
  const mayFreeze = whyNoFreeze(sources, caller) === undefined
  const waiting = await decisionsFor(app, caller, open)
  return {
    now,
    freezes: (await freezesInForce(app)).map(({ seq, actor, reason, until }) => ({
      number: seq,
      by: actor,
      reason,
      until,
    })),
    mayFreeze,
    // The form asks about each of them, and so does the act.
    mayStopAll: mayFreeze,
    unknown: unknownIn(ends),
    decisions: eachOnce([...waiting.shown, ...(await requestedDecisions(app, caller, sources.live.asked.at(now)))]),
    ...(waiting.more === 0 ? {} : { moreDecisions: { count: waiting.more, isCut: more !== undefined } }),
    duties: [...open.flatMap(leftOpen), ...(await untold(app, caller))],
    live: await Promise.all(running.map((row) => liveItemOf(sources, row))),
    health: {
      day,
      inventory: {
        switches: names.length,
        unknown: unknownIn(ends).length,
        unconfirmed: [...ends.values()].filter(({ confirmed }) => confirmed === undefined).length,
      },
      ...definedMembers({ drift: seen }),
      ...recordHealth(sources, caller),
    },
    recent: rows
      .filter(({ state }) => state.status === 'ended')
      .slice(0, RECENT)
      .map((row) => executionItem(row, caller.principal)),
    coming: comingUp(app, now, await startableSchedules(app, caller)),
    ...definedMembers({ stream }),
  }
}

function leftOpen({ state, standing, at }: ExecutionRow): readonly Duty[] {
  if (standing !== 'open') return []
  return [
    {
      tone: 'live',
      title: `${changeTitle({ name: state.workflow, params: state.params })} is open, and nobody runs it`,
      detail: `It has begun at ${at.slice(0, 16).replace('T', ' ')} UTC.`,
      to: `/executions/${state.id}`,
    },
  ]
}

async function untold(app: RecordApp, caller: SilentCaller): Promise<readonly Duty[]> {
  if (!isAllowed(app, caller, 'audit.read')) return []
  return (await givenUp(app)).map(({ target, count: given, at, reason }) => ({
    tone: 'bad',
    title: `${target} lacks ${count(given, 'notification')}`,
    detail: `Given up at ${at.slice(0, 16).replace('T', ' ')} UTC: ${reason}`,
    to: address.record,
  }))
}

function recordHealth(
  { app, verification }: OverviewSources,
  caller: SilentCaller,
): Pick<Overview['health'], 'record'> {
  const verified = isAllowed(app, caller, 'audit.read') ? verification.recent() : undefined
  if (verified === undefined) return {}
  const { fault, from, to, stale } = verified.found
  return {
    record: {
      intact: fault === undefined,
      records: Math.max(0, to - from + 1),
      anchored: stale === undefined,
      at: verified.at,
    },
  }
}

export function overviewRegionsFor(sources: OverviewSources, { principal }: SilentCaller): Promise<readonly Region[]> {
  const now = sources.app.clock.monotonic()
  const { written } = sources.live
  const made = overviewsMade.get(sources) ?? new Map<string, MadeOverview>()
  overviewsMade.set(sources, made)
  for (const [viewer, one] of made) if (one.written !== written || now - one.at >= SAME) made.delete(viewer)
  const viewer = JSON.stringify(principal)
  const known = made.get(viewer)
  if (known !== undefined) return known.regions
  const regions = overviewFor(sources, { principal }).then(overviewRegions)
  made.set(viewer, { at: now, written, regions })
  return regions
}

interface MadeOverview {
  readonly at: number
  readonly written: number
  readonly regions: Promise<readonly Region[]>
}

const overviewsMade = new WeakMap<OverviewSources, Map<string, MadeOverview>>()

function unknownIn(ends: ReadonlyMap<string, SwitchEnd>): Overview['unknown'] {
  return [...ends].flatMap(([device, { unknown }]) => (unknown === undefined ? [] : [{ device, ...unknown }]))
}

function eachOnce(decisions: readonly AwaitedDecision[]) {
  return decisions.filter(({ digest }, index) => decisions.findIndex((one) => one.digest === digest) === index)
}

interface Awaited {
  readonly row: ExecutionRow
  readonly plan: ShownPlan
}

async function decisionsFor(
  app: RecordApp,
  caller: SilentCaller,
  open: readonly ExecutionRow[],
): Promise<{ readonly shown: readonly AwaitedDecision[]; readonly more: number }> {
  if (caller.principal.kind !== 'person') return { shown: [], more: 0 }
  const newest = new Map<string, ExecutionRow>()
  for (const row of open) {
    const digest = row.state.plan?.digest
    if (row.standing === 'waiting' && digest !== undefined && !newest.has(digest)) newest.set(digest, row)
  }
  const found = await Promise.all(
    [...newest.values()].map(async (row) => ({ row, plan: await planOf(app, row.state.plan?.ref) })),
  )
  const theirs = found.filter(
    (one): one is Awaited =>
      one.plan !== undefined &&
      isAllowed(app, caller, 'plan.approve', aboutPlan(one.plan)) &&
      neverCounts(app, one.plan, caller.principal) === undefined,
  )
  const first = theirs.slice(0, SHOWN)
  const shown = await Promise.all(first.map(async (one) => decisionOf(app, caller, one)))
  return { shown: shown.flat(), more: theirs.length - first.length }
}

async function decisionOf(
  app: RecordApp,
  caller: SilentCaller,
  { row: { state, at }, plan }: Awaited,
): Promise<readonly AwaitedDecision[]> {
  const { requester } = state
  const sender = requester ?? caller.principal
  const facts = await recordedCase(app, plan, state.id, sender)
  if (!(await waitsFor(app, caller, plan, facts))) return []
  const { have } = tallyFrom(app, plan, state, sender, facts)
  const by = requester === undefined ? 'somebody' : personName(requester)
  const demands = demandsFor(app, plan, sender).filter((demand) => !isMetByAny(demand))
  const needs = needsOf([...new Set(demands.map(demandWords))], have)
  return [{ ...awaited(plan, state), by, at, ...definedMembers({ needs, expires: decidableUntil(state) }) }]
}

function awaited({ digest, content }: ShownPlan, { workflow, params }: Pick<ExecutionState, 'workflow' | 'params'>) {
  return { digest, title: changeTitle({ name: workflow, params }), workflow, switches: content.waves.flat() }
}

function needsOf(demands: readonly string[], have: number) {
  if (demands.length === 0) return undefined
  const words = demands.join('; ')
  return have === 0 ? words : `${words} (${have} given)`
}

function isMetByAny({ count, from, notRequester, notRunner, proof, maxAge }: ApprovalDemand) {
  return count === 1 && from.length === 0 && !notRequester && !notRunner && proof === undefined && maxAge === undefined
}

// When the state that asks for the approval gives up, in milliseconds since 1970; undefined where it waits for as long as it takes.
function decidableUntil({ scopes }: ExecutionState) {
  const ends = [...scopes.values()].flatMap(({ phase, token, deadline }) =>
    phase === 'waiting' && token === undefined && deadline !== undefined ? [deadline] : [],
  )
  return ends.length === 0 ? undefined : Math.min(...ends)
}

async function planOf({ store }: PolicyContext, ref: string | undefined) {
  if (ref === undefined) return undefined
  try {
    return readShownPlan(await store.get(ref))
  } catch {
    return undefined
  }
}

async function liveItemOf({ app, live }: OverviewSources, { state, standing }: ExecutionRow): Promise<LiveItem> {
  const { view } = await seenExecution(app, state.id, live.pulsesOf(state.id))
  return { ...liveItem(view), standing }
}

async function requestedDecisions(
  app: RecordApp,
  caller: SilentCaller,
  asked: readonly AskedPlan[],
): Promise<readonly AwaitedDecision[]> {
  if (caller.principal.kind !== 'person') return []
  return (await Promise.all(asked.map((one) => requestedDecision(app, caller, one)))).flat()
}

async function requestedDecision(
  app: RecordApp,
  caller: SilentCaller,
  { plan: digest, at, principal }: AskedPlan,
): Promise<readonly AwaitedDecision[]> {
  const made = await app.store.planMade(digest)
  if (made?.execution === undefined) return []
  const plan = readShownPlan(await app.store.get(made.plan))
  if (!isAllowed(app, caller, 'plan.approve', aboutPlan(plan))) return []
  const { needed, have, isRejected, demands } = await approvalProgress(app, { principal }, plan, made.execution)
  if (isRejected || have >= needed) return []
  if (!(await waitsFor(app, caller, plan, await recordedCase(app, plan, made.execution, principal)))) return []
  const { execution } = (await keptExecutions(app.store).of(made.execution)).view
  const needs = needsOf(demands, have)
  return [{ ...awaited(plan, execution), by: personName(principal), at, ...definedMembers({ needs }) }]
}

/** Why somebody may not freeze, which is about every switch; the act asks the same, and decides. It names no switch that they may not see. */
export function whyNoFreeze({ app }: Pick<FrontContext, 'app'>, caller: SilentCaller): string | undefined {
  const devices = app.project.inventory().devices.map(({ name }) => name)
  const made = decided(app, caller, 'execution.stop', { devices, underway: true })
  if (made.effect === 'allow') return undefined
  return inventoryFor(app, caller).devices.length === devices.length ? made.reason : NOT_EVERY_SWITCH
}

const NOT_EVERY_SWITCH = 'This is about every switch, and the policy does not let you stop what runs on all of them.'

interface SwitchEnd {
  // That an execution has left it so that nobody knows what it holds, and which one; absent where a later one has settled it.
  readonly unknown?: { readonly execution?: string }
  readonly confirmed?: { readonly source: ShownSource; readonly since: string }
}

/** Executions and snapshots that the viewer may not see have no name in it. */
export async function endsOfSwitches(
  app: RecordApp,
  caller: SilentCaller,
  names: readonly string[],
): Promise<ReadonlyMap<string, SwitchEnd>> {
  const seen = new Map<string, Promise<boolean>>()
  const mayRead = (id: string) => {
    const known = seen.get(id) ?? mayReadExecution(app, caller, id)
    seen.set(id, known)
    return known
  }
  const shown = async ({ unknown, confirmed }: RecordedEnd): Promise<SwitchEnd> => ({
    ...(unknown === undefined ? {} : { unknown: (await mayRead(unknown)) ? { execution: unknown } : {} }),
    ...(confirmed === undefined
      ? {}
      : { confirmed: { ...confirmed, source: await shownSource(app, caller, confirmed.source, mayRead) } }),
  })
  const recorded = [...(await recordedEnds(app, names))]
  return new Map(await Promise.all(recorded.map(async ([name, end]) => [name, await shown(end)] as const)))
}

async function shownSource(
  app: RecordApp,
  caller: SilentCaller,
  source: ConfirmedSource,
  mayRead: (id: string) => Promise<boolean>,
): Promise<ShownSource> {
  if (source.kind === 'snapshot') return sourceFor(app, caller, source)
  return (await mayRead(source.id)) ? source : { kind: 'execution' }
}

interface RecordedEnd {
  // The execution that has left it so that nobody knows what it holds; absent where a later one has settled it.
  readonly unknown?: string
  readonly confirmed?: { readonly source: ConfirmedSource; readonly since: string }
}

export async function recordedEnds(
  app: Pick<RecordApp, 'store' | 'clock'>,
  names: readonly string[],
): Promise<ReadonlyMap<string, RecordedEnd>> {
  const ends = await switchEnds(app)
  const baselines = await baselinesOf(app, names)
  return new Map(
    names.map((name) => {
      const newest = ends.get(name)?.newest
      const baseline = baselines.get(name)
      return [
        name,
        {
          ...(newest?.end === 'unknown' ? { unknown: newest.execution } : {}),
          ...(baseline === undefined ? {} : { confirmed: confirmedIn(baseline) }),
        },
      ]
    }),
  )
}

function confirmedIn(baseline: Baseline): NonNullable<RecordedEnd['confirmed']> {
  return 'ending' in baseline
    ? { source: { kind: 'execution', id: baseline.ending.execution }, since: baseline.ending.at }
    : { source: { kind: 'snapshot', name: baseline.snapshot.name }, since: baseline.snapshot.at }
}
