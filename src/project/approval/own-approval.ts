import type { ShownPlan } from '../../change/plan/plan.ts'
import { countOf } from '../../change/policy/approval.ts'
import type { ApprovalCase } from '../../change/policy/approval-case.ts'
import { withPerson } from '../../change/policy/known-login.ts'
import { isSameHuman } from '../../change/policy/quorum.ts'
import type { Principal } from '../../model/principal.ts'
import { decided } from '../access/policy/authority.ts'
import type { RecordApp } from '../app/app.ts'
import { madeBy } from '../history/plans/made-change.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import { trustNow } from '../identity/signers/trust.ts'
import { neverCounts } from './never-counts.ts'

export function mayApprove(app: RecordApp, caller: SilentCaller, plan: ShownPlan): boolean {
  const about = { devices: plan.content.waves.flat(), workflow: plan.content.workflow.file }
  return (
    decided(app, caller, 'plan.approve', about).effect === 'allow' &&
    neverCounts(app, plan, caller.principal) === undefined
  )
}

export async function waitsFor(
  app: RecordApp,
  { principal }: SilentCaller,
  plan: ShownPlan,
  facts: ApprovalCase,
): Promise<boolean> {
  if (neverCounts(app, plan, principal) !== undefined) return false
  return !hasApproved(app, facts, principal) && (await madeBy(app, plan.digest)) === undefined
}

export function hasApproved(app: RecordApp, facts: ApprovalCase, principal: Principal): boolean {
  const person = withPerson(principal, trustNow(app.project))
  const others = facts.decisions.filter(
    ({ signer, statement: { approver } }) =>
      !isSameHuman(signer.status === 'proved' ? signer.principal : approver, person),
  )
  if (others.length === facts.decisions.length) return false
  const without = { ...facts, decisions: others }
  return facts.demands
    .filter((demand) => countOf(demand, facts) < demand.count)
    .every((demand) => countOf(demand, without) < countOf(demand, facts))
}
