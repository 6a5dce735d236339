import type { Place } from '../../model/problem.ts'

export interface QuestionPlaces {
  readonly checks: readonly Place[]
  readonly probes: readonly Place[]
}
