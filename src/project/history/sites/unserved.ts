import { begunAtSites, ONE_SITE } from '../../../change/engine/sites.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { ExecutionSummary } from '../../../change/record/store/store.ts'
import type { WorkerRecord } from '../../../change/record/store/workers.ts'
import type { UnservedSite } from '../../../report/phrases/workers.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'

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
