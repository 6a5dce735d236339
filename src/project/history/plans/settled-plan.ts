import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import { readRecordedPlan } from '../../../change/plan/recorded-plan.ts'
import { storedPlan } from '../../../change/plan/stored-plan.ts'
import type { ArtefactRef } from '../../../change/record/event/record-schema.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { unreadableText } from '../../system/process/unreadable-text.ts'

/** Throws `stale` where an execution that goes on has a plan that was altered or is missing. */
export async function settledPlan(
  app: ProjectStore,
  { plan, planFile }: ExecutionState,
  isEnding: boolean,
): Promise<Plan | undefined> {
  const ref = plan?.ref ?? planFile
  if (ref === undefined) return undefined
  try {
    return readRecordedPlan(await stored(app, ref))
  } catch (error) {
    if (isEnding) return undefined
    throw error
  }
}

async function stored(app: ProjectStore, ref: string) {
  try {
    return await storedPlan(app.store, ref)
  } catch (error) {
    throw unreadableText('the stored plan was altered or is missing', error, 'Plan again.')
  }
}

/** A stored plan by the digest that people approved; `what` names it in a refusal. Throws `stale` where the text is not there, or is that of another plan. */
export async function planAsApproved(
  { store }: Pick<ProjectStore, 'store'>,
  { ref, digest, what }: { readonly ref: ArtefactRef; readonly digest: string; readonly what: string },
): Promise<Plan> {
  const stored = await storedPlan(store, ref).catch((cause: unknown) => {
    throw unreadableText(`${what} was altered or is missing`, cause)
  })
  const plan = readRecordedPlan(stored)
  if (plan.digest === digest) return plan
  throw unreadableText(`${what} is another plan than the one that was approved`, undefined)
}
