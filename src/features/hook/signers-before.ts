import type { EventOf, JournalEvent } from '../../change/record/event/event.ts'
import type { ExecutionSummary, Store } from '../../change/record/store/store.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { identityOf, type NamedPerson } from '../../model/principal.ts'
import type { HookSettings } from '../../project/files/settings/event-settings.ts'
import { hookPrincipal } from './hook-principal.ts'

type Begun = EventOf<'ExecutionStarted'>

const PAGE = 50
const MOST = 1_000

/**
 * Who has signed commits that this sender has had planned for the same workflow, and that no change has brought to the switches since: the next plan
 * brings them too. The newest plan names them all, since it was made like this one.
 */
export async function signersBefore(
  store: Pick<Store, 'executions'>,
  { name, workflow }: Pick<HookSettings, 'name' | 'workflow'>,
  known: readonly NamedPerson[],
): Promise<readonly NamedPerson[]> {
  const sender = identityOf(hookPrincipal(name))
  const done = new Set<string>()
  for await (const { first, last } of newestOf(store)) {
    if (first.type !== 'ExecutionStarted' || first.commit === undefined || first.file !== workflow) continue
    if (isDone(first, last)) done.add(first.commit)
    if (identityOf(first.requester) !== sender) continue
    if (done.has(first.commit)) return []
    const signers = (first.requester.named ?? []).filter(({ issuer }) => issuer === 'ssh')
    return signers.filter(({ id }) => !known.some((one) => one.id === id))
  }
  return []
}

function isDone({ purpose }: Begun, last: JournalEvent) {
  return purpose === 'run' && last.type === 'ExecutionEnded' && DONE.includes(last.outcome)
}

const DONE: readonly string[] = ['succeeded', 'nothing-to-do']

async function* newestOf(store: Pick<Store, 'executions'>): AsyncGenerator<ExecutionSummary> {
  let before: string | undefined
  for (let seen = 0; seen < MOST; seen += PAGE) {
    const page = await store.executions({ limit: PAGE, ...definedMembers({ before }) })
    yield* page
    before = page.at(-1)?.id
    if (page.length < PAGE || before === undefined) return
  }
}
