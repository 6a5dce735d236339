import type { z } from 'zod'
import type { OpensFeature } from '../../../change/engine/ports.ts'
import { type PlanContent, type ShownPlan, unclaimedMembers } from '../../../change/plan/plan.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import { RECORDS_OF_FEATURES, type RecordOfFeature } from '../../../change/record/event/event.ts'
import type { TextStore } from '../../../change/task/act/context.ts'
import type { WorkflowKey } from '../../../change/workflow/definition/workflow-key.ts'
import type { Clock } from '../../../model/clock.ts'
import { EosflowError, type Problem } from '../../../model/error.ts'
import type { AllowedHost, HttpPort } from '../../../model/http-port.ts'
import { definedMembers } from '../../../model/json.ts'
import type { DoctorSection } from '../../../report/doctor/examination.ts'
import type { serviceFaults } from '../../../text/source/yaml.ts'
import { systemClock } from '../machine/system-clock.ts'

/** A capability that a team may do without. What a file or a record owes to one that is not there is refused by name. */
export interface Feature {
  readonly name: string
  /** Its keys of `eosflow.yaml`; those that the kernel still reads are names. */
  readonly settings?: readonly (SettingsKey | string)[]
  /** Its keys of a workflow file, each with a member of a plan. */
  readonly keys?: readonly WorkflowKey[]
  /** Its members of a plan that the kernel still makes. */
  readonly plan?: readonly string[]
  /** Its types of records in executions. */
  readonly records?: readonly RecordOfFeature[]
  readonly trial?: TrialKey
  /** Asks before a change that is planned from files begins: what is wrong in them. Throws what keeps it from beginning. */
  begin?(prepared: PreparedChange, services: FeatureServices): Promise<readonly Problem[]>
  /** Examines its service about switches, for `doctor`; undefined if it has none. */
  examine?(
    seen: readonly { readonly name: string; readonly serial: string }[],
    services: FeatureServices,
  ): Promise<DoctorSection | undefined>
  /** Opens it for an execution; undefined if it has nothing to do there. */
  open?(
    members: MemberValues,
    services: FeatureServices & { readonly texts: TextStore },
  ): OpensFeature['open'] | undefined
}

/** A key of `eosflow.yaml` that a feature brings. */
export interface SettingsKey<Value = unknown> {
  readonly name: string
  /** The key that it is listed before. */
  readonly before?: string
  /** Its shape, with the value of an absent key. */
  schema(): z.ZodType<Value>
  /** What is wrong with it, given what `http: hosts:` allows. */
  faults(value: Value, hosts: readonly AllowedHost[]): ReturnType<typeof serviceFaults>
}

export function settingsKeys(features: readonly Feature[]): readonly SettingsKey[] {
  return features.flatMap(({ settings = [] }) => settings.filter((key) => typeof key !== 'string'))
}

/** The names of the keys of `eosflow.yaml` that features claim. */
export function claimedSettings(features: readonly Feature[]): ReadonlySet<string> {
  return new Set(
    features.flatMap(({ settings = [] }) => settings.map((key) => (typeof key === 'string' ? key : key.name))),
  )
}

/** The key of workflow tests by which they answer for the services of a feature. */
export interface TrialKey {
  readonly name: string
  /** The key that it is listed before. */
  readonly before: string
  readonly summary: string
  readonly example: unknown
  /** The shape of one answer, to which a test adds `when`. */
  readonly answer: z.ZodType
  /** The names of its services in the settings. */
  services(settings: object): readonly string[]
  unknown(service: string): Pick<Problem, 'code' | 'message'>
  /** Answers what is sent to its services, and leaves the rest to others. */
  answering(
    trial: TrialAnswers,
    moment: { readonly clock: Clock; hasBegun(moment: string): boolean },
    others: HttpPort,
  ): HttpPort
}

export interface TrialAnswers {
  readonly settings: object
  /** By the names of services. */
  readonly answers: Readonly<Record<string, readonly { readonly when?: string | undefined }[]>>
}

/** What it is said of an answer that a test says fails. */
export const FAILED_ANSWERS = {
  unreachable: 'nobody answers at this address',
  'lost-answer': 'the connection ended before the answer',
} as const

export function trialKeys(features: readonly Feature[]): readonly TrialKey[] {
  return features.flatMap(({ trial }) => trial ?? [])
}

const keysOf = new WeakMap<readonly Feature[], readonly WorkflowKey[]>()

/** The keys of a workflow file that features bring: of one list always the same, by which schemas are kept. */
export function workflowKeys(features: readonly Feature[]): readonly WorkflowKey[] {
  const known = keysOf.get(features) ?? features.flatMap(({ keys = [] }) => keys)
  keysOf.set(features, known)
  return known
}

/** Members of a plan, by their names. */
export type MemberValues = Readonly<Record<string, unknown>>

export interface FeatureServices {
  /** The settings of the project, by their keys. */
  readonly settings: object
  readonly http: HttpPort
  readonly clock: Clock
  /** By which features are waited for. */
  readonly waits: Pick<Clock, 'sleep'>
  /** Why no service is asked; absent where they are. */
  readonly unasked?: string
  /** Says that the switches are not there: no person and no service is told of a change. */
  readonly isTrial?: true
}

export function servicesOf({ project, clock, seams }: ServicesApp, http: HttpPort): FeatureServices {
  return {
    settings: project.settings,
    http,
    clock,
    waits: seams?.waits ?? systemClock,
    ...definedMembers({ unasked: seams?.unasked, isTrial: seams?.unaskedAround }),
  }
}

interface ServicesApp {
  readonly project: { readonly settings: object }
  readonly clock: Clock
  readonly seams?: Partial<Pick<FeatureServices, 'unasked' | 'waits'>> & { readonly unaskedAround?: true }
}

/** Opens features for an execution, in their order. */
export function opensOf(
  features: readonly Feature[],
  members: MemberValues,
  services: FeatureServices & { readonly texts: TextStore },
): readonly OpensFeature[] {
  const { waits: clock } = services
  return features.flatMap((feature) => {
    if (feature.open === undefined) return []
    const open: OpensFeature['open'] = (record) => {
      const own = feature.open?.(members, services)
      return own === undefined ? {} : own(record)
    }
    return [{ name: feature.name, open, clock }]
  })
}

/** What of a plan is owed to a feature that is not among these, in words. */
export function owedByPlan(features: readonly Feature[], content: PlanContent): readonly string[] {
  const claimed = new Set(features.flatMap(({ plan = [], keys = [] }) => [...plan, ...keys.map(({ name }) => name)]))
  return unclaimedMembers(content, claimed).map(
    (name) => `the plan has \`${name}\`, and no feature of this eosflow knows it`,
  )
}

/** The types of records that no feature of these claims. */
export function unclaimedRecords(features: readonly Feature[]): readonly RecordOfFeature[] {
  const claimed = new Set<string>(features.flatMap(({ records = [] }) => records))
  return (Object.keys(RECORDS_OF_FEATURES) as RecordOfFeature[]).filter((type) => !claimed.has(type))
}

/** What keys of `eosflow.yaml` that were passed over owe, in words. */
export function owedBySettings({ unclaimed = [] }: { readonly unclaimed?: readonly Problem[] }): readonly string[] {
  return unclaimed.map(({ message }) => message)
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
