import type { EventBody } from '../../journal/event.ts'
import { type StatementRequest, sealOf, statementFor } from '../../policy/statement.ts'
import { KEY, OPERATOR } from './change-under-test.ts'

/** A person's decision about a plan, sealed as the command line seals it. */
export function decided(
  request: Pick<StatementRequest, 'plan' | 'decision' | 'now' | 'validFor' | 'nonce'>,
): EventBody & { type: 'ApprovalDecided' } {
  const statement = statementFor({ ...request, approver: OPERATOR, comment: '', policy: null })
  return { type: 'ApprovalDecided', statement, seal: sealOf(KEY, statement) }
}
