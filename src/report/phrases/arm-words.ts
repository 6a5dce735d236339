import type { JournalEvent } from '../../change/record/event/event.ts'
import type { Style } from '../text/style.ts'
import { hanging } from '../text/visible.ts'

/** What was not proven when switches were committed. */
export interface UnprovenSwitches {
  /** Those whose timed commit was sent without `configure lock`. */
  readonly notLocked: readonly string[]
  /** Why it is not proven that a switch can put itself back, by switch. */
  readonly notReplayed: Readonly<Record<string, string>>
}

/** The same by switch while it is read: `refused` is why one could not replay its configuration at its last try. */
export interface UnprovenTally {
  readonly notLocked: ReadonlyMap<string, true>
  readonly notReplayed: ReadonlyMap<string, string>
  readonly refused: ReadonlyMap<string, string>
}

/** A map of switches that events change in place. */
interface ChangedMap<V> {
  get(device: string): V | undefined
  set(device: string, value: V): unknown
  delete(device: string): unknown
}

/** Nothing was committed yet. */
export const NOTHING_UNPROVEN: UnprovenTally = { notLocked: new Map(), notReplayed: new Map(), refused: new Map() }

/** Folds one event into what was not proven when switches were committed, in place. */
export function foldUnproven(
  tally: Readonly<{ notLocked: ChangedMap<true>; notReplayed: ChangedMap<string>; refused: ChangedMap<string> }>,
  event: JournalEvent,
): void {
  if (event.type === 'ActFinished' && event.act === 'replay') {
    if (event.outcome === 'refused') tally.refused.set(event.device, event.error?.message ?? 'refused')
    else tally.refused.delete(event.device)
  }
  if (event.type !== 'ActIntended' || event.act !== 'arm') return
  const { device, locked } = event
  const why = tally.refused.get(device)
  if (locked === false) tally.notLocked.set(device, true)
  if (why !== undefined) tally.notReplayed.set(device, why)
}

/** What was not proven, now that it was read. */
export function unprovenOf({ notLocked, notReplayed }: UnprovenTally): UnprovenSwitches {
  return { notLocked: [...notLocked.keys()], notReplayed: Object.fromEntries(notReplayed) }
}

/** Reads from the record what was not proven when switches were committed; of an older record, that did not hold it, nothing. */
export function unprovenIn(events: readonly JournalEvent[]): UnprovenSwitches {
  const tally = {
    notLocked: new Map<string, true>(),
    notReplayed: new Map<string, string>(),
    refused: new Map<string, string>(),
  }
  for (const event of events) foldUnproven(tally, event)
  return unprovenOf(tally)
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
