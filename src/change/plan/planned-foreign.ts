import type { ChangeLine } from '../../eos/config/diff/changes.ts'
import type { IntendedText, WithoutIntended } from './intended.ts'

/** The lines that a whole configuration takes away from a switch and that are in no intended text of it. */
export interface PlannedForeign {
  /** The last intended text, or why there is none. */
  readonly against: IntendedText | WithoutIntended
  readonly count: number
  /** The lines with the blocks that hold them, redacted. Absent where there is no intended text. */
  readonly lines?: readonly ChangeLine[]
}
