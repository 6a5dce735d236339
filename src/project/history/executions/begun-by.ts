import type { Store } from '../../../change/record/store/store.ts'
import { definedMembers } from '../../../model/json.ts'
import { agentName, type Principal } from '../../../model/principal.ts'

const PAGE = 50

/**
 * When an agent, for the person behind it, has begun plans and changes since an instant, by the record; the newest first. Times are milliseconds
 * since the epoch.
 */
export async function begunBy(
  { store }: { readonly store: Pick<Store, 'executions'> },
  principal: Principal,
  since: number,
): Promise<readonly number[]> {
  const name = agentName(principal)
  const times: number[] = []
  for (let before: string | undefined; ; ) {
    const page = await store.executions({ limit: PAGE, ...definedMembers({ before }) })
    for (const { first } of page) {
      const at = Date.parse(first.at)
      if (at < since) return times
      if (first.type === 'ExecutionStarted' && agentName(first.requester) === name) times.push(at)
    }
    before = page.at(-1)?.id
    if (page.length < PAGE || before === undefined) return times
  }
}
