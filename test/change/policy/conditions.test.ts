import { describe, expect, test } from 'vitest'
import { judgeApprovals } from '../../../src/change/policy/approval.ts'
import { type ApprovalCase, type Decision, LOCAL_DEMAND } from '../../../src/change/policy/approval-case.ts'
import type { ApprovalStatement } from '../../../src/model/approval.ts'
import { decisionOf, EIGHT, GIVEN_CASE, HOUR, type Unset } from './given-approval.ts'

const same = { planned: 'a', found: 'a' }
const moved = { planned: 'a', found: 'b' }
/** An approval for a store with a shorter name. */
function decision(change: Unset<ApprovalStatement> = {}, more: Partial<Decision> = {}) {
  return decisionOf({ store: 'here', ...change }, more)
}

/** What is asked right before the commit of a switch, in a store with a shorter name. */
const CASE: ApprovalCase = {
  ...GIVEN_CASE,
  moment: 'commit',
  store: { id: 'here', any: false },
  change: { device: 'leaf1', base: same, diff: same, shown: same },
  decisions: [decision()],
}

/** By what is wrong: the whole answer. The status, the condition that a page shows, the reason, and the switch that it is about. */
const REFUSED: Record<string, readonly [Unset<ApprovalCase>, string, string, string?]> = {
  'another plan than the one named': [
    { plan: { digest: 'sha256:aa', recomputed: 'sha256:ab' } },
    'stale digest',
    'the stored plan has the digest sha256:ab, not sha256:aa',
  ],
  'data that moved': [{ moved: ['leaf1: vars.asn'] }, 'stale definition', 'leaf1: vars.asn'],
  'a workflow that has changed': [
    { sources: { ...CASE.sources, 'the workflow or one of its files': moved } },
    'stale definition',
    'the workflow or one of its files has changed since the plan was made',
  ],
  'a policy that has changed': [
    { sources: { ...CASE.sources, 'the policy': { planned: null, found: 'sha256:p' } } },
    'stale definition',
    'the policy has changed since the plan was made',
  ],
  'a commit before which nothing was read': [
    { change: undefined },
    'stale drift',
    'what the switch shows was not read before the commit',
  ],
  'a running-config that has changed': [
    { change: { device: 'leaf1', base: moved, diff: same, shown: same } },
    'stale drift',
    'leaf1: running-config has changed since the plan was made',
    'leaf1',
  ],
  'another change by the switch': [
    { change: { device: 'leaf1', base: same, diff: moved, shown: same } },
    'stale diff',
    'leaf1: the switch would make another change than the approved one',
    'leaf1',
  ],
  'another change than is shown': [
    { change: { device: 'leaf1', base: same, diff: same, shown: moved } },
    'stale diff',
    'leaf1: the plan shows another change than the one that would be made',
    'leaf1',
  ],
  'a rejection': [
    { decisions: [decision({ decision: 'reject' })] },
    'rejected rejection',
    'local:1000:alice@noc1 rejected this plan',
  ],
  'a forged signature': [
    { decisions: [decision({}, { signer: { status: 'forged', reason: 'not her key' } })] },
    'tampered signature',
    'not her key',
  ],
  'another store': [
    { decisions: [decision({ store: 'there' })] },
    'unentitled uses',
    'the approval is for the store there, and this is here',
  ],
  'a restored store': [
    { store: { id: 'here', any: false, restored: '2026-01-05T08:00:00.000Z' } },
    'unentitled uses',
    'the approval is from before the store was restored from a backup, 2026-01-05T08:00:00.000Z, and may have been used since the backup: approve the plan again',
  ],
  'an approval of later': [
    { now: EIGHT - 1, highestWallTimeSeen: 0 },
    'missing time',
    'the approval holds only from 2026-01-05T08:00:00.000Z on',
  ],
  'an approval that is over': [
    { now: EIGHT + 4 * HOUR },
    'expired time',
    'the approval expired at 2026-01-05T12:00:00.000Z',
  ],
  'an approval that is over by the time that has passed, on a clock that was set back': [
    { monotonic: 4 * HOUR },
    'expired time',
    'the approval expired at 2026-01-05T12:00:00.000Z, by the time that has passed since it was read; the clock was set back',
  ],
  'an approval for longer than approvals hold': [
    { longest: HOUR },
    'expired time',
    'the approval expired at 2026-01-05T09:00:00.000Z',
  ],
  // The record has seen a later time than the clock shows: an approval does not become younger by a clock that is set back.
  '[P20] an approval that is older than the rule allows, by the newest record': [
    { demands: [{ ...LOCAL_DEMAND, maxAge: HOUR }], now: EIGHT + HOUR / 2, highestWallTimeSeen: EIGHT + HOUR + 1 },
    'expired time',
    'the approval of local:1000:alice@noc1 is older than the 3600 s that the workflow allows',
  ],
  nobody: [{ decisions: [] }, 'missing authority', 'nobody has approved this plan'],
  'one of two': [
    { demands: [{ ...LOCAL_DEMAND, count: 2 }] },
    'missing authority',
    '1 of the 2 approvals that the workflow asks for',
  ],
  'a use by another execution': [
    { uses: [{ nonce: '00112233445566778899aabbccddeeff', execution: 'x2' }] },
    'used uses',
    'the approval was used by execution x2; approve the plan again',
  ],
  'an approver who is not proved': [
    { decisions: [decision({}, { signer: { status: 'untrusted', reason: 'nobody knows this key' } })] },
    'unentitled authority',
    'nobody knows this key',
  ],
  'an approver who may not approve': [
    { decisions: [decision({}, { entitled: { effect: 'deny', reason: 'no rule allows it' } })] },
    'unentitled authority',
    'no rule allows it',
  ],
  'an approval under another policy': [
    { decisions: [decision({ policy: 'sha256:old' })] },
    'stale definition',
    'local:1000:alice@noc1 approved this plan under another policy',
  ],
}

describe('the conditions, each with the whole of its answer', () => {
  test('a plan that is as it was approved may be sent', () => {
    expect(judgeApprovals(CASE)).toMatchObject({ status: 'approved' })
  })

  test.each(Object.entries(REFUSED))('%s', (_name, [facts, word, reason, device]) => {
    const [status, condition] = word.split(' ')
    const expected = { status, condition, reason, ...(device === undefined ? {} : { device }) }
    expect(judgeApprovals({ ...CASE, ...facts } as ApprovalCase)).toEqual(expected)
  })

  test('what has passed since the commit takes nothing back at the confirm', () => {
    const uses = [{ nonce: '00112233445566778899aabbccddeeff', execution: 'x2' }]
    expect(judgeApprovals({ ...CASE, moment: 'confirm', now: EIGHT + 9 * HOUR, uses })).toMatchObject({
      status: 'approved',
    })
  })

  test('any store takes an approval of another one where the policy says so', () => {
    const decisions = [decision({ store: 'there' })]
    const nonce = '00112233445566778899aabbccddeeff'
    expect(judgeApprovals({ ...CASE, decisions, store: { id: 'here', any: true } })).toMatchObject({
      status: 'approved',
      uses: [{ nonce, use: 1, anyStore: true }],
    })
    const own = judgeApprovals(CASE)
    expect(own.status === 'approved' && own.uses).toEqual([{ nonce, use: 1 }])
  })
})
