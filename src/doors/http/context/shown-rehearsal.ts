import type { JsonObject } from '../../../model/json.ts'
import { rehearsalAs } from '../../../report/rehearsal/rehearsal.ts'
import type { RehearsalOfPlan } from '../jobs/rehearsals.ts'
import { notThere } from '../request/readable.ts'
import type { IdentifiedCaller } from './identified-caller.ts'
import { askerOf, type FrontContext } from './route.ts'

const DIGEST = /^sha256:[0-9a-f]{64}$/

/** The rehearsal of a plan, for whoever may see the plan; undefined where nobody has asked for one. Throws that the plan is not there. */
export async function rehearsalOf(
  { acts }: Pick<FrontContext, 'acts'>,
  caller: IdentifiedCaller,
  plan: string,
): Promise<RehearsalOfPlan | undefined> {
  if (!DIGEST.test(plan)) throw notThere('plan')
  const found = (await acts.ask('rehearsal', askerOf(caller), { plan })) as
    | RehearsalOfPlan
    | { readonly plan?: undefined }
  return found.plan === undefined ? undefined : found
}

/** The same as a document, version 1. */
export function rehearsalOfPlanJson({ rehearsal, fault, ...known }: RehearsalOfPlan): JsonObject {
  const { exitCode: _, ...found } = rehearsal === undefined ? {} : (rehearsalAs.json(rehearsal, 0) as JsonObject)
  return {
    version: 1,
    ...known,
    ...(rehearsal === undefined ? {} : { rehearsal: found }),
    ...(fault === undefined ? {} : { fault: { kind: fault.kind, message: fault.message } }),
  }
}
