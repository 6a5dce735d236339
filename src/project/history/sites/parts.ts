import { foldAll, readState } from '../../../change/engine/fold.ts'
import type { TaskCall } from '../../../change/engine/ports.ts'
import { begunAtSites, ONE_SITE } from '../../../change/engine/sites.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import { taggedPairs } from '../../../change/plan/redundancy.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { Barrier, SitePart } from '../../../change/record/event/record-schema.ts'
import type { AppendCondition } from '../../../change/record/store/journal.ts'
import type { ExecutionSummary } from '../../../change/record/store/store.ts'
import type { WorkerRecord } from '../../../change/record/store/workers.ts'
import { EosflowError, problemOf } from '../../../model/error.ts'
import { isJsonObject } from '../../../model/json.ts'
import type { UnservedSite } from '../../../report/phrases/workers.ts'
import type { RecordApp } from '../../app/app.ts'
import { siteOfSwitch } from '../../app/dispatch/site-of.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { InputError, inputError } from '../../system/process/input-error.ts'
import { sinceAsked, unheardStop } from '../requests/stop-asked.ts'

export function barrierOf({ arguments: given }: Pick<TaskCall, 'arguments'>): Barrier {
  const at = isJsonObject(given) ? given.at : undefined
  if (at === 'push' || at === 'confirm' || at === 'save') return at
  throw new EosflowError('bug', `no such barrier: ${JSON.stringify(at ?? null)}`)
}

interface Ruling {
  readonly is: 'released' | 'refused' | 'open'
  readonly why: string
  readonly newest: number
}

export async function rulingOf(
  { store }: Pick<ProjectStore, 'store'>,
  whole: string,
  barrier: Barrier,
): Promise<Ruling> {
  const { status, seq, sites, compensation } = await readState(store, whole)
  const { decision, reason } = sites.decided[barrier] ?? {}
  if (decision === 'released') return { is: 'released', why: '', newest: seq }
  if (decision === undefined && status === 'running') return { is: 'open', why: '', newest: seq }
  return { is: 'refused', why: reason ?? compensation?.error.message ?? `${whole} has ended`, newest: seq }
}

/** Throws InputError where somebody wants to act on a part of a change over several sites: what is done is done with all of them. */
export function requireNoPart({ id, sites: { part } }: Pick<ExecutionState, 'id' | 'sites'>, verb: string): void {
  if (part === undefined) return
  const message = `it is the part of ${part.of} for the site ${part.site}: what is done is done with all sites`
  throw inputError(id, 'part-of-sites', message, `eosflow ${verb} ${part.of}`)
}

/** Throws InputError for a change over several sites, where a verb is not there for such a change. */
export function requireUndivided({ id, sites }: Pick<ExecutionState, 'id' | 'sites'>, verb: string): void {
  if (!sites.isDivided) return
  const parts = sites.sites.map(({ site, execution }) => `${site}: ${execution}`).join(', ')
  const message = `it is a change over several sites (${parts}), and there is no \`${verb}\` for all of them at once`
  throw inputError(id, 'several-sites', message, 'Stopping it puts all sites back; a new run begins anew.')
}

/** Throws `busy` for a part of a change over several sites that has not ended: what the others do depends on it. */
export async function requireWholeEnded(
  { store }: Pick<RecordApp, 'store'>,
  { id, sites: { part } }: ExecutionState,
): Promise<void> {
  if (part === undefined || (await readState(store, part.of)).status === 'ended') return
  throw new EosflowError('busy', `${id} is a part of ${part.of}, which has not ended`)
}

/** Throws InputError for a plan that was made of those of several sites: each is sent by the execution of its site alone. */
export function requirePlanOfOne({ content: { sites, workflow } }: Plan): void {
  if (sites === undefined) return
  const message = 'the plan is one of several sites, and each of them plans its own switches when it is run'
  throw inputError(workflow.file, 'sites-together', message, 'Run the workflow.')
}

/** Throws `guard` where a change over several sites is to be driven by a process that cannot send workers to its parts. */
export function requireWorkers({ dispatch }: Pick<RecordApp, 'dispatch'>, { id, sites }: ExecutionState): void {
  if (!sites.isDivided || dispatch !== undefined) return
  throw new EosflowError('guard', `${id} is a change over several sites, which only workers drive`, {
    hint: 'Set `workers: dispatch: dbos`, and start a worker for each site.',
  })
}

interface Asked {
  readonly purpose: 'plan' | 'run'
  readonly prepared: PreparedChange
  readonly plan?: Plan
  readonly skipUnreachable?: boolean
  readonly emergency?: object
}

/** Throws InputError where it would be, and cannot be meant so. */
export function isDivided(app: Pick<RecordApp, 'dispatch'>, beginning: Asked): boolean {
  const { purpose, prepared, plan, skipUnreachable, emergency } = beginning
  if (app.dispatch === undefined || purpose !== 'run' || prepared.workflow.rollout.sites === undefined) return false
  if (switchesBySite(prepared).size < 2) return false
  const refused: readonly (string | false)[] = [
    plan !== undefined && 'a saved plan cannot be divided: each site plans its own switches. Run the workflow.',
    skipUnreachable === true && 'no switch is left out of a change that several sites make together',
    emergency !== undefined && 'the glass is broken for one execution, and each site has its own',
    ...apart(prepared),
  ]
  const problems = refused.flatMap((message) =>
    message === false
      ? []
      : [problemOf(prepared.workflow.file, 'sites-together', message, 'Or change the switches of one site alone.')],
  )
  if (problems.length > 0) throw new InputError(problems)
  return true
}

/** The switches of a change by the site whose workers reach them, both in the order of the inventory. */
export function switchesBySite({ devices }: Pick<PreparedChange, 'devices'>): ReadonlyMap<string, readonly string[]> {
  const sites = new Map<string, string[]>()
  for (const device of devices) {
    const site = siteOfSwitch(device)
    sites.set(site, [...(sites.get(site) ?? []), device.name])
  }
  return sites
}

/** Throws `stale` where the inventory would have redundant switches changed at the same time by now: sites may have other names since the beginning. */
export function requireApart(prepared: PreparedChange): void {
  const [first] = apart(prepared)
  if (first === undefined) return
  throw new EosflowError('stale', first, { hint: 'Run the workflow again.' })
}

// Redundant switches are never changed at the same time, and sites are.
function apart({ devices, rollout }: PreparedChange) {
  if (rollout.together) return []
  const sites = new Map(devices.map((device) => [device.name, siteOfSwitch(device)]))
  return taggedPairs(Object.entries(rollout.redundant))
    .filter(({ pair: [a, b] }) => sites.get(a) !== sites.get(b))
    .map(({ pair: [a, b] }) => `${a} and ${b} are redundant, and of two sites: they would be changed at the same time`)
}

export interface SiteExecution extends SitePart {
  readonly state: ExecutionState
  readonly events: readonly JournalEvent[]
  /** Why somebody wants it to stop or to rest; undefined where nobody does. */
  readonly asked: string | undefined
}

/** Throws `store`. */
export async function partsOf(
  { store }: Pick<ProjectStore, 'store'>,
  { sites: { sites } }: ExecutionState,
): Promise<readonly SiteExecution[]> {
  return Promise.all(
    sites.map(async (site): Promise<SiteExecution> => {
      const { execution } = site
      const events = await store.read(execution)
      const state = foldAll(execution, events)
      const word =
        state.status === 'running'
          ? ((await unheardStop({ store }, execution, events)) ??
            (await store.suspendRequest(execution, sinceAsked(events))))
          : undefined
      return { ...site, state, events, asked: word?.reason }
    }),
  )
}

/** Where a part is with a barrier: on its way, at it, not concerned because nothing of its site changes, or out of the change. */
export type BarrierState =
  | { readonly is: 'on-its-way' | 'unconcerned' }
  | { readonly is: 'there'; readonly until: number }
  | { readonly is: 'out'; readonly why: string }

export function barrierStateOf({ site, state, asked }: SiteExecution, barrier: Barrier): BarrierState {
  const { id, status, outcome, compensation, sites } = state
  const out = (what: string): BarrierState => ({ is: 'out', why: `${site}: ${id} ${what}` })
  if (status === 'ended') {
    if (outcome === 'nothing-to-do') return { is: 'unconcerned' }
    return out(`has ended ${outcome}${compensation === undefined ? '' : `: ${compensation.error.message}`}`)
  }
  if (status === 'compensating') return out(`is put back: ${compensation?.error.message ?? ''}`)
  if (sites.left !== undefined) return out(`waits no longer: ${sites.left}`)
  if (asked !== undefined) return out(`is asked to stop or to rest: ${asked}`)
  const reached = sites.reached[barrier]
  return reached === undefined ? { is: 'on-its-way' } : { is: 'there', until: reached.until }
}

/** What must still hold of a part when it is let past a barrier: nothing was written about it since it was judged. */
export function unchanged({ execution, state, events }: SiteExecution): AppendCondition {
  return { of: execution, newest: state.seq, unaskedSince: sinceAsked(events) }
}

function sitesFor({ status, sites: { own, sites, ended } }: ExecutionState) {
  if (status === 'ended') return []
  if (own !== undefined) return [own]
  return sites.flatMap(({ site, execution }) => (ended.includes(execution) ? [] : [site]))
}

function served(rows: readonly WorkerRecord[]): ReadonlySet<string> {
  const living = rows.filter(
    ({ kind, dead, drain, age, ttl }) => kind === 'worker' && dead === undefined && drain === undefined && age <= ttl,
  )
  return new Set(living.flatMap(({ sites }) => sites))
}

/** Throws `store`. */
export async function unservedSites(
  { shared }: Pick<ProjectStore, 'shared'>,
  state: ExecutionState,
): Promise<readonly string[]> {
  const sites = sitesFor(state)
  if (shared === undefined || sites.length === 0) return []
  const living = served(await shared.workers.list())
  return sites.filter((site) => !living.has(site))
}

/** Throws `store`. */
export async function openSites({ store }: Pick<ProjectStore, 'store'>): Promise<readonly string[]> {
  return unservedAmong(await store.executions({ open: true }), []).map(({ site }) => site)
}

export function unservedAmong(
  open: readonly ExecutionSummary[],
  rows: readonly WorkerRecord[],
): readonly UnservedSite[] {
  const living = served(rows)
  const found = new Map<string, string[]>()
  for (const one of open) {
    const site = siteOf(one)
    if (site !== undefined && !living.has(site)) found.set(site, [...(found.get(site) ?? []), one.id])
  }
  return [...found].map(([site, executions]) => ({ site, executions })).sort((a, b) => (a.site < b.site ? -1 : 1))
}

function siteOf({ first, last }: ExecutionSummary) {
  if (first.type !== 'ExecutionStarted' || last.type === 'ExecutionEnded') return undefined
  const { isDivided, own } = begunAtSites(ONE_SITE, first)
  return isDivided ? undefined : own
}
