import type { ChangeLine } from '../../eos/config/diff/changes.ts'
import type { IntendedText, WithoutIntended } from './intended.ts'

export interface PlannedForeign {
  readonly against: IntendedText | WithoutIntended
  readonly count: number
  readonly lines?: readonly ChangeLine[]
}
