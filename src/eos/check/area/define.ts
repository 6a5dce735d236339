import type { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import type { Json, JsonObject } from '../../../model/json.ts'
import type { Verdict } from '../../../model/verdict.ts'
import type { Reply } from '../../device/device.ts'
import type { StateComparison } from '../finding/state-change.ts'
import type { Tolerances } from '../finding/tolerance.ts'
import type { StrangeMember } from './strange-members.ts'

/** What a check may know besides the switch's answers. */
export interface CheckContext {
  readonly device: string
  /** When the answers are judged, in seconds since the epoch; absent: not known, and no age can be told. */
  readonly now?: number
  /** The state areas that the snapshot read before the change, by area name. */
  readonly baseline: Readonly<Record<string, Json>>
}

/**
 * One verification check: which commands to ask, and how to judge the answers. `judge` is pure, so every check is
 * tested with a table of answers and no switch.
 */
export interface Check<I extends z.ZodType = z.ZodType> {
  /** The name that a workflow or catalog uses: `vlans-present`, `VerifyMlagStatus`. The file has it in kebab-case. */
  readonly name: string
  readonly summary: string
  readonly docs: string
  /** The ANTA module that a catalog finds it in, for example `routing.bgp`; absent for a check of eosflow's own. */
  readonly module?: string
  /** What reports group it by. */
  readonly categories?: readonly string[]
  /** Inputs as a catalog or a workflow writes them. */
  readonly example?: JsonObject
  readonly input: I
  /** The state area that the snapshot must have read for this check to be judged. */
  readonly needs?: string
  commands(input: z.output<I>): readonly Command[]
  /**
   * `replies` are the answers, one per command. A refused command is a Reply that is not ok, never a pass. Only what
   * evaluates somebody's expression has to be waited for.
   */
  judge(input: z.output<I>, replies: readonly Reply[], context: CheckContext): Verdict | Promise<Verdict>
  /**
   * The secrets that messages may quote though no line of configuration gives them away, of the inputs and the answers: SNMP
   * communities, for example. Whoever prints or stores a verdict gets it without them.
   */
  secrets?(input: z.output<I>, replies: readonly Reply[]): readonly string[]
}

/** A check that judges at once, as all do that evaluate nothing. */
export interface PromptCheck<I extends z.ZodType = z.ZodType> extends Check<I> {
  judge(input: z.output<I>, replies: readonly Reply[], context: CheckContext): Verdict
}

/** Fixes a check's shape at its definition. */
export const defineCheck = <I extends z.ZodType>(check: PromptCheck<I>): PromptCheck<I> => Object.freeze(check)

/**
 * One area of operational state that a snapshot reads: the commands to ask, and what of the answers is state. `read`
 * drops counters, times and rates, and sorts, so that two readings of an unchanged network are equal.
 */
export interface StateArea {
  /** The name that `snapshot: { state: [...] }` uses; also the file's name. */
  readonly name: string
  readonly docs: string
  readonly commands: readonly Command[]
  read(replies: readonly Reply[]): Json
  /** The members of what is expected of a state that no state of this area has. */
  strangeMembers(expected: Json): readonly StrangeMember[]
  /** The tolerances that {@link describe} keeps where it is not given others: the area's own, by attribute. */
  readonly tolerances: Tolerances
  /**
   * What became of the state between two readings: every change beyond the tolerances, those given before the area's own.
   * A reading that is missing (undefined) or failed cannot be compared: that is an outcome of its own.
   */
  describe(before: Json | undefined, after: Json | undefined, tolerances?: Tolerances): StateComparison
}
