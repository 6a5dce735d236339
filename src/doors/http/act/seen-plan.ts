import type { Plan, ShownPlan } from '../../../change/plan/plan.ts'
import { readRecordedPlan, readShownPlan } from '../../../change/plan/recorded-plan.ts'
import { storedPlan } from '../../../change/plan/stored-plan.ts'
import type { ArtefactRef } from '../../../change/record/event/artefact-ref.ts'
import type { Scope } from '../../../model/principal.ts'
import { isAllowed, requireAllowed } from '../../../project/access/policy/authority.ts'
import { aboutPlan } from '../../../project/access/policy/entry.ts'
import type { RecordApp } from '../../../project/app/app.ts'
import type { SilentCaller } from '../../../project/identity/caller-of.ts'
import { notThere } from '../request/readable.ts'

export interface SeenPlan {
  readonly plan: ShownPlan
  readonly execution: string
  readonly ref: ArtefactRef
}

/** The plan of a digest, for somebody who may see it or do one of `needs` about it. */
export async function seenPlan(
  app: RecordApp,
  caller: SilentCaller,
  digest: string,
  ...needs: readonly Scope[]
): Promise<SeenPlan> {
  const made = await app.store.planMade(digest)
  if (made?.execution === undefined) throw notThere('plan')
  // What its switches showed is a text for each of them, which nobody reads who only looks.
  const plan = readShownPlan(await app.store.get(made.plan))
  const about = { ...aboutPlan(plan), plan: digest }
  if ([...needs, 'plan.read' as const].every((scope) => !isAllowed(app, caller, scope, about))) {
    await requireAllowed(app, caller, needs[0] ?? 'plan.read', about).catch(() => undefined)
    throw notThere('plan')
  }
  return { plan, execution: made.execution, ref: made.plan }
}

/** As {@link seenPlan}, with what the switches showed: for whoever does what the plan says, or keeps all of it. */
export async function wholeSeenPlan(
  app: RecordApp,
  caller: SilentCaller,
  digest: string,
  ...needs: readonly Scope[]
): Promise<SeenPlan & { readonly plan: Plan }> {
  const { ref, ...found } = await seenPlan(app, caller, digest, ...needs)
  return { ...found, ref, plan: readRecordedPlan(await storedPlan(app.store, ref)) }
}
