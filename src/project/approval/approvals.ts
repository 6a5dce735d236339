import type { Approvals } from '../../change/engine/ports.ts'
import type { Plan } from '../../change/plan/plan.ts'
import { judgeApprovals } from '../../change/policy/approval.ts'
import { EosflowError } from '../../model/error.ts'
import { visibleLine } from '../../report/text/text.ts'
import { localTerms } from '../access/policy/demands.ts'
import type { ProjectStore } from '../app/store/project-store.ts'
import type { AnswerWatch } from '../history/requests/inbox.ts'
import type { Caller, SilentCaller } from '../identity/caller-of.ts'
import { requireSameDigest } from '../plan/trusted-seal.ts'
import { approvalCases, type CaseSources } from './case.ts'
import { type Choice, recordDecision, statementOf } from './signer.ts'

export interface AskMode {
  readonly digest?: string
  readonly comment?: string
  readonly detach?: boolean
  /** Absent: as `detach` says. */
  readonly passing?: boolean
  /** `--restored`: whoever is calling knows that the execution was open in the backup from which the store was restored. */
  readonly restored?: boolean
}

export function attendingOf({ passing = false, detach = false }: AskMode): AnswerWatch {
  if (passing) return 'passes'
  return detach ? 'nobody' : 'stays'
}

/** `decide` puts the caller's own word on record. */
export function approvalsOf(
  sources: CaseSources,
  caller: Caller,
  mode: AskMode & { readonly stop: AbortSignal },
  decide: (plan: Plan, choice: Choice) => Promise<unknown>,
): Approvals {
  const caseOf = approvalCases(sources)
  return {
    judge: async (question) => {
      const facts = await caseOf(question)
      return { ...judgeApprovals(facts), decided: facts.decisions.length }
    },
    ask: async (plan, why, signal) => {
      if (mode.digest !== undefined) {
        requireSameDigest(plan, mode.digest)
        await decide(plan, { decision: 'approve', comment: mode.comment ?? '' })
        return 'decided'
      }
      const { review } = caller
      if (mode.detach === true || review === undefined) {
        caller.tell(`${visibleLine(why)}\n`)
        return 'nobody'
      }
      if (!(await review(plan, why, AbortSignal.any([mode.stop, signal])))) {
        throw new EosflowError('not-approved', 'not approved at the terminal', {
          hint: 'Nothing was written. To make the change, run it again and answer with the whole word yes.',
        })
      }
      await decide(plan, { decision: 'approve', comment: 'at the terminal' })
      return 'decided'
    },
  }
}

/** Throws `not-approved`. */
export async function decideLocally(
  app: ProjectStore,
  caller: SilentCaller,
  plan: Plan,
  choice: Choice,
): Promise<void> {
  const statement = statementOf(plan, choice, caller.principal, app.clock.now())
  const allowed = localTerms.mayDecide(statement, caller.principal, plan)
  if (allowed.effect === 'deny') throw new EosflowError('not-approved', allowed.reason)
  await recordDecision(app, caller, statement)
}
