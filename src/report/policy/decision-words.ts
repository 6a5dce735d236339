import type { PolicyDecision } from '../../change/policy/decide.ts'
import { type ApprovalDemand, FOR_UNKNOWN, proofWords } from '../../change/policy/obligations.ts'
import { count, duration } from '../text/count.ts'

export function verdictWord({ effect, ground }: PolicyDecision): 'allowed' | 'denied' | 'closed' {
  if (effect === 'allow') return 'allowed'
  return ground === 'closed' ? 'closed' : 'denied'
}

export function obligationLines({ obligations }: PolicyDecision): readonly string[] {
  return [
    ...obligations.approvals.map((demand) => `${demand.by} demands ${demandWords(demand)}`),
    ...obligations.concurrency.map(
      ({ by, most }) => `${by} allows at most ${most} of these switches to be changed at a time`,
    ),
  ]
}

/** A demand in words: `2 approvals by approver, from different people, not from whoever made the plan, at most 2h old`. */
export function demandWords({
  count: many,
  from,
  distinct,
  notRequester,
  knownRequester,
  notRunner,
  maxAge,
  proof,
  carry,
  forUnknown,
}: ApprovalDemand): string {
  const not = [...(notRequester ? ['made the plan'] : []), ...(notRunner ? ['runs it'] : [])]
  return [
    `${count(many, 'approval')}${from.length === 0 ? '' : ` by ${from.join(' or ')}`}`,
    ...(many > 1 ? [`from different ${distinct === 'person' ? 'people' : 'identities'}`] : []),
    ...(not.length === 0 ? [] : [`not from whoever ${not.join(' or ')}`]),
    ...(knownRequester === undefined ? [] : ['of a plan by a person whose key is trusted']),
    ...(proof === undefined ? [] : [`proved by ${proofWords(proof)}`]),
    ...(maxAge === undefined ? [] : [`at most ${duration(maxAge / 1000)} old`]),
    ...(carry === undefined ? [] : [`one may carry over ${carry.kinds.join(', ')}`]),
    ...(forUnknown === undefined ? [] : [FOR_UNKNOWN]),
  ].join(', ')
}
