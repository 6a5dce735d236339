import { foldAll } from '../../engine/fold.ts'
import { startedTimers } from '../../engine/running-timers.ts'
import type { ProjectStore } from '../project/project-store.ts'

/** The execution that has the least time left, and how much. */
export interface UrgentExecution {
  readonly id: string
  readonly device: string
  /** Seconds until the switch puts itself back. */
  readonly seconds: number
}

/**
 * The execution whose commit timer runs out first, of those that no process runs: what is not resumed in time is put back by its
 * switch. Undefined when no timer is known to run. Throws `store`.
 */
export async function mostUrgentExecution({
  store,
  claims,
  clock,
}: ProjectStore): Promise<UrgentExecution | undefined> {
  const now = clock.now()
  const running: (UrgentExecution & { readonly until: number })[] = []
  for (const { id, hasActed } of await store.openExecutions()) {
    if (!hasActed || (await claims.isClaimed(id))) continue
    const next = startedTimers(foldAll(id, await store.read(id))).find(({ until }) => until > now)
    if (next !== undefined) running.push({ id, ...next, seconds: Math.ceil((next.until - now) / 1000) })
  }
  return running.toSorted((a, b) => a.until - b.until)[0]
}
