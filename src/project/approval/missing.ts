import type { Plan } from '../../change/plan/plan.ts'
import type { Principal } from '../../model/principal.ts'
import { demandsMet } from '../../report/policy/demands-met.ts'
import type { RecordApp } from '../app/app.ts'
import { approvalTally, tallyOnRecord } from './tally.ts'

export async function stillMissing(
  app: RecordApp,
  caller: Principal,
  { plan, execution }: { readonly plan: Plan; readonly execution?: string | undefined },
): Promise<readonly string[]> {
  const [requester = caller] = plan.content.requesters
  const { have, needed, demands } =
    execution === undefined
      ? await approvalTally(app, plan, undefined, requester)
      : await tallyOnRecord(app, caller, { plan, execution })
  if (have >= needed) return []
  const unmet = demandsMet(demands).filter((one) => one.have < one.count)
  if (unmet.length === 0) return [`${have} of ${needed}`]
  return unmet.map(({ words, have: met, count }) => `${met} of ${count} (${words})`)
}

export function enoughOf(missing: readonly string[]): {
  readonly enough: boolean
  readonly missing?: readonly string[]
} {
  return missing.length === 0 ? { enough: true } : { enough: false, missing }
}
