import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ApprovalStatement } from '../../src/model/approval.ts'
import type { Principal } from '../../src/model/principal.ts'
import { countOf, judgeApprovals } from '../../src/policy/approval.ts'
import type { ApprovalCase, Decision } from '../../src/policy/approval-case.ts'
import { LOCAL_DEMAND } from '../../src/policy/local-demand.ts'
import { sealOf, statementFor } from '../../src/policy/statement.ts'
import { ALICE, GIVEN_STATEMENT } from './given-statement.ts'

const KEY = 'k'.repeat(32)
const AGENT: Principal = { issuer: 'corp', id: 'bot', kind: 'agent', auth: 'oidc' }
const EIGHT = Date.UTC(2026, 0, 5, 8)
const HOUR = 3_600_000
const NONCE = '00112233445566778899aabbccddeeff'

/** Alice's approval of `sha256:aa` from 08:00 to 12:00. */
const STATEMENT: ApprovalStatement = {
  ...GIVEN_STATEMENT,
  store: 'eosflow.audit/here',
  comment: 'as discussed',
}

describe('a statement', () => {
  test('holds who decided what about which plan, and from when to when', () => {
    const statement = statementFor({
      store: 'eosflow.audit/here',
      plan: 'sha256:aa',
      decision: 'approve',
      approver: ALICE,
      now: EIGHT,
      validFor: 4 * HOUR,
      nonce: NONCE,
      comment: 'as discussed',
      policy: null,
    })
    expect(statement).toEqual(STATEMENT)
  })

  test('is sealed over its canonical JSON', () => {
    // Computed apart from the code under test, with Python's hmac over the canonical text.
    expect(sealOf(KEY, STATEMENT)).toBe('hmac:b1fc44ea45c416ff49ad52751468b92d364e1d40fc6cbfb0d95b4c3096f304a9')
  })
})

function sealed(change: Partial<ApprovalStatement> = {}, more: Partial<Decision> = {}): Decision {
  const statement = { ...STATEMENT, ...change }
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

const NINE: ApprovalCase = {
  moment: 'start',
  plan: { digest: 'sha256:aa', recomputed: 'sha256:aa' },
  demands: [LOCAL_DEMAND],
  requesters: [ALICE],
  store: { id: 'eosflow.audit/here', any: false },
  runners: [ALICE],
  monotonic: 0,
  longest: 24 * HOUR,
  moved: [],
  sources: {
    'the workflow or one of its files': { planned: 'sha256:d1', found: 'sha256:d1' },
    'the policy': { planned: null, found: null },
    'the version of the rules for templates': { planned: '{}', found: '{}' },
  },
  decisions: [sealed()],
  uses: [],
  runs: [],
  now: EIGHT + HOUR,
  highestWallTimeSeen: EIGHT,
  key: KEY,
  execution: 'x1',
}

const later = sealed({ nonce: 'n2', expires: '2026-01-05T13:00:00.000Z' })
const reject = sealed({ decision: 'reject', nonce: 'n3', comment: '' })

const APPROVED: Record<string, { facts: Partial<ApprovalCase>; nonce?: string }> = {
  'a person approved it': { facts: {} },
  'the first moment of its validity': { facts: { now: EIGHT } },
  'the last moment of its validity': { facts: { now: EIGHT + 4 * HOUR - 1 } },
  'this execution uses it already': { facts: { uses: [{ nonce: NONCE, execution: 'x1' }] } },
  'another approval was used by another execution': { facts: { uses: [{ nonce: 'n9', execution: 'x9' }] } },
  'a second approval, given when the execution that used the first had ended, is free': {
    facts: {
      decisions: [sealed(), { ...later, record: 9 }],
      uses: [{ nonce: NONCE, execution: 'x9' }],
      runs: [{ execution: 'x9', began: 2, ended: { record: 8, at: '2026-01-05T08:00:00.000Z', isRefused: false } }],
    },
    nonce: 'n2',
  },
  'of two the one that holds longer': { facts: { decisions: [sealed(), later] }, nonce: 'n2' },
  'of two the one in use by this execution': {
    facts: { decisions: [later, sealed()], uses: [{ nonce: NONCE, execution: 'x1' }] },
  },
  'of two the one that is not expired': {
    facts: { decisions: [sealed(), later], now: EIGHT + 4.5 * HOUR },
    nonce: 'n2',
  },
  'a rejection was of another plan': {
    facts: { decisions: [sealed(), sealed({ plan: 'sha256:bb', decision: 'reject' })] },
  },
  'a broken decision was of another plan': {
    facts: { decisions: [sealed(), sealed({ plan: 'sha256:bb' }, { intact: false })] },
  },
  'the store was restored before it was given': {
    facts: { store: { id: 'eosflow.audit/here', any: false, restored: '2026-01-05T07:59:59.999Z' } },
  },
  'the clock was set back within its validity': {
    facts: { now: EIGHT - HOUR, highestWallTimeSeen: EIGHT + HOUR },
  },
}

const REFUSED: Record<string, { facts: Partial<ApprovalCase>; status: string; reason: RegExp }> = {
  'an approval from before the store was restored, of which a use may be lost': {
    facts: { store: { id: 'eosflow.audit/here', any: true, restored: '2026-01-05T08:30:00.000Z' } },
    status: 'unentitled',
    reason: /from before the store was restored from a backup, 2026-01-05T08:30:00\.000Z/,
  },
  'data of the inventory that have moved': {
    facts: { moved: ['leaf1: vars.asn (inventory.yaml:3) is no longer what the plan was made from', 'leaf9: b'] },
    status: 'stale',
    reason: /^leaf1: vars\.asn \(inventory\.yaml:3\) is no longer what the plan was made from; leaf9: b$/,
  },
  'no decision': { facts: { decisions: [] }, status: 'missing', reason: /nobody has approved/ },
  'an approval of another plan': {
    facts: { plan: { digest: 'sha256:bb', recomputed: 'sha256:bb' } },
    status: 'missing',
    reason: /nobody has approved/,
  },
  "an agent's approval": {
    facts: { decisions: [sealed({ approver: AGENT })] },
    status: 'missing',
    reason: /nobody has approved/,
  },
  "a service's approval": {
    facts: { decisions: [sealed({ approver: { ...AGENT, kind: 'service' } })] },
    status: 'missing',
    reason: /nobody has approved/,
  },
  'a time before it begins': {
    facts: { now: EIGHT - 1, highestWallTimeSeen: 0 },
    status: 'missing',
    reason: /only from 2026-01-05T08:00:00\.000Z on/,
  },
  'the moment it expires': {
    facts: { now: EIGHT + 4 * HOUR },
    status: 'expired',
    reason: /expired at 2026-01-05T12:00:00\.000Z$/,
  },
  'a clock set back after it expired': {
    facts: { highestWallTimeSeen: EIGHT + 5 * HOUR },
    status: 'expired',
    reason: /clock was set back, the newest record is of 2026-01-05T13:00:00\.000Z/,
  },
  'times that are none': {
    facts: { decisions: [sealed({ expires: 'never' })] },
    status: 'expired',
    reason: /expired at never/,
  },
  'a use by another execution': {
    facts: { uses: [{ nonce: NONCE, execution: 'x2' }] },
    status: 'used',
    reason: /used by another execution/,
  },
  'a use by two executions': {
    facts: {
      uses: [
        { nonce: NONCE, execution: 'x1' },
        { nonce: NONCE, execution: 'x2' },
      ],
    },
    status: 'used',
    reason: /used by another execution/,
  },
  'a use by nobody in particular': {
    facts: { uses: [{ nonce: NONCE, execution: undefined }] },
    status: 'used',
    reason: /used by another execution/,
  },
  'a rejection after the approval': {
    facts: { decisions: [sealed(), reject] },
    status: 'rejected',
    reason: /^local:1000:alice@noc1 rejected this plan$/,
  },
  'a rejection before the approval': {
    facts: { decisions: [reject, sealed()] },
    status: 'rejected',
    reason: /rejected/,
  },
  'a rejection alone, with a comment': {
    facts: { decisions: [sealed({ decision: 'reject', comment: 'wrong VLAN' })] },
    status: 'rejected',
    reason: /rejected this plan: wrong VLAN$/,
  },
  'an expired rejection': {
    facts: { decisions: [sealed({ decision: 'reject', expires: '2026-01-05T08:00:01.000Z' }), later] },
    status: 'rejected',
    reason: /rejected/,
  },
  'a rejection by an agent': {
    facts: { decisions: [sealed(), sealed({ decision: 'reject', approver: AGENT })] },
    status: 'rejected',
    reason: /bot rejected/,
  },
  'a rejection beside a broken record': {
    facts: { decisions: [sealed({}, { intact: false }), reject] },
    status: 'rejected',
    reason: /rejected/,
  },
  'a record that does not verify': {
    facts: { decisions: [sealed({}, { intact: false })] },
    status: 'tampered',
    reason: /altered/,
  },
  'a broken record beside a good one': {
    facts: { decisions: [later, sealed({}, { intact: false })] },
    status: 'tampered',
    reason: /altered/,
  },
  'a seal under another key': { facts: { key: 'another key' }, status: 'tampered', reason: /altered/ },
  'an empty seal': { facts: { decisions: [sealed({}, { seal: '' })] }, status: 'tampered', reason: /altered/ },
}

describe('judgeApprovals', () => {
  test.each(Object.entries(APPROVED))('approves: %s', (_name, { facts, nonce = NONCE }) => {
    expect(judgeApprovals({ ...NINE, ...facts })).toMatchObject({ status: 'approved', approvals: [{ nonce }] })
  })

  test.each(Object.entries(REFUSED))('refuses: %s', (_name, { facts, status, reason }) => {
    expect(judgeApprovals({ ...NINE, ...facts })).toMatchObject({ status, reason: expect.stringMatching(reason) })
  })

  test('counts nothing beside a record that does not verify, with which nothing is sent', () => {
    const broken = sealed({}, { intact: false })
    const facts = { ...NINE, decisions: [later, broken] }
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
      { comment: '' },
      { policy: 'sha256:cc' },
      { decision: 'reject' },
    ]
    for (const change of changes) {
      const forged = { ...sealed(), statement: { ...STATEMENT, ...change } }
      expect(judgeApprovals({ ...NINE, decisions: [forged] })).toMatchObject({ status: 'tampered' })
    }
    const moved = { ...sealed(), statement: { ...STATEMENT, plan: 'sha256:bb' } }
    expect(
      judgeApprovals({ ...NINE, plan: { digest: 'sha256:bb', recomputed: 'sha256:bb' }, decisions: [moved] }),
    ).toMatchObject({ status: 'tampered' })
  })

  test('never approves beside a rejection, whatever else is on record and in whatever order', () => {
    const decision = fc.constantFrom(sealed(), later, sealed({}, { intact: false }), sealed({ approver: AGENT }))
    fc.assert(
      fc.property(fc.array(decision), fc.array(decision), fc.integer({ min: 0, max: 6 }), (before, after, hours) => {
        const facts = { ...NINE, decisions: [...before, reject, ...after], now: EIGHT + hours * HOUR }
        expect(judgeApprovals(facts).status).toBe('rejected')
      }),
    )
  })
})
