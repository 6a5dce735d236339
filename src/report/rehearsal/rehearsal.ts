import type { Outcome } from '../../change/record/event/event.ts'
import type { ChangeLine } from '../../eos/config/diff/changes.ts'
import type { DeviceEnd } from '../../model/act.ts'

/** Where a switch truly is. */
export type TrueEnd = 'BEFORE' | 'AFTER' | 'IN BETWEEN'
/** Where all switches together are. `PART`: some have the change and some have not, as the workflow allows. */
export type CellEnd = TrueEnd | 'PART' | 'UNKNOWN'

/** One switch at the end of a trial. */
export interface RehearsedSwitch {
  readonly name: string
  readonly end: TrueEnd
  /** What eosflow says of it; absent for a switch that it was not asked to change. */
  readonly said?: DeviceEnd
  /** What makes it IN BETWEEN: how it differs from what is nearest to it, redacted. */
  readonly difference?: RehearsedDifference
}

/** How a configuration differs from what it should be. */
export interface RehearsedDifference {
  readonly config: 'running-config' | 'startup-config'
  /** What it is nearest to. */
  readonly from: 'BEFORE' | 'AFTER'
  readonly lines: readonly ChangeLine[]
}

/** One trial of the change: what befell it, and where the network ended. */
export interface RehearsedCell {
  /** The kind of fault, `crash` among them. */
  readonly kind: string
  /** The kind as the table says it. */
  readonly says: string
  /** Where it struck: the point and the switch, or the record behind which the controller was killed. */
  readonly at:
    | { readonly point: string; readonly device: string }
    | { readonly record: number; readonly words: string; readonly resumed: 'at once' | 'after the commit timer' }
  readonly end: CellEnd
  /** Whether this is a good end: BEFORE, AFTER or a PART that is allowed, and what eosflow says of it is true. */
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

/** A rehearsal, whole. */
export interface Rehearsal {
  readonly workflow: string
  readonly fabric: string
  /** The switches of the change. */
  readonly devices: readonly string[]
  readonly seed: number
  /** How many records the undisturbed execution wrote, and how long it took. */
  readonly undisturbed: { readonly records: number; readonly seconds: number }
  readonly cells: readonly RehearsedCell[]
  /** The outside judges that nobody asked; absent where the workflow has none. */
  readonly unasked?: readonly string[]
}

/** The ends in the order in which they are counted. */
export const CELL_ENDS: readonly CellEnd[] = ['BEFORE', 'AFTER', 'PART', 'UNKNOWN', 'IN BETWEEN']

/** How many trials ended where. */
export function countEnds(cells: readonly RehearsedCell[]): ReadonlyMap<CellEnd, number> {
  return new Map(CELL_ENDS.map((end) => [end, cells.filter((cell) => cell.end === end).length]))
}

/** Where and when something struck, in a few words. */
export function placeOfCell({ at }: RehearsedCell): string {
  return 'point' in at
    ? `at ${at.point} of ${at.device}`
    : `behind record ${at.record} (${at.words}), resumed ${at.resumed}`
}
