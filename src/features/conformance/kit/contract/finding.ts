import type { Json } from '../../../../model/json.ts'

export interface KitStart {
  readonly eos: string
  readonly isTyped: boolean
  /** The image that it boots, as `boot system` takes it; undefined where it does not say. */
  readonly image?: string
  readonly checkpoints: readonly string[]
  /** The password of the user that the kit makes: of this run alone. */
  readonly password?: string
}

export interface KitFact {
  readonly key: string
  readonly value: Json
}

/** Whether a row of docs/unproven.md holds on the switch, and what it showed. */
export interface KitFinding {
  readonly row: string
  readonly holds: boolean
  readonly says: string
  readonly fact?: KitFact
}

export interface SkippedStep {
  readonly step: string
  readonly why: string
  readonly settles?: readonly string[]
}

export interface ProbeResult {
  readonly probe: string
  readonly findings: readonly KitFinding[]
  readonly skipped: readonly SkippedStep[]
  readonly failure?: string
}
