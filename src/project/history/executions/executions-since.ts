import type { ExecutionSummary } from '../../../change/record/store/store.ts'
import { decided } from '../../access/policy/authority.ts'
import { aboutExecution } from '../../access/policy/entry.ts'
import type { RecordApp } from '../../app/app.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'
import { begunState } from './begun-state.ts'

const AT_ONCE = 200

export interface RecentExecution {
  readonly at: string
  readonly standing: string
}

/**
 * Every execution that began since a moment, in milliseconds since 1970, as far as somebody may read it, the newest first. Only the first and
 * the last record of each are read, so that a busy day is counted whole.
 */
export async function executionsSince(
  app: RecordApp,
  caller: SilentCaller,
  since: number,
): Promise<readonly RecentExecution[]> {
  const found: RecentExecution[] = []
  for await (const { id, first, last } of newestFirst(app)) {
    if (Date.parse(first.at) < since) return found
    const about = aboutExecution(begunState({ id, first }))
    if (decided(app, caller, 'execution.read', about).effect === 'deny') continue
    found.push({ at: first.at, standing: last.type === 'ExecutionEnded' ? last.outcome : 'open' })
  }
  return found
}

async function* newestFirst({ store, clock }: RecordApp): AsyncGenerator<ExecutionSummary> {
  // The newest alone: a day of thousands leaves no room for what else is asked for again.
  let page = await store.executions({ limit: AT_ONCE, again: true })
  for (;;) {
    yield* page
    const last = page.at(-1)
    if (last === undefined || page.length < AT_ONCE) return
    await clock.sleep(0)
    page = await store.executions({ limit: AT_ONCE, before: last.id })
  }
}
