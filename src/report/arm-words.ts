import { OrderedMap, OrderedSet, Map as PersistentMap } from 'immutable'
import type { JournalEvent } from '../journal/event.ts'
import type { Style } from './style.ts'
import { hanging } from './visible.ts'

/** What was not proven when switches were committed. */
export interface UnprovenSwitches {
  /** Those whose timed commit was sent without `configure lock`. */
  readonly notLocked: readonly string[]
  /** Why it is not proven that a switch can put itself back, by switch. */
  readonly notReplayed: Readonly<Record<string, string>>
}

/** The same while it is read: `refused` is why a switch could not replay its configuration at its last try. */
export interface UnprovenTally {
  readonly notLocked: OrderedSet<string>
  readonly notReplayed: OrderedMap<string, string>
  readonly refused: PersistentMap<string, string>
}

/** Nothing was committed yet. */
export const NOTHING_UNPROVEN: UnprovenTally = {
  notLocked: OrderedSet(),
  notReplayed: OrderedMap(),
  refused: PersistentMap(),
}

/** Folds one event into what was not proven when switches were committed. */
export function unprovenSoFar(before: UnprovenTally, event: JournalEvent): UnprovenTally {
  if (event.type === 'ActFinished' && event.act === 'replay') {
    const { device, outcome, error } = event
    const refused =
      outcome === 'refused' ? before.refused.set(device, error?.message ?? 'refused') : before.refused.delete(device)
    return { ...before, refused }
  }
  if (event.type !== 'ActIntended' || event.act !== 'arm') return before
  const { device, locked } = event
  const why = before.refused.get(device)
  return {
    ...before,
    notLocked: locked === false ? before.notLocked.add(device) : before.notLocked,
    notReplayed: why === undefined ? before.notReplayed : before.notReplayed.set(device, why),
  }
}

/** What was not proven, now that it was read. */
export function unprovenOf({ notLocked, notReplayed }: UnprovenTally): UnprovenSwitches {
  return { notLocked: [...notLocked], notReplayed: Object.fromEntries(notReplayed) }
}

/** Reads from the record what was not proven when switches were committed; of an older record, that did not hold it, nothing. */
export function unprovenIn(events: readonly JournalEvent[]): UnprovenSwitches {
  return unprovenOf(events.reduce(unprovenSoFar, NOTHING_UNPROVEN))
}

/**
 * The same for people: a line for each switch that may not put itself back, and, where the whole is asked for, what `lock: no` means.
 */
export function armWords({ notLocked, notReplayed }: UnprovenSwitches, style: Style, isWhole: boolean): string[] {
  const lines = Object.entries(notReplayed).map(([, why]) =>
    style.warning(hanging(`! committed without the proof that it can put itself back: ${why}`)),
  )
  if (notLocked.length === 0 || !isWhole) return lines
  const where = hanging(
    notLocked.length > 20 ? `${notLocked.slice(0, 5).join(' ')} and ${notLocked.length - 5} more` : notLocked.join(' '),
  )
  const window = `! not locked at the commit: ${where}. A line that somebody typed between our reading of running-config and the commit would be overwritten unseen.`
  return [
    ...lines,
    style.dim(window),
    style.dim('  `configure lock` closes it where it is proven: eosflow doctor --prove lock'),
  ]
}
