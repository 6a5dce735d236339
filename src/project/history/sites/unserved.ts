import { begunAtSites, ONE_SITE } from '../../../change/engine/sites.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import type { ExecutionSummary } from '../../../change/record/store/store.ts'
import type { WorkerRecord } from '../../../change/record/store/workers.ts'
import type { UnservedSite } from '../../../report/phrases/workers.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'

/** The sites whose workers have something to do for an execution, or may have: its own, or those of its parts that have not ended. */
function sitesFor({ status, sites: { own, sites, ended } }: ExecutionState): readonly string[] {
  if (status === 'ended') return []
  if (own !== undefined) return [own]
  return sites.flatMap(({ site, execution }) => (ended.includes(execution) ? [] : [site]))
}

/** The sites that a living worker takes work for: not one that drains, and none that has been silent for longer than its term. */
function served(rows: readonly WorkerRecord[]): ReadonlySet<string> {
  const living = rows.filter(
    ({ kind, dead, drain, age, ttl }) => kind === 'worker' && dead === undefined && drain === undefined && age <= ttl,
  )
  return new Set(living.flatMap(({ sites }) => sites))
}

/** The sites of an execution that no worker serves at present; none where no workers drive, and of one that has ended. Throws `store`. */
export async function unservedSites(
  { shared }: Pick<ProjectStore, 'shared'>,
  state: ExecutionState,
): Promise<readonly string[]> {
  const sites = sitesFor(state)
  if (shared === undefined || sites.length === 0) return []
  const living = served(await shared.workers.list())
  return sites.filter((site) => !living.has(site))
}

/** The sites at which executions are open. Throws `store`. */
export async function openSites({ store }: Pick<ProjectStore, 'store'>): Promise<readonly string[]> {
  return unservedAmong(await store.executions({ open: true }), []).map(({ site }) => site)
}

/** The sites that no worker serves at present though some of these executions are open there, each with those. */
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

/** The site that an execution was begun for, as its first record says it. A change over several sites has none: it waits with its parts, which are named by themselves. */
function siteOf({ first, last }: ExecutionSummary): string | undefined {
  if (first.type !== 'ExecutionStarted' || last.type === 'ExecutionEnded') return undefined
  const { isDivided, own } = begunAtSites(ONE_SITE, first)
  return isDivided ? undefined : own
}
