import type { RefusedQuestion } from '../../../model/refused-question.ts'

/** What switches refuse of what the verification of an execution will ask. */
export interface QuestionPort {
  /** Asks every pair that is probed once, and gives what is refused. A switch that does not answer has refused nothing. */
  refusedProbes(): Promise<readonly RefusedQuestion[]>
  /** Where it is written what is compared with the state before the change, in front of what is said of it; nothing where nothing is. */
  placeOfComparison(): string
  /** Throws `refused` with what is refused, unless the plan makes what it is about. `runningOf` gives what runs on a switch. */
  require(refused: readonly RefusedQuestion[], runningOf: (device: string) => Promise<string>): Promise<void>
}
