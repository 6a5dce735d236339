import { EosflowError } from '../../model/error.ts'
import type { BaseDifference } from '../../plan/base-difference.ts'
import { carries } from '../../plan/carries.ts'
import type { Plan } from '../../plan/plan.ts'
import { storePlan } from '../../plan/stored-plan.ts'
import { judgeApprovals } from '../../policy/approval.ts'
import type { ApprovalCase } from '../../policy/approval-case.ts'
import { MOST_CARRIES } from '../../policy/carried.ts'
import type { App } from '../app.ts'
import type { SilentCaller } from '../caller.ts'
import { termsOf } from '../policy/terms.ts'
import { policyNow } from '../policy/while-allowed.ts'
import { passedSinceFirst } from './carried.ts'
import { caseGatherer } from './case.ts'
import { trustForRecord } from './case-sources.ts'

/** So many lines of what differs are on record. */
const MOST_LINES = 200

/** What has carried: whose approvals, by which rules, and how the bases differ. */
export interface CarriedApprovals {
  readonly approvers: readonly string[]
  readonly rules: readonly string[]
  readonly differences: readonly BaseDifference[]
}

/**
 * Carries the approvals of a plan to one that was made again of it, which is on record then: with both digests, how the bases differ, and the rules of the policy
 * that let them. Undefined where no base differs: the first plan is good as it is. Judged for whoever calls. Throws `stale` by the name of what hinders.
 */
export async function carryApprovals(
  app: App,
  caller: SilentCaller,
  approved: Plan,
  made: Plan,
): Promise<CarriedApprovals | undefined> {
  if (changesNothing(made) && !changesNothing(approved))
    throw hindered(['the switches run the change already'], NOTHING_LEFT)
  const { obstacles, differences } = carries(approved, made)
  if (obstacles.length > 0) throw hindered(obstacles.map(({ reason }) => reason))
  if (differences.length === 0) return undefined
  const condition = await policyNow(app)
  const before = await app.store.carried(approved.digest, 'toSend')
  const last = before.at(-1)
  if (last?.to !== made.digest && before.length >= MOST_CARRIES) throw tooOften()
  const facts = await factsFor(app, caller, approved, made)
  if (facts.demands.length === 0) throw hindered(['nobody has to approve it: there is nothing to carry'])
  const judged = judgeApprovals(facts)
  if (judged.status !== 'approved') throw hindered([judged.reason])
  const rules = facts.demands.map(({ by }) => by)
  const carried = { approvers: judged.approvals.map(({ approver }) => approver.id), rules, differences }
  const nonces = [...new Set([...judged.approvals, ...judged.uses].map(({ nonce }) => nonce))]
  if (last?.to === made.digest && nonces.every((nonce) => last.nonces.includes(nonce))) return carried
  if (before.length >= MOST_CARRIES) throw tooOften()
  await app.journalAs(caller.principal).append(
    undefined,
    [
      {
        type: 'ApprovalCarried',
        plan: approved.digest,
        to: made.digest,
        approved: await storePlan(app.store, approved),
        nth: before.length + 1,
        nonces,
        rules,
        policy: made.content.policy ?? '',
        ...listed(differences),
        principal: caller.principal,
      },
    ],
    [condition],
  )
  return carried
}

/** Whether every switch of a plan runs already what it is to run. */
function changesNothing({ content }: Plan): boolean {
  return content.devices.every(({ diff, bootLines }) => diff.length === 0 && bootLines === undefined)
}

/** That approvals do not carry, and why. */
export function hindered(
  reasons: readonly string[],
  hint = 'Plan again and have the new plan approved.',
): EosflowError {
  const [first = '', ...others] = [...new Set(reasons)]
  const why = others.length === 0 ? first : ['', first, ...others].join('\n  ')
  return new EosflowError('stale', `the approvals do not carry to a plan that is made again: ${why}`, {
    hint,
  })
}

const NOTHING_LEFT = 'There is nothing to do: another change, or a person, has made it.'

/** What the new plan is judged by where all approvals that are there had carried to it. Who has asked for either of the plans has asked for the change. */
async function factsFor(app: App, caller: SilentCaller, approved: Plan, made: Plan): Promise<ApprovalCase> {
  const terms = termsOf(app, caller)
  const facts = await caseGatherer<Plan>({
    app,
    caller,
    terms: () => terms,
    definition: () => () => made.content.workflow.digest,
    moved: () => [],
    demands: () => ({}),
    trust: () => trustForRecord(app),
    approved,
  })({
    moment: 'start',
    plan: made,
    recomputed: made.digest,
    execution: '',
    starter: caller.principal,
    isAsked: made.content.approve !== null,
  })
  const now = Math.max(facts.now, facts.highestWallTimeSeen)
  const live = facts.decisions.filter(({ statement }) => isLive(statement, approved.digest, now))
  const nonces = live.map(({ statement }) => statement.nonce)
  const passed = nonces.length === 0 ? undefined : await passedSinceFirst(app, terms, facts.decisions, { nonces, now })
  const { carriedAway: _, carry: before, ...rest } = facts
  const others = before?.others === undefined ? {} : { others: before.others }
  return { ...rest, carry: { plan: approved.digest, nonces, ...others, ...(passed === undefined ? {} : { passed }) } }
}

/** An approval that is over is none that anybody counts from. */
function isLive(
  { plan, decision, expires }: ApprovalCase['decisions'][number]['statement'],
  approved: string,
  now: number,
): boolean {
  return plan === approved && decision === 'approve' && now < Date.parse(expires)
}

function tooOften(): EosflowError {
  return hindered([`its approvals have carried ${MOST_CARRIES} times already`])
}

function listed(differences: readonly BaseDifference[]): {
  readonly differences: readonly BaseDifference[]
  readonly more?: number
} {
  let left = MOST_LINES
  const cut = differences.map((one) => {
    const lines = one.lines.slice(0, left)
    left -= lines.length
    return { ...one, lines }
  })
  const all = differences.reduce((sum, { lines }) => sum + lines.length, 0)
  const shown = cut.reduce((sum, { lines }) => sum + lines.length, 0)
  return { differences: cut, ...(all === shown ? {} : { more: all - shown }) }
}
