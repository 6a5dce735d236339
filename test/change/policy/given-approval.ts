import { sealOf } from '../../../src/change/policy/approval.ts'
import { type ApprovalCase, type Decision, LOCAL_DEMAND } from '../../../src/change/policy/approval-case.ts'
import type { ApprovalStatement } from '../../../src/model/approval.ts'
import type { Principal } from '../../../src/model/principal.ts'

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

/** The key of the store whose seals these are. */
export const KEY = 'k'.repeat(32)
/** When Alice approves, and the approval begins. */
export const EIGHT = Date.UTC(2026, 0, 5, 8)
export const HOUR = 3_600_000

/** Members that may be left out by writing undefined, as a table does. */
export type Unset<T> = { readonly [Key in keyof T]?: T[Key] | undefined }

/** Alice's decision as it is on record: sealed, of a proven person who may decide. `change`: what is another in its statement. */
export function decisionOf(change: Unset<ApprovalStatement> = {}, more: Partial<Decision> = {}): Decision {
  const { store, ...others } = { ...GIVEN_STATEMENT, ...change }
  // A member that is not there is not sealed as one that is undefined.
  const statement = (store === undefined ? others : { ...others, store }) as ApprovalStatement
  return {
    statement,
    record: 1,
    seal: sealOf(KEY, statement),
    intact: true,
    signer: { status: 'proved', principal: statement.approver },
    entitled: { effect: 'allow', reason: '' },
    roles: [],
    loaded: { wall: EIGHT, monotonic: 0 },
    ...more,
  }
}

const same = { planned: 'a', found: 'a' }

/** What a judge is asked an hour later, when the change is to begin and nothing has moved. */
export const GIVEN_CASE: ApprovalCase = {
  moment: 'start',
  plan: { digest: 'sha256:aa', recomputed: 'sha256:aa' },
  demands: [LOCAL_DEMAND],
  requesters: [ALICE],
  store: { id: 'eosflow.audit/0123456789abcdef', any: false },
  runners: [ALICE],
  monotonic: 0,
  longest: 24 * HOUR,
  moved: [],
  sources: {
    'the workflow or one of its files': same,
    'the policy': { planned: null, found: null },
    'the version of the rules for templates': same,
  },
  decisions: [decisionOf()],
  uses: [],
  runs: [],
  now: EIGHT + HOUR,
  highestWallTimeSeen: EIGHT,
  key: KEY,
  execution: 'x1',
}
