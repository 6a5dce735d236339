import type { Place } from '../../model/problem.ts'

/** Where checks and pairs that are probed are written, each in their order. */
export interface QuestionPlaces {
  readonly checks: readonly Place[]
  readonly probes: readonly Place[]
}
