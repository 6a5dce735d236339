import type { Approvals } from '../../change/engine/ports.ts'
import type { Plan } from '../../change/plan/plan.ts'
import { judgeApprovals } from '../../change/policy/approval.ts'
import { EosflowError } from '../../model/error.ts'
import { visibleLine } from '../../report/text/visible.ts'
import { localTerms } from '../access/policy/approval-terms.ts'
import type { ProjectStore } from '../app/store/project-store.ts'
import type { AnswerWatch } from '../history/requests/inbox.ts'
import type { Caller, SilentCaller } from '../identity/caller.ts'
import { requireSameDigest } from '../plan/whose-digest.ts'
import { approvalCases, type CaseSources } from './case.ts'
import { recordDecision } from './record.ts'
import { type Choice, statementOf } from './statement-of.ts'

/** How an approval is come by in this command. */
export interface AskMode {
  /** The caller's own decision, given beforehand and bound to this digest. */
  readonly digest?: string
  /** The comment that such a decision is put on record with. Default: none. */
  readonly comment?: string
  /** Nobody is asked. */
  readonly detach?: boolean
  /** Answers to task tokens are heard that are there already; none is waited for. Absent: as `detach` says. */
  readonly passing?: boolean
  /** `--restored`: whoever is calling knows that the execution was open in the backup from which the store was restored. */
  readonly restored?: boolean
}

/** Who hears the answers of outside systems. */
export function attendingOf({ passing = false, detach = false }: AskMode): AnswerWatch {
  if (passing) return 'passes'
  return detach ? 'nobody' : 'stays'
}

/** The approvals of one caller's executions: judged from the store, asked for where somebody reviews plans. `decide` puts the caller's own word on record. */
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

/** Puts somebody's decision about a plan on record where no policy is asked: in tests and rehearsals. Throws `not-approved`. */
export async function decide(app: ProjectStore, caller: SilentCaller, plan: Plan, choice: Choice): Promise<void> {
  const statement = statementOf(plan, choice, caller.principal, app.clock.now())
  const allowed = localTerms.mayDecide(statement, caller.principal, plan)
  if (allowed.effect === 'deny') throw new EosflowError('not-approved', allowed.reason)
  await recordDecision(app, caller, statement)
}
