import type { ShownPlan } from '../../plan/plan.ts'
import { allowedTo, wantedOf } from '../../policy/approver-words.ts'
import type { App } from '../app.ts'
import type { SilentCaller } from '../caller.ts'
import { decided } from '../policy/authority.ts'
import { neverCounts } from './never-counts.ts'
import { demandsOfRequesters } from './proof-notes.ts'

/** Whether an approval of whoever is calling would count: the policy lets them approve the plan, and some demand takes it. */
export function mayApprove(app: App, caller: SilentCaller, plan: ShownPlan): boolean {
  const about = { devices: plan.content.waves.flat(), workflow: plan.content.workflow.file }
  return (
    decided(app, caller, 'plan.approve', about).effect === 'allow' &&
    neverCounts(app, plan, caller.principal) === undefined
  )
}

/** Whether those whose approval a plan wants sign with an SSH key: they need the file alone, and send back what they have signed. */
export function approvesByKey(app: App, plan: ShownPlan): boolean {
  const policy = app.project.policy()?.policy
  if (policy === undefined) return false
  const roles = demandsOfRequesters(app, plan).flatMap(({ from }) => from)
  const members = roles.flatMap((role) => policy.roles[role]?.members ?? [])
  return members.length > 0 && members.every((member) => member.startsWith('ssh:'))
}

/** Whose approval a plan wants, a sentence for each rule that says it; none without a policy. */
export function wantedApprovers(app: App, plan: ShownPlan): readonly string[] {
  const policy = app.project.policy()?.policy
  if (policy === undefined) return []
  const wanted = demandsOfRequesters(app, plan).flatMap((demand) => wantedOf(policy, demand) ?? [])
  return wanted.length > 0 ? wanted : [allowedTo(policy, 'plan.approve')]
}
