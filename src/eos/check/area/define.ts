import type { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import type { Json, JsonObject } from '../../../model/json.ts'
import type { Verdict } from '../../../model/verdict.ts'
import type { Reply } from '../../device/device.ts'
import type { StateComparison, Tolerances } from '../finding/compare.ts'
import type { StrangeMember } from './strange-members.ts'

export interface CheckContext {
  readonly device: string
  /** When the answers are judged, in seconds since the epoch; absent: not known, and no age can be told. */
  readonly now?: number
  /** The state areas that the snapshot read before the change, by area name. */
  readonly baseline: Readonly<Record<string, Json>>
}

export interface Check<I extends z.ZodType = z.ZodType> {
  /** The name that a workflow or catalog uses: `vlans-present`, `VerifyMlagStatus`. */
  readonly name: string
  readonly summary: string
  readonly docs: string
  /** The ANTA module that a catalog finds it in, for example `routing.bgp`; absent for a check of eosflow's own. */
  readonly module?: string
  readonly categories?: readonly string[]
  readonly example?: JsonObject
  readonly input: I
  readonly needs?: string
  commands(input: z.output<I>): readonly Command[]
  /** `replies` are the answers, one per command. A refused command is a Reply that is not ok, never a pass. */
  judge(input: z.output<I>, replies: readonly Reply[], context: CheckContext): Verdict | Promise<Verdict>
  secrets?(input: z.output<I>, replies: readonly Reply[]): readonly string[]
}

export interface PromptCheck<I extends z.ZodType = z.ZodType> extends Check<I> {
  judge(input: z.output<I>, replies: readonly Reply[], context: CheckContext): Verdict
}

export const defineCheck = <I extends z.ZodType>(check: PromptCheck<I>): PromptCheck<I> => Object.freeze(check)

/** `read` drops counters, times and rates, and sorts, so that two readings of an unchanged network are equal. */
export interface StateArea {
  readonly name: string
  readonly docs: string
  readonly commands: readonly Command[]
  read(replies: readonly Reply[]): Json
  strangeMembers(expected: Json): readonly StrangeMember[]
  /** The tolerances that {@link describe} keeps where it is not given others: the area's own, by attribute. */
  readonly tolerances: Tolerances
  /**
   * What became of the state between two readings: every change beyond the tolerances, those given before the area's own.
   * A reading that is missing (undefined) or failed cannot be compared: that is an outcome of its own.
   */
  describe(before: Json | undefined, after: Json | undefined, tolerances?: Tolerances): StateComparison
}
