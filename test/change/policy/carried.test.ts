import { describe, expect, test } from 'vitest'
import { countOf, judgeApprovals } from '../../../src/change/policy/approval.ts'
import type { ApprovalCase, ApprovalDemand } from '../../../src/change/policy/approval-case.ts'
import type { Policy } from '../../../src/change/policy/policy.ts'
import { obstacle } from '../../../src/change/policy/quorum.ts'
import { letsCarry, passedSince } from '../../../src/change/policy/window.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { partOf } from '../../lab/part-of.ts'
import { rowsOf } from '../../table.ts'
import { ALICE, decisionOf, EIGHT, GIVEN_CASE, HOUR } from './given-approval.ts'

const corp = (id: string): Principal => ({ issuer: 'corp', id, kind: 'person', auth: 'oidc', person: `p-${id}` })
const [BOB, ZOE] = [corp('bob'), corp('zoe')]
const DEMAND: ApprovalDemand = {
  by: 'change',
  count: 1,
  from: [],
  distinct: 'person',
  notRequester: true,
  notRunner: false,
  carry: { kinds: ['vlan.name', 'interface.description'] },
}
const CARRY = { plan: 'sha256:aa', nonces: ['n-bob'], others: [], kinds: ['vlan.name'] }
const BOBS = decisionOf({ approver: BOB, nonce: 'n-bob' })
/** Bob has approved the plan `aa`; his approval has carried to the plan `bb`, which Zoe has made and runs. */
const CARRIED: ApprovalCase = {
  ...GIVEN_CASE,
  plan: { digest: 'sha256:bb', recomputed: 'sha256:bb' },
  demands: [DEMAND],
  requesters: [ZOE, ALICE],
  runners: [ZOE],
  decisions: [BOBS],
  carry: CARRY,
}

const NOBODY = ['missing', 'nobody has approved this plan'] as const

/** What is another in the case, and why the plan that was made again may not be sent then. */
const REFUSED: Readonly<Record<string, readonly [facts: Partial<ApprovalCase>, status: string, reason: string]>> = {
  'the plan was made again of none': [{ carry: undefined as never }, ...NOBODY],
  'it was made again of another one': [{ carry: { ...CARRY, plan: 'sha256:cc' } }, ...NOBODY],
  'no approval has carried': [{ carry: { ...CARRY, nonces: [] } }, ...NOBODY],
  'another approval has': [{ carry: { ...CARRY, nonces: ['n-carol'] } }, ...NOBODY],
  'the rule lets none carry': [
    { demands: [{ ...DEMAND, carry: undefined as never }] },
    'missing',
    'the approval of bob does not count for change: it was given for the plan that this one was made again of, and none carries',
  ],
  'one of two rules lets none carry': [
    { demands: [DEMAND, { ...DEMAND, by: 'other', carry: undefined as never }] },
    'missing',
    'the approval of bob does not count for other: it was given for the plan that this one was made again of, and none carries',
  ],
  'the bases differ in a kind that the rule does not list': [
    { carry: { ...CARRY, kinds: ['vlan.name', 'svi.description'] } },
    'missing',
    'the approval of bob does not count for change: the base differs in lines of svi.description, which its `carry` does not list',
  ],
  'one of two rules does not list a kind in which they differ': [
    { demands: [DEMAND, { ...DEMAND, by: 'other', carry: { kinds: ['interface.description'] } }] },
    'missing',
    'the approval of bob does not count for other: the base differs in lines of vlan.name, which its `carry` does not list',
  ],
  'the plans differ in more than lines that a rule lists': [
    { carry: { ...CARRY, because: 'the base differs in users' } },
    'stale',
    'the approval does not carry: the base differs in users',
  ],
  'it has carried to a later plan': [
    { carry: { ...CARRY, later: 'sha256:dd' } },
    'used',
    'the approval has carried to the plan sha256:dd, and is none for this one any more; approve the plan again',
  ],
  'a window has closed since': [
    { carry: { ...CARRY, passed: 'the window `night` has closed since the first approval' } },
    'expired',
    'the approval does not carry: the window `night` has closed since the first approval',
  ],
  'whoever approved it makes the plan again': [
    { requesters: [BOB, ALICE] },
    'unentitled',
    'the approval of bob does not count for change: the same person made the plan',
  ],
  'whoever approved it made the first plan': [
    { requesters: [ZOE, BOB] },
    'unentitled',
    'the approval of bob does not count for change: the same person made the plan',
  ],
  'somebody has rejected the first plan': [
    { decisions: [BOBS, decisionOf({ decision: 'reject', nonce: 'n-reject', comment: 'no' })] },
    'rejected',
    'local:1000:alice@noc1 rejected this plan: no',
  ],
  'somebody has rejected another plan that was made again of it': [
    {
      carry: { ...CARRY, others: ['sha256:cc'] },
      decisions: [BOBS, decisionOf({ decision: 'reject', nonce: 'n-reject', plan: 'sha256:cc', comment: 'no' })],
    },
    'rejected',
    'local:1000:alice@noc1 rejected this plan: no',
  ],
  'a decision about the first plan was altered': [
    { decisions: [BOBS, decisionOf({ nonce: 'n-other' }, { intact: false })] },
    'tampered',
    'a recorded decision about this plan was altered after it was made',
  ],
  'it was used by an execution of the first plan': [
    { uses: [{ nonce: 'n-bob', execution: 'x0' }] },
    'used',
    'the approval was used by execution x0; approve the plan again',
  ],
  'an execution of an earlier plan was stopped': [
    {
      runs: [
        {
          execution: 'x0',
          began: 2,
          stopped: { record: 3, at: '2026-01-05T08:10:00.000Z' },
          ended: { record: 3, at: '2026-01-05T08:10:00.000Z', isRefused: false },
        },
      ],
    },
    'used',
    'the approval lapsed when x0 ended; approve the plan again',
  ],
  'it has expired since it was given for the first plan': [
    { now: EIGHT + 4 * HOUR },
    'expired',
    'the approval expired at 2026-01-05T12:00:00.000Z',
  ],
  'it is older than the rule allows, counted from then': [
    { demands: [{ ...DEMAND, maxAge: HOUR - 1 }] },
    'expired',
    'the approval of bob is older than the 3599 s that change allows',
  ],
  'its signer may no longer approve': [
    { decisions: [{ ...BOBS, entitled: { effect: 'deny', reason: 'no rule lets bob' } }] },
    'unentitled',
    'no rule lets bob',
  ],
}

/** Without a member that is undefined, as nothing on record has one. */
const cased = (facts: Partial<ApprovalCase>): ApprovalCase => {
  const merged = { ...CARRIED, ...facts }
  const { carry, ...rest } = merged
  return carry === undefined ? rest : merged
}

describe('[F42] an approval that has carried', () => {
  test('counts for the plan that was made again, and is used up by its execution', () => {
    expect(judgeApprovals(CARRIED)).toEqual({
      status: 'approved',
      approvals: [BOBS.statement],
      uses: [{ nonce: 'n-bob', use: 1 }],
    })
    expect(countOf(DEMAND, CARRIED)).toBe(1)
  })

  test.each(Object.entries(REFUSED))('counts for nothing where %s', (_what, [facts, status, reason]) => {
    expect(judgeApprovals(cased(facts))).toMatchObject({ status, reason })
    expect(countOf(cased(facts).demands.at(-1) ?? DEMAND, { ...cased(facts), decisions: cased(facts).decisions })).toBe(
      status === 'rejected' ? 1 : 0,
    )
  })

  test('counts nothing that is of another plan that was made again, and no rejection of a plan that is none', () => {
    const ofOther = decisionOf({ approver: BOB, nonce: 'n-bob', plan: 'sha256:cc' })
    const carry = { ...CARRY, others: ['sha256:cc'] }
    expect(judgeApprovals({ ...CARRIED, carry, decisions: [ofOther] }).status).toBe('missing')
    const elsewhere = decisionOf({ decision: 'reject', nonce: 'n-reject', plan: 'sha256:dd' })
    expect(judgeApprovals({ ...CARRIED, carry, decisions: [BOBS, elsewhere] }).status).toBe('approved')
  })

  test('counts together with one of the new plan', () => {
    const carols = decisionOf({
      plan: 'sha256:bb',
      nonce: 'n-carol',
      approver: corp('carol'),
    })
    const facts = { ...CARRIED, demands: [{ ...DEMAND, count: 2 }], decisions: [BOBS, carols] }
    expect(judgeApprovals(facts)).toMatchObject({ status: 'approved' })
    expect(judgeApprovals({ ...facts, decisions: [BOBS] })).toMatchObject({ status: 'missing' })
  })

  test.each(['later', 'passed'] as const)('and is in use is not ended by %s, nor at the confirm', (what) => {
    const carry = { ...CARRY, [what]: 'something' }
    expect(judgeApprovals({ ...CARRIED, carry, uses: [{ nonce: 'n-bob', execution: 'x1' }] }).status).toBe('approved')
    expect(judgeApprovals({ ...CARRIED, carry, moment: 'confirm' }).status).toBe('approved')
  })

  test('is none for the first plan any more, unless it is in use there or was given later', () => {
    const first: ApprovalCase = {
      ...GIVEN_CASE,
      demands: [DEMAND],
      decisions: [BOBS],
      carriedAway: { to: 'sha256:bb', seq: 5 },
    }
    expect(judgeApprovals(first)).toMatchObject({
      status: 'used',
      reason:
        'the approval has carried to the plan sha256:bb, and is none for this one any more; approve the plan again',
    })
    expect(judgeApprovals({ ...first, uses: [{ nonce: 'n-bob', execution: 'x1' }] }).status).toBe('approved')
    expect(judgeApprovals({ ...first, decisions: [{ ...BOBS, record: 6 }] }).status).toBe('approved')
  })
})

test('a review carries to no other plan, even for a rule that takes reviews', () => {
  const voice = { statement: BOBS.statement, principal: BOB, roles: [], proof: 'review', isCarried: true } as const
  expect(obstacle({ ...DEMAND, proof: ['review'] }, voice, CARRIED)?.reason).toBe(
    'the approval of bob does not count for change: a review is for the plan that it names alone, and none carries',
  )
})

const POLICY = partOf<Policy>({
  rules: [
    {
      id: 'night-change',
      effect: 'allow',
      actions: ['task.push'],
      to: ['operator'],
      on: {},
      when: { noFreeze: false, window: ['night'] },
      require: {
        approvals: {
          count: 1,
          from: [],
          distinct: 'person',
          notRequester: false,
          notRunner: false,
          carry: { kinds: ['vlan.name'] },
        },
      },
    },
    // Of a rule that lets none carry: its window says nothing.
    { id: 'day-change', when: { noFreeze: false, window: ['day'] }, require: { approvals: { count: 1 } } },
  ],
  windows: {
    night: { tz: 'UTC', days: ['mo', 'tu'], from: '22:00', to: '04:00' },
    day: { tz: 'UTC', days: ['mo'], from: '08:00', to: '09:00' },
  },
  freezes: [{ name: 'noon', from: '2026-01-05T12:00:00Z', to: '2026-01-05T13:00:00Z' }],
})
const at = (time: string) => Date.parse(`2026-01-${time}:00Z`)

describe('[G59] what has gone by since the first approval', () => {
  test('is asked for every rule that lets one carry, and for each of its windows', () => {
    const [rule] = POLICY.rules
    const other = { ...rule, id: 'day-change', when: { noFreeze: false, window: ['night', 'day'] } }
    const both = partOf<Policy>({ ...POLICY, rules: [rule, other] })
    expect(passedSince(both, at('05T07:00'), at('05T11:00'))).toBe(
      'the window `day` has closed since the first approval',
    )
  })

  test.each(
    rowsOf(`
      nothing, in the evening before the window      || 05T14:00 || 05T21:00 ||
      nothing, within the window                     || 05T14:00 || 06T03:59 ||
      nothing, where it was given in the window      || 05T23:00 || 06T03:00 ||
      the window, in the moment in which it closes   || 05T14:00 || 06T04:00 || the window \`night\` has closed
      the window of the night before                 || 05T14:00 || 06T23:00 || the window \`night\` has closed
      not the window of a rule that lets none carry  || 05T07:00 || 05T11:00 ||
      a freeze that has begun                        || 05T11:00 || 05T12:30 || the freeze \`noon\` has been in force
      a freeze that is over                          || 05T11:00 || 05T14:00 || the freeze \`noon\` has been in force
      a freeze that it was given in                  || 05T12:30 || 05T14:00 || the freeze \`noon\` has been in force
      not a freeze of before                         || 05T13:00 || 05T14:00 ||
      not a freeze that is to come                   || 05T09:00 || 05T11:59 ||
    `),
  )('%s', (_what, first = '', now = '', passed) => {
    expect(passedSince(POLICY, at(first), at(now))).toBe(
      passed === '' ? undefined : `${passed} since the first approval`,
    )
  })

  test('is not asked of a policy in which no rule lets an approval carry', () => {
    const [rule] = POLICY.rules
    expect(letsCarry(POLICY)).toBe(true)
    expect(letsCarry({ rules: [{ ...rule, require: undefined } as never] })).toBe(false)
  })
})
