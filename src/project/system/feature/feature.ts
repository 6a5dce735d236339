import type { OpensFeature } from '../../../change/engine/ports.ts'
import { type PlanContent, type ShownPlan, unclaimedMembers } from '../../../change/plan/plan.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import { RECORDS_OF_FEATURES, type RecordOfFeature } from '../../../change/record/event/event.ts'
import type { TextStore } from '../../../change/task/act/context.ts'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError, type Problem } from '../../../model/error.ts'
import type { HttpPort } from '../../../model/http-port.ts'
import { definedMembers } from '../../../model/json.ts'

/** A capability that a team may do without. What a file or a record owes to one that is not there is refused by name. */
export interface Feature {
  readonly name: string
  /** Its keys of `eosflow.yaml`. */
  readonly settings?: readonly string[]
  /** Its members of a plan's content. */
  readonly plan?: readonly string[]
  /** Its types of records in executions. */
  readonly records?: readonly RecordOfFeature[]
  /** Asks before a change that is planned from files begins: what is wrong in them. Throws what keeps it from beginning. */
  begin?(prepared: PreparedChange, services: FeatureServices): Promise<readonly Problem[]>
  /** Opens it for an execution; undefined if it has nothing to do there. */
  open?(verified: VerifiedMembers, services: FeatureServices & { readonly texts: TextStore }): OpensFeature | undefined
}

export type VerifiedMembers = Pick<PreparedChange, 'judges'>

export interface FeatureServices {
  /** The settings of the project, by their keys. */
  readonly settings: object
  readonly http: HttpPort
  readonly clock: Clock
  /** Why no service is asked; absent where they are. */
  readonly unasked?: string
}

export function servicesOf({ project, clock, seams }: ServicesApp, http: HttpPort): FeatureServices {
  return { settings: project.settings, http, clock, ...definedMembers({ unasked: seams?.unasked }) }
}

interface ServicesApp {
  readonly project: { readonly settings: object }
  readonly clock: Clock
  readonly seams?: Pick<FeatureServices, 'unasked'>
}

/** Opens features for an execution, in their order. */
export function opensOf(
  features: readonly Feature[],
  verified: VerifiedMembers,
  services: FeatureServices & { readonly texts: TextStore },
): readonly OpensFeature[] {
  return features.flatMap((feature) => feature.open?.(verified, services) ?? [])
}

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
