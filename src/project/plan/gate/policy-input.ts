import { withoutGate } from '../../../change/plan/gated.ts'
import type { ShownPlan } from '../../../change/plan/plan.ts'
import { type PolicyInput, policyInput } from '../../../change/plan/policy-input.ts'
import { type PolicyContext, policyDevices } from '../../access/policy/authority.ts'
import { changeTime, demandsOn } from '../../access/policy/demands.ts'
import { requirePlanSight } from '../../access/policy/entry.ts'
import type { RecordApp } from '../../app/app.ts'
import { planNamed } from '../../history/plans/plan-source.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'

/** Throws as {@link planNamed} and {@link requirePlanSight} do. */
export async function policyInputOf(app: RecordApp, caller: SilentCaller, word: string): Promise<PolicyInput> {
  const { plan } = await planNamed(app, word)
  await requirePlanSight(app, caller, plan)
  return judgedInput(app, caller, plan)
}

export function judgedInput(app: PolicyContext, caller: SilentCaller, plan: ShownPlan): PolicyInput {
  const { content } = plan
  const known = policyDevices(
    app.project,
    content.devices.map(({ name }) => name),
  )
  return policyInput(plan, {
    tags: Object.fromEntries(known.map(({ name, tags }) => [name, tags])),
    lasts: changeTime(content, content.waves[0] ?? []),
    approvals: demandsOn(app, caller, withoutGate(plan), { isAsked: content.approve !== null }),
  })
}
