import type { ExecutionSummary } from '../../../change/record/store/store.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'

const AT_ONCE = 50

/** Every execution, newest first. */
export async function allExecutions({
  store,
  clock,
}: Pick<ProjectStore, 'store' | 'clock'>): Promise<readonly ExecutionSummary[]> {
  const all: ExecutionSummary[] = []
  for (let before: string | undefined; ; ) {
    const page = await store.executions({ limit: AT_ONCE, ...definedMembers({ before }) })
    all.push(...page)
    before = page.at(-1)?.id
    if (page.length < AT_ONCE || before === undefined) return all
    await clock.sleep(0)
  }
}
