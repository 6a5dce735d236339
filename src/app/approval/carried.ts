import type { RecordedCarry } from '../../journal/store.ts'
import { once } from '../../model/once.ts'
import { carries } from '../../plan/carries.ts'
import type { Plan, ShownPlan } from '../../plan/plan.ts'
import { readRecordedPlan } from '../../plan/recorded-plan.ts'
import { storedPlan } from '../../plan/stored-plan.ts'
import type { ApprovalCase, CarryCase, Decision } from '../../policy/approval-case.ts'
import { MOST_CARRIES } from '../../policy/carried.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { unreadableText } from '../unreadable-text.ts'
import type { ApprovalTerms } from './terms.ts'

/** What is on record of the plans between which approvals carry. */
export interface CarryReading {
  /** The plan whose approvals count for this one, too; undefined where this is none that was made again. */
  readonly from: string | undefined
  /** Every plan by which an approval may have been used, this one too. */
  readonly family: readonly string[]
  readonly carried: readonly RecordedCarry[]
  /** The plan that people approved; undefined where none of its approvals has carried to this one. */
  readonly approved: Plan | undefined
}

/** Whether an approval of a plan can carry, or have carried: its plan keeps the base block by block then. */
export function mayCarry({ content }: Pick<ShownPlan, 'content'>): boolean {
  return content.rebases !== undefined || content.devices.some(({ base }) => base.blocks !== undefined)
}

/** Reads where the approvals of a plan have carried to, or come from. Throws BrokenChainError, and `stale` where the approved plan cannot be read. */
export async function carryReading(
  { store }: Pick<ProjectStore, 'store'>,
  plan: Pick<ShownPlan, 'digest' | 'content'>,
  toSend?: 'toSend',
): Promise<CarryReading> {
  const { digest } = plan
  if (!mayCarry(plan)) return { from: undefined, family: [digest], carried: [], approved: undefined }
  const from = plan.content.rebases
  const carried = await store.carried(from ?? digest, toSend)
  const family = from === undefined ? [digest] : [...new Set([digest, from, ...carried.map(({ to }) => to)])]
  const own = carried.findLast(({ to }) => to === digest)
  return { from, family, carried, approved: own === undefined ? undefined : await approvedPlan(store, own) }
}

/** The plan that people approved, as its approvals carried from it. Throws `stale`. */
export async function approvedPlan(
  store: ProjectStore['store'],
  { plan, approved }: Pick<RecordedCarry, 'plan' | 'approved'>,
): Promise<Plan> {
  const stored = await storedPlan(store, approved).catch((cause: unknown) => {
    throw unreadableText('the plan whose approvals have carried was altered or is missing', cause)
  })
  const read = readRecordedPlan(stored)
  if (read.digest === plan) return read
  throw unreadableText('the plan whose approvals have carried is another one than the record says', undefined)
}

/** What else is known of the approvals that carry. */
export interface CarryContext {
  readonly decisions: readonly Pick<Decision, 'statement'>[]
  /** What has gone by since some approvals were given, by their nonces. */
  passed(nonces: readonly string[]): Promise<string | undefined>
  /** Why the approved plan does not carry to this one. Whoever sends judges that again: the record is not believed alone. */
  obstacle?(approved: Plan): string | undefined
}

/** What the approvals of the other plan are for this one, and where its own have gone. */
export async function carryFacts(
  plan: Pick<ShownPlan, 'digest'>,
  reading: CarryReading,
  context: CarryContext,
): Promise<Pick<ApprovalCase, 'carry' | 'carriedAway'>> {
  const { digest } = plan
  const { from, carried, approved } = reading
  const last = carried.at(-1)
  if (from === undefined) return carriedAway(last)
  const own = carried.findLast(({ to }) => to === digest)
  const others = otherPlans(plan, reading)
  if (own === undefined) return { carry: { plan: from, nonces: [], ...others } }
  const because = whyNot(carried.length, approved, context)
  const passed = await context.passed(own.nonces)
  return {
    carry: {
      plan: from,
      nonces: own.nonces,
      ...others,
      ...(last === undefined || last.to === digest ? {} : { later: last.to }),
      ...(because === undefined ? {} : { because }),
      ...(passed === undefined ? {} : { passed }),
    },
  }
}

/** The other plans to which the approvals have carried. */
function otherPlans({ digest }: Pick<ShownPlan, 'digest'>, { family, from }: CarryReading): Pick<CarryCase, 'others'> {
  const others = family.filter((plan) => plan !== digest && plan !== from)
  return others.length === 0 ? {} : { others }
}

/** Where the approvals of a plan have gone to last. */
export function carriedAway(last: RecordedCarry | undefined): Pick<ApprovalCase, 'carriedAway'> {
  return last === undefined ? {} : { carriedAway: { to: last.to, record: last.seq } }
}

/**
 * What has gone by since the first of some approvals was given, so that none of them carries: a freeze or the end of a window. What was true of the network
 * then may not be true any more. Undefined where nothing has.
 */
export async function passedSinceFirst(
  { store }: Pick<ProjectStore, 'store'>,
  terms: Pick<ApprovalTerms, 'passedSince'>,
  decisions: CarryContext['decisions'],
  { nonces, now }: { readonly nonces: readonly string[]; readonly now: number },
): Promise<string | undefined> {
  const given = decisions.filter(({ statement }) => nonces.includes(statement.nonce))
  if (given.length === 0) return 'none of its approvals is there'
  const first = Math.min(...given.map(({ statement }) => Date.parse(statement.notBefore)))
  return (await frozenSince(store, first)) ?? terms.passedSince(first, now)
}

/** That a freeze was set since a time, in milliseconds since the epoch, or was in force then: it was ended or runs out only behind it. */
async function frozenSince(store: ProjectStore['store'], first: number): Promise<string | undefined> {
  const [set] = await store.newestOf('FreezeSet', 1)
  if (set !== undefined && Date.parse(set.at) >= first) return `a freeze was set at ${set.at}, since the first approval`
  const [ended] = await store.newestOf('FreezeEnded', 1)
  if (ended !== undefined && Date.parse(ended.at) >= first)
    return `a freeze was in force until ${ended.at}, since the first approval`
  const [open] = await store.freezes(new Date(first).toISOString())
  return open === undefined ? undefined : `a freeze until ${open.until} has been in force since the first approval`
}

function whyNot(many: number, approved: Plan | undefined, { obstacle }: CarryContext): string | undefined {
  if (many > MOST_CARRIES) return `it has carried ${many} times`
  return approved === undefined ? 'the plan that was approved is not there' : obstacle?.(approved)
}

/** Judges once for each approved plan why it does not carry to another one. */
export function obstacleTo(made: Plan): (approved: Plan) => string | undefined {
  let known: { readonly of: string; readonly why: () => string | undefined } | undefined
  return (approved) => {
    if (known?.of !== approved.digest)
      known = {
        of: approved.digest,
        why: once(() => {
          const { obstacles } = carries(approved, made)
          return obstacles.length === 0 ? undefined : obstacles.map(({ reason }) => reason).join('; ')
        }),
      }
    return known.why()
  }
}
