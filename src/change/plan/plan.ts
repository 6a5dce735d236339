import type { z } from 'zod'
import type { DeepReadonly } from '../../model/json.ts'
import type { PlanEvidence } from './plan-evidence.ts'
import type { planContent, planSeal } from './plan-schema.ts'

export type PlanContent = DeepReadonly<z.output<typeof planContent>>

export type PlannedDevice = PlanContent['devices'][number]

/** Indented as EOS prints it. */
export type DiffLine = PlannedDevice['diff'][number]

export type PlannedPair = NonNullable<PlanContent['pairs']>[number]

export type PlannedNeighbor = NonNullable<PlanContent['neighbors']>[number]

export type PlanWarning = PlanContent['warnings'][number]

export type Requester = PlanContent['requesters'][number]

export type UnwarnedPlan = Omit<PlanContent, 'warnings'>

export interface Plan {
  readonly version: 3
  readonly digest: string
  readonly content: PlanContent
  readonly evidence: PlanEvidence
  readonly seal?: PlanSeal
}

export type ShownPlan = Omit<Plan, 'evidence'> & {
  readonly evidence: Omit<PlanEvidence, 'deviceDiffs' | 'state' | 'blocks'>
}

export type PlanSeal = z.output<typeof planSeal>
