import { type PlanContent, type ShownPlan, unclaimedMembers } from '../../../change/plan/plan.ts'
import { type EventBody, RECORDS_OF_FEATURES } from '../../../change/record/event/event.ts'
import { EosflowError } from '../../../model/error.ts'

/** A capability that a team may do without. What a file or a record owes to one that is not there is refused by name. */
export interface Feature {
  readonly name: string
  /** Its keys of `eosflow.yaml`. */
  readonly settings?: readonly string[]
  /** Its members of a plan's content. */
  readonly plan?: readonly string[]
  /** Its types of records in executions. */
  readonly records?: readonly RecordOfFeature[]
}

export type RecordOfFeature = keyof typeof RECORDS_OF_FEATURES & EventBody['type']

/** What of a plan is owed to a feature that is not among these, in words. */
export function owedByPlan(features: readonly Feature[], content: PlanContent): readonly string[] {
  const claimed = new Set(features.flatMap(({ plan = [] }) => plan))
  return unclaimedMembers(content, claimed).map(
    (name) => `the plan has \`${name}\`, and no feature of this eosflow knows it`,
  )
}

/** The types of records that no feature of these claims. */
export function unclaimedRecords(features: readonly Feature[]): readonly RecordOfFeature[] {
  const claimed = new Set<string>(features.flatMap(({ records = [] }) => records))
  return (Object.keys(RECORDS_OF_FEATURES) as RecordOfFeature[]).filter((type) => !claimed.has(type))
}

export function owedByRecord(type: RecordOfFeature): string {
  return `the record has ${type}, and this eosflow is without its feature \`${RECORDS_OF_FEATURES[type]}\``
}

const HINT =
  'Use the eosflow that it was begun with. Nothing is changed or confirmed without the feature; what is live is restored.'

/** Throws `guard` for a plan that holds what none of these features knows. */
export function requireFeatures(features: readonly Feature[], { content }: Pick<ShownPlan, 'content'>): void {
  requireNothingOwed(owedByPlan(features, content))
}

/** Throws `guard`. */
export function requireNothingOwed(owed: readonly string[]): void {
  const unfit = unfitFor(owed)
  if (unfit !== undefined) throw unfit
}

/** Why a process may not go on where this is owed to features that it is without. Another process may, so that it is retryable. */
export function unfitFor(owed: readonly string[]): EosflowError | undefined {
  return owed.length === 0 ? undefined : new EosflowError('guard', owed.join('; '), { hint: HINT, retryable: true })
}
