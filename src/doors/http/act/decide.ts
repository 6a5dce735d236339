import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import { requireAllowed } from '../../../project/access/policy/authority.ts'
import { aboutPlan } from '../../../project/access/policy/entry.ts'
import { decideHere, planForDecision } from '../../../project/approval/decide-plan.ts'
import { decideProved } from '../../../project/approval/decide-proved.ts'
import { importDecision } from '../../../project/approval/import.ts'
import type { DecisionResult } from '../../../project/approval/take-decision.ts'
import type { Perform } from '../context/act-context.ts'
import { planOnRecord } from './plan-on-record.ts'

/** Puts a decision about a plan on record: one that was signed elsewhere, or that of the local user, who is as good as the login on this machine here and at the command line. */
export const decide: Perform<'decide'> = async (context, caller, asked) => {
  const { app, challenges } = context
  const { plan: digest, signed, decision, comment, challenge, proof, session = '' } = asked
  if (challenge !== undefined && proof !== undefined) {
    const made = await decideProved(app, caller, challenges, { challenge, plan: digest, session, proof })
    return answerOf(made)
  }
  const choice = signed?.statement.decision ?? decision ?? 'approve'
  const { execution } = await planOnRecord(app, caller, digest, `plan.${choice}`)
  const word = { word: execution, decision: choice, isForElsewhere: false, trust: undefined }
  const { plan } = await planForDecision(app, caller, word)
  if (signed !== undefined) {
    return answerOf(await importDecision(app, caller, plan, signed))
  }
  if (choice === 'approve' && caller.principal.auth === 'oidc') {
    await requireAllowed(app, caller, 'plan.approve', { ...aboutPlan(plan), plan: digest })
    throw new EosflowError(
      'not-approved',
      'an approval of somebody who has logged in at an identity provider needs a signature',
      {
        hint: 'Approve with a passkey, by signing in again, or with `eosflow approve`.',
      },
    )
  }
  return answerOf(await decideHere(app, caller, plan, { decision: choice, comment: comment ?? '' }, undefined))
}

function answerOf({ statement: { plan, decision, approver }, note }: DecisionResult): object {
  return { plan, decision, by: approver.id, ...definedMembers({ note }) }
}
