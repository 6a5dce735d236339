import type { DeviceHistory } from '../device/history.ts'
import type { JournalEvent } from '../journal/event.ts'

/** Folds the intent to open an owner session: whether the switch has it is not known. */
export function foldHold(
  known: DeviceHistory,
  { session, seq: record }: Extract<JournalEvent, { type: 'ActIntended' }>,
): DeviceHistory {
  const owners = [...(known.owners ?? []), { session, record, isOpen: false }]
  return { ...known, holds: (known.holds ?? 0) + 1, owners }
}

/** Folds what became of the opening or the end of an owner session. One whose answer was lost may be there. */
export function foldOwner(
  before: DeviceHistory,
  { act, session, outcome }: Extract<JournalEvent, { type: 'ActFinished' }>,
): DeviceHistory {
  const { owners = [], ...known } = before
  const isGone = act === 'release' ? outcome === 'done' : outcome === 'refused'
  const isOpen = act === 'hold' && outcome === 'done'
  const left = isGone
    ? owners.filter((one) => one.session !== session)
    : owners.map((one) => (one.session === session && isOpen ? { ...one, isOpen } : one))
  return left.length === 0 ? known : { ...known, owners: left }
}
