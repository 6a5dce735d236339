import type { CarryVerdict } from '../../change/plan/carries.ts'
import type { ShownPlan } from '../../change/plan/plan.ts'
import { keepsBases } from '../../change/plan/settled.ts'
import type { ApprovalCase, Decision } from '../../change/policy/approval.ts'
import type { ApprovalTerms } from '../access/policy/demands.ts'
import type { ProjectStore } from '../app/store/project-store.ts'

/** Reads where the approvals of a plan have carried to, or come from: `family` is every plan by which one may have been used, this one first. Throws BrokenChainError. */
export async function carryReading(
  { store }: Pick<ProjectStore, 'store'>,
  plan: Pick<ShownPlan, 'digest' | 'content'>,
  toSend?: 'toSend',
) {
  const from = plan.content.rebases
  const carried = from || keepsBases(plan) ? await store.carried(from ?? plan.digest, toSend) : []
  const others = from ? [from, ...carried.map(({ to }) => to)] : []
  const own = carried.findLast(({ to }) => to === plan.digest)
  return { from, family: [...new Set([plan.digest, ...others])], last: carried.at(-1), own }
}

export interface CarryContext extends Awaited<ReturnType<typeof carryReading>> {
  readonly app: Pick<ProjectStore, 'store'>
  readonly terms: Pick<ApprovalTerms, 'passedSince'>
  readonly given: readonly Pick<Decision, 'statement'>[]
  readonly now: number
  readonly isAsked: boolean
  readonly verdict: CarryVerdict | undefined
}

export async function carryFacts(context: CarryContext): Promise<Pick<ApprovalCase, 'carry' | 'carriedAway'>> {
  const { from, family, last, own, given, now, isAsked, verdict } = context
  if (from === undefined) return { carriedAway: last }
  const counted = given.filter(({ statement: { plan, expires, nonce } }) =>
    isAsked ? plan === from && now < Date.parse(expires) : own?.nonces.includes(nonce),
  )
  return {
    carry: {
      plan: from,
      nonces: counted.map(({ statement }) => statement.nonce),
      others: family,
      because: verdict?.obstacles.join('; ') || undefined,
      later: isAsked || own === last ? undefined : last?.to,
      passed: counted.length === 0 ? undefined : await passedSince(context, counted),
      kinds: verdict?.differences.map(({ kind }) => kind) ?? [],
    },
  }
}

// What has gone by since the first of some approvals was given: a freeze, or the end of a window.
async function passedSince({ app: { store }, terms, now }: CarryContext, given: CarryContext['given']) {
  const first = Math.min(...given.map(({ statement }) => Date.parse(statement.notBefore)))
  const newest = [...(await store.newestOf('FreezeSet', 1)), ...(await store.newestOf('FreezeEnded', 1))]
  const open = await store.freezes(new Date(first).toISOString())
  const isFrozen = open.length > 0 || newest.some(({ at }) => Date.parse(at) >= first)
  return isFrozen ? 'a freeze has been in force since the first approval' : terms.passedSince(first, now)
}
