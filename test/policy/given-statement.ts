import type { ApprovalStatement } from '../../src/model/approval.ts'
import type { Principal } from '../../src/model/principal.ts'

/** A user of a machine, as a store names them. */
export const ALICE: Principal = { issuer: 'local', id: 'local:1000:alice@noc1', kind: 'person', auth: 'os' }

/** Alice's approval of one plan from 08:00 to 12:00, every member of it written out; tests name what is another with them. */
export const GIVEN_STATEMENT: ApprovalStatement = {
  v: 3,
  kind: 'eosflow.approval',
  plan: 'sha256:aa',
  store: 'eosflow.audit/0123456789abcdef',
  decision: 'approve',
  approver: ALICE,
  notBefore: '2026-01-05T08:00:00.000Z',
  expires: '2026-01-05T12:00:00.000Z',
  maxRuns: 1,
  nonce: '00112233445566778899aabbccddeeff',
  comment: '',
  policy: null,
}
