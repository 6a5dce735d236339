import { QUIET_KINDS } from '../../model/change-kind.ts'
import { linesRead } from './change-read.ts'
import type { PlannedDevice } from './plan.ts'

export type QuietDevice = Pick<PlannedDevice, 'mode' | 'lines' | 'diff' | 'bootLines' | 'unknownLines' | 'said'>

/** Says whether a change is of quiet kinds only (docs/reference/change-kinds.md#kinds-that-touch-no-traffic), on every switch that it changes. */
export function isQuietChange(devices: readonly QuietDevice[]): boolean {
  const changed = devices.filter(({ diff, bootLines }) => diff.length > 0 || bootLines !== undefined)
  return changed.length > 0 && changed.every(isQuiet)
}

function isQuiet(device: QuietDevice) {
  const { mode, unknownLines, bootLines, said = [] } = device
  // The diff of a replacement leaves out what is only in another order.
  if (mode !== 'merge' || unknownLines.length > 0 || bootLines !== undefined) return false
  if (said.some(({ risks }) => risks !== undefined)) return false
  return linesRead(device).lines.every(
    ({ kind, isKnown, isHidden }) => isKnown && isHidden !== true && kind !== undefined && QUIET_KINDS.includes(kind),
  )
}
