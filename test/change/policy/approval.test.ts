import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countOf, judgeApprovals, sealOf, statementFor } from '../../../src/change/policy/approval.ts'
import { type ApprovalCase, LOCAL_DEMAND } from '../../../src/change/policy/approval-case.ts'
import type { ApprovalStatement } from '../../../src/model/approval.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { ALICE, decisionOf, EIGHT, GIVEN_CASE, GIVEN_STATEMENT, HOUR, KEY } from './given-approval.ts'

const AGENT: Principal = { issuer: 'corp', id: 'bot', kind: 'agent', auth: 'oidc' }
const NONCE = '00112233445566778899aabbccddeeff'

describe('a statement', () => {
  test('holds who decided what about which plan, and from when to when', () => {
    const statement = statementFor({
      store: 'eosflow.audit/0123456789abcdef',
      plan: 'sha256:aa',
      decision: 'approve',
      approver: ALICE,
      now: EIGHT,
      validFor: 4 * HOUR,
      nonce: NONCE,
      comment: '',
      policy: null,
    })
    expect(statement).toEqual(GIVEN_STATEMENT)
  })

  test('is sealed over its canonical JSON', () => {
    // Computed apart from the code under test, with Python's hmac over the canonical text.
    expect(sealOf(KEY, GIVEN_STATEMENT)).toBe('hmac:470f21bc797d2cf693535f9f521123286e50951c6a1797f31f63b3e297f447f1')
  })
})

const later = decisionOf({ nonce: 'n2', expires: '2026-01-05T13:00:00.000Z' })
const reject = decisionOf({ decision: 'reject', nonce: 'n3', comment: '' })

const APPROVED: Record<string, readonly [Partial<ApprovalCase>, nonce?: string]> = {
  'a person approved it': [{}],
  'the first moment of its validity': [{ now: EIGHT }],
  'the last moment of its validity': [{ now: EIGHT + 4 * HOUR - 1 }],
  'this execution uses it already': [{ uses: [{ nonce: NONCE, execution: 'x1' }] }],
  'another approval was used by another execution': [{ uses: [{ nonce: 'n9', execution: 'x9' }] }],
  'a second approval, given when the execution that used the first had ended, is free': [
    {
      decisions: [decisionOf(), { ...later, record: 9 }],
      uses: [{ nonce: NONCE, execution: 'x9' }],
      runs: [{ execution: 'x9', began: 2, ended: { record: 8, at: '2026-01-05T08:00:00.000Z', isRefused: false } }],
    },
    'n2',
  ],
  'of two the one that holds longer': [{ decisions: [decisionOf(), later] }, 'n2'],
  'of two the one in use by this execution': [
    { decisions: [later, decisionOf()], uses: [{ nonce: NONCE, execution: 'x1' }] },
  ],
  'of two the one that is not expired': [{ decisions: [decisionOf(), later], now: EIGHT + 4.5 * HOUR }, 'n2'],
  'a rejection was of another plan': [
    { decisions: [decisionOf(), decisionOf({ plan: 'sha256:bb', decision: 'reject' })] },
  ],
  'a broken decision was of another plan': [
    { decisions: [decisionOf(), decisionOf({ plan: 'sha256:bb' }, { intact: false })] },
  ],
  'the store was restored before it was given': [
    { store: { id: 'eosflow.audit/0123456789abcdef', any: false, restored: '2026-01-05T07:59:59.999Z' } },
  ],
  'the clock was set back within its validity': [{ now: EIGHT - HOUR, highestWallTimeSeen: EIGHT + HOUR }],
}

const REFUSED: Record<string, readonly [Partial<ApprovalCase>, status: string, reason: RegExp]> = {
  "an agent's approval": [{ decisions: [decisionOf({ approver: AGENT })] }, 'missing', /nobody has approved/],
  "a service's approval": [
    { decisions: [decisionOf({ approver: { ...AGENT, kind: 'service' } })] },
    'missing',
    /nobody has approved/,
  ],
  'a clock set back after it expired': [
    { highestWallTimeSeen: EIGHT + 5 * HOUR },
    'expired',
    /clock was set back, the newest record is of 2026-01-05T13:00:00\.000Z/,
  ],
  'times that are none': [{ decisions: [decisionOf({ expires: 'never' })] }, 'expired', /expired at never/],
  'a use by two executions': [
    {
      uses: [
        { nonce: NONCE, execution: 'x1' },
        { nonce: NONCE, execution: 'x2' },
      ],
    },
    'used',
    /used by execution /,
  ],
  'a use by nobody in particular': [{ uses: [{ nonce: NONCE, execution: undefined }] }, 'used', /used by execution /],
  'a rejection after the approval': [
    { decisions: [decisionOf(), reject] },
    'rejected',
    /^local:1000:alice@noc1 rejected this plan$/,
  ],
  'a rejection alone, with a comment': [
    { decisions: [decisionOf({ decision: 'reject', comment: 'wrong VLAN' })] },
    'rejected',
    /rejected this plan: wrong VLAN$/,
  ],
  'an expired rejection': [
    { decisions: [decisionOf({ decision: 'reject', expires: '2026-01-05T08:00:01.000Z' }), later] },
    'rejected',
    /rejected/,
  ],
  'a rejection by an agent': [
    { decisions: [decisionOf(), decisionOf({ decision: 'reject', approver: AGENT })] },
    'rejected',
    /bot rejected/,
  ],
  'a rejection beside a broken record': [
    { decisions: [decisionOf({}, { intact: false }), reject] },
    'rejected',
    /rejected/,
  ],
  'a record that does not verify': [{ decisions: [decisionOf({}, { intact: false })] }, 'tampered', /altered/],
  'a broken record beside a good one': [
    { decisions: [later, decisionOf({}, { intact: false })] },
    'tampered',
    /altered/,
  ],
  'a seal under another key': [{ key: 'another key' }, 'tampered', /altered/],
  'an empty seal': [{ decisions: [decisionOf({}, { seal: '' })] }, 'tampered', /altered/],
}

describe('judgeApprovals', () => {
  test.each(Object.entries(APPROVED))('approves: %s', (_name, [facts, nonce = NONCE]) => {
    expect(judgeApprovals({ ...GIVEN_CASE, ...facts })).toMatchObject({ status: 'approved', approvals: [{ nonce }] })
  })

  test.each(Object.entries(REFUSED))('refuses: %s', (_name, [facts, status, reason]) => {
    expect(judgeApprovals({ ...GIVEN_CASE, ...facts })).toMatchObject({ status, reason: expect.stringMatching(reason) })
  })

  test('counts nothing beside a record that does not verify, with which nothing is sent', () => {
    const broken = decisionOf({}, { intact: false })
    const facts = { ...GIVEN_CASE, decisions: [later, broken] }
    expect(judgeApprovals(facts)).toMatchObject({ status: 'tampered' })
    expect(countOf(LOCAL_DEMAND, facts)).toBe(0)
    expect(countOf(LOCAL_DEMAND, { ...facts, decisions: [later] })).toBe(1)
  })

  test('takes no statement of which any member was changed after it was sealed', () => {
    const changes: readonly Partial<ApprovalStatement>[] = [
      { approver: { ...ALICE, id: 'local:0:root@noc1' } },
      { notBefore: '2026-01-05T07:00:00.000Z' },
      { expires: '2026-01-06T12:00:00.000Z' },
      { nonce: 'ff' },
      { comment: 'as discussed' },
      { policy: 'sha256:cc' },
      { decision: 'reject' },
    ]
    for (const change of changes) {
      const forged = { ...decisionOf(), statement: { ...GIVEN_STATEMENT, ...change } }
      expect(judgeApprovals({ ...GIVEN_CASE, decisions: [forged] })).toMatchObject({ status: 'tampered' })
    }
    const moved = { ...decisionOf(), statement: { ...GIVEN_STATEMENT, plan: 'sha256:bb' } }
    expect(
      judgeApprovals({ ...GIVEN_CASE, plan: { digest: 'sha256:bb', recomputed: 'sha256:bb' }, decisions: [moved] }),
    ).toMatchObject({ status: 'tampered' })
  })

  test('never approves beside a rejection, whatever else is on record and in whatever order', () => {
    const decision = fc.constantFrom(
      decisionOf(),
      later,
      decisionOf({}, { intact: false }),
      decisionOf({ approver: AGENT }),
    )
    fc.assert(
      fc.property(fc.array(decision), fc.array(decision), fc.integer({ min: 0, max: 6 }), (before, after, hours) => {
        const facts = { ...GIVEN_CASE, decisions: [...before, reject, ...after], now: EIGHT + hours * HOUR }
        expect(judgeApprovals(facts).status).toBe('rejected')
      }),
    )
  })
})
