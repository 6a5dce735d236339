import type { Outcome } from '../../change/record/event/event.ts'
import type { ChangeLine } from '../../eos/config/diff/diff.ts'
import type { DeviceEnd } from '../../model/act.ts'

export type TrueEnd = 'BEFORE' | 'AFTER' | 'IN BETWEEN'
export type CellEnd = TrueEnd | 'PART' | 'UNKNOWN'

export interface RehearsedSwitch {
  readonly name: string
  readonly end: TrueEnd
  /** What eosflow says of it; absent for a switch that it was not asked to change. */
  readonly said?: DeviceEnd
  readonly difference?: RehearsedDifference
}

export interface RehearsedDifference {
  readonly config: 'running-config' | 'startup-config'
  readonly from: 'BEFORE' | 'AFTER'
  readonly lines: readonly ChangeLine[]
}

export interface RehearsedCell {
  readonly kind: string
  readonly says: string
  /** Where it struck: the point and the switch, or the record behind which the controller was killed. */
  readonly at:
    | { readonly point: string; readonly device: string }
    | { readonly record: number; readonly words: string; readonly resumed: 'at once' | 'after the commit timer' }
  readonly end: CellEnd
  readonly ok: boolean
  /** How eosflow says that it ended; absent when it could not end. */
  readonly outcome?: Outcome
  readonly exit: number
  /** How long it took, in seconds of the switches' time. */
  readonly seconds: number
  /** What is not as it should be, in words; empty when `ok`. */
  readonly faults: readonly string[]
  readonly switches: readonly RehearsedSwitch[]
}

export interface Rehearsal {
  readonly workflow: string
  readonly fabric: string
  readonly devices: readonly string[]
  readonly seed: number
  readonly undisturbed: { readonly records: number; readonly seconds: number }
  readonly cells: readonly RehearsedCell[]
  /** The outside judges that nobody asked; absent where the workflow has none. */
  readonly unasked?: readonly string[]
}

/** The ends in the order in which they are counted. */
export const CELL_ENDS: readonly CellEnd[] = ['BEFORE', 'AFTER', 'PART', 'UNKNOWN', 'IN BETWEEN']

export function countEnds(cells: readonly RehearsedCell[]): ReadonlyMap<CellEnd, number> {
  return new Map(CELL_ENDS.map((end) => [end, cells.filter((cell) => cell.end === end).length]))
}

export function placeOfCell({ at }: RehearsedCell): string {
  return 'point' in at
    ? `at ${at.point} of ${at.device}`
    : `behind record ${at.record} (${at.words}), resumed ${at.resumed}`
}
