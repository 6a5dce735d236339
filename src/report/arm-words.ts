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
export interface UnprovenTally extends UnprovenSwitches {
  readonly refused: Readonly<Record<string, string>>
}

/** Nothing was committed yet. */
export const NOTHING_UNPROVEN: UnprovenTally = { notLocked: [], notReplayed: {}, refused: {} }

/** Folds one event into what was not proven when switches were committed. */
export function unprovenSoFar(before: UnprovenTally, event: JournalEvent): UnprovenTally {
  if (event.type === 'ActFinished' && event.act === 'replay') {
    const { [event.device]: _, ...others } = before.refused
    if (event.outcome !== 'refused') return { ...before, refused: others }
    return { ...before, refused: { ...others, [event.device]: event.error?.message ?? 'refused' } }
  }
  if (event.type !== 'ActIntended' || event.act !== 'arm') return before
  const { device, locked } = event
  const isNew = locked === false && !before.notLocked.includes(device)
  const why = before.refused[device]
  return {
    ...before,
    ...(isNew ? { notLocked: [...before.notLocked, device] } : {}),
    ...(why === undefined ? {} : { notReplayed: { ...before.notReplayed, [device]: why } }),
  }
}

/** Reads from the record what was not proven when switches were committed; of an older record, that did not hold it, nothing. */
export function unprovenIn(events: readonly JournalEvent[]): UnprovenSwitches {
  const { notLocked, notReplayed } = events.reduce(unprovenSoFar, NOTHING_UNPROVEN)
  return { notLocked, notReplayed }
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
