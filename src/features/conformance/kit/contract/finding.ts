import type { Json } from '../../../../model/json.ts'

/** What a switch showed before the first probe. */
export interface KitStart {
  readonly eos: string
  /** Whether commands are typed at a terminal, which shows prompts, and no codes of errors. */
  readonly isTyped: boolean
  /** The image that it boots, as `boot system` takes it; undefined where it does not say. */
  readonly image?: string
  /** The names of its checkpoints. */
  readonly checkpoints: readonly string[]
  /** The password of the user that the kit makes: of this run alone. Absent where the run is over. */
  readonly password?: string
}

/** A setting of the simulator that a switch has shown: the name in `behaviour:` of a fabric, with dots for what is below, and its value. */
export interface KitFact {
  readonly key: string
  readonly value: Json
}

/** Whether a row of docs/unproven.md holds on the switch, and what it showed. */
export interface KitFinding {
  /** The id of the row. */
  readonly row: string
  readonly holds: boolean
  readonly says: string
  readonly fact?: KitFact
}

/** A step that was not sent, why, and which rows miss it; absent: all of its probe. */
export interface SkippedStep {
  readonly step: string
  readonly why: string
  readonly settles?: readonly string[]
}

/** What became of one probe. */
export interface ProbeResult {
  readonly probe: string
  readonly findings: readonly KitFinding[]
  /** Steps that were not sent, each with the reason. */
  readonly skipped: readonly SkippedStep[]
  /** Why it was given up before its end. */
  readonly failure?: string
}
