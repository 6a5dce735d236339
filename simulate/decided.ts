import type { EventBody } from '../src/journal/event.ts'
import { type StatementRequest, sealOf, statementFor } from '../src/policy/statement.ts'
import { KEY, OPERATOR, STORE_ID } from './change-under-test.ts'
import type { ControllerStore } from './memory-store.ts'
import type { Watch } from './watch.ts'

/** A person's decision about a plan, sealed as the command line seals it. */
export function decided(
  request: Pick<StatementRequest, 'plan' | 'decision' | 'now' | 'validFor' | 'nonce'>,
): EventBody & { type: 'ApprovalDecided' } {
  const statement = statementFor({ ...request, store: STORE_ID, approver: OPERATOR, comment: '', policy: null })
  return { type: 'ApprovalDecided', statement, seal: sealOf(KEY, statement) }
}

/** A person decides about the plan of an execution, and it goes on record. */
export async function decide(
  store: ControllerStore,
  execution: string,
  request: Parameters<typeof decided>[0],
  watch: Watch,
): Promise<void> {
  const written = await store.as(OPERATOR).append(undefined, [decided(request)])
  watch.note?.(`a person decides about ${execution}: ${request.decision}`)
  watch.appended?.(undefined, written)
}
