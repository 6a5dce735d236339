import type { Approvals } from '../engine/ports.ts'
import { EosflowError } from '../model/error.ts'
import type { Plan } from '../plan/plan.ts'
import { judgeApprovals } from '../policy/approval.ts'
import { sealOf, statementFor } from '../policy/statement.ts'
import { planText } from '../report/plan-text.ts'
import { colored, plain } from '../report/style.ts'
import { approvalCases, type CaseSources, DEFAULT_EXPIRES } from './approval/case.ts'
import { localTerms } from './approval/terms.ts'
import type { Desk } from './desk.ts'
import type { Io } from './io.ts'
import { systemRandom } from './system-random.ts'

/** How an approval is come by in this command. */
export interface AskMode {
  /** `--approve DIGEST`: the caller's own decision, bound to this digest. */
  readonly digest?: string
  /** `--detach`: nobody is asked. */
  readonly detach?: boolean
}

/** The approvals of a desk: judged from the store, asked for at the terminal. */
export function approvalsOf(sources: CaseSources, io: Io, mode: AskMode): Approvals {
  const { desk } = sources
  const caseOf = approvalCases(sources)
  return {
    judge: async (question) => judgeApprovals(await caseOf(question)),
    ask: async (plan, why) => {
      if (mode.digest !== undefined) {
        requireSameDigest(plan, mode.digest)
        await decide(desk, plan, 'approve', '--approve')
        return 'decided'
      }
      if (mode.detach === true || !io.interactive) {
        io.err(`${why}\n`)
        return 'nobody'
      }
      io.err(`\n${planText(plan, io.color ? colored : plain)}\n\n${why}\n`)
      if (!(await saysYes(io, `Approve this plan? Type yes to go on: `))) {
        throw new EosflowError('not-approved', 'not approved at the terminal', { hint: 'Nothing was written.' })
      }
      await decide(desk, plan, 'approve', 'at the terminal')
      return 'decided'
    },
  }
}

/** Asks for a literal `yes`. Anything else, the end of input included, is no. */
export async function saysYes(io: Io, question: string): Promise<boolean> {
  return (await io.ask(question))?.trim() === 'yes'
}

/** Throws `stale` when a person decided about another plan than this one. */
export function requireSameDigest(plan: Plan, digest: string): void {
  if (plan.digest === digest) return
  throw new EosflowError('stale', `the plan's digest is ${plan.digest}, not ${digest}`, {
    hint: 'The plan has changed since it was reviewed: review it and approve the new digest.',
  })
}

/** Puts the local user's decision about a plan on record, sealed. Throws `not-approved` when the user may not decide. */
export async function decide(desk: Desk, plan: Plan, decision: 'approve' | 'reject', comment: string): Promise<void> {
  const statement = statementFor({
    plan: plan.digest,
    decision,
    approver: desk.actor,
    now: desk.clock.now(),
    validFor: (plan.content.approve?.expires ?? DEFAULT_EXPIRES) * 1000,
    nonce: systemRandom.hex(16),
    comment,
    policy: plan.content.policy,
  })
  const allowed = localTerms.mayDecide(statement, desk.actor, plan)
  if (allowed.effect === 'deny') throw new EosflowError('not-approved', allowed.reason)
  const event = { type: 'ApprovalDecided' as const, statement, seal: sealOf(desk.key, statement) }
  await desk.store.append(undefined, [event])
}
