import type { ShownPlan } from '../../change/plan/plan.ts'
import type { ApprovalDemand } from '../../change/policy/obligations.ts'
import type { Proof } from '../../change/policy/proof.ts'
import { missingProof } from '../../change/policy/quorum.ts'
import type { PolicyContext } from '../access/policy/authority.ts'
import { demandsOn } from '../access/policy/demands.ts'

export function proofNotes(app: PolicyContext, plan: ShownPlan, proof: Proof | undefined): readonly string[] {
  if (app.project.policy() === undefined) return []
  const voice = proof === undefined ? {} : { proof }
  const notes = demandsOfRequesters(app, plan).flatMap((demand) => {
    const why = missingProof(demand, voice)
    return why === undefined ? [] : [`this approval does not count for ${demand.by}: ${why}`]
  })
  return [...new Set(notes)]
}

export function demandsOfRequesters(app: PolicyContext, plan: ShownPlan): readonly ApprovalDemand[] {
  const isAsked = plan.content.approve !== null
  return plan.content.requesters.flatMap((principal) => demandsOn(app, { principal }, plan, { isAsked }))
}
