import { readShownPlan } from '../../../change/plan/recorded-plan.ts'
import { decided } from '../../../project/access/policy/authority.ts'
import { aboutPlan } from '../../../project/access/policy/entry.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import { waitsFor } from '../../../project/approval/own-approval.ts'
import { approvalProgress } from '../../../project/approval/request.ts'
import { recordedCase } from '../../../project/approval/tally.ts'
import { keptExecutions } from '../../../project/history/executions/kept-executions.ts'
import type { SilentCaller } from '../../../project/identity/caller-of.ts'
import type { AwaitedDecision } from '../../../report/page/overview.ts'
import { changeTitle } from '../../../report/phrases/change-title.ts'
import { personName } from '../../../report/phrases/person-name.ts'
import type { AskedPlan } from '../jobs/asked-plans.ts'

export async function requestedDecisions(
  app: RecordApp,
  caller: SilentCaller,
  asked: readonly AskedPlan[],
): Promise<readonly AwaitedDecision[]> {
  if (caller.principal.kind !== 'person') return []
  return (await Promise.all(asked.map((one) => decisionOf(app, caller, one)))).flat()
}

async function decisionOf(
  app: RecordApp,
  caller: SilentCaller,
  { plan: digest, at, principal }: AskedPlan,
): Promise<readonly AwaitedDecision[]> {
  const made = await app.store.planMade(digest)
  if (made?.execution === undefined) return []
  const plan = readShownPlan(await app.store.get(made.plan))
  if (decided(app, caller, 'plan.approve', aboutPlan(plan)).effect === 'deny') return []
  const { needed, have, isRejected, demands } = await approvalProgress(app, { principal }, plan, made.execution)
  if (isRejected || have >= needed) return []
  if (!(await waitsFor(app, caller, plan, await recordedCase(app, plan, made.execution, principal)))) return []
  const { workflow, params } = (await keptExecutions(app.store).of(made.execution)).view.execution
  const needs = demands.join('; ')
  return [
    {
      digest,
      title: changeTitle({ name: workflow, params }),
      workflow,
      switches: plan.content.waves.flat(),
      by: personName(principal),
      at,
      ...(needs === '' ? {} : { needs: have === 0 ? needs : `${needs} (${have} given)` }),
    },
  ]
}
