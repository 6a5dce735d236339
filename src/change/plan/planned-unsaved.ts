import type { ChangeLine } from '../../eos/config/diff/changes.ts'

/** In which lines running-config differs from startup-config before a change: its confirm saves them too. */
export interface PlannedUnsaved {
  readonly count: number
  /** The first of them with lines around them, as the switch prints them, redacted. */
  readonly lines: readonly ChangeLine[]
}
