import type { JournalEvent } from '../../change/record/event/event.ts'
import { hanging, type Style } from '../text/text.ts'

interface UnprovenSwitches {
  readonly notLocked: readonly string[]
  readonly notReplayed: Readonly<Record<string, string>>
}

export interface UnprovenTally {
  readonly notLocked: ReadonlyMap<string, true>
  readonly notReplayed: ReadonlyMap<string, string>
  readonly refused: ReadonlyMap<string, string>
}

interface ChangedMap<V> {
  get(device: string): V | undefined
  set(device: string, value: V): unknown
  delete(device: string): unknown
}

export const NOTHING_UNPROVEN: UnprovenTally = { notLocked: new Map(), notReplayed: new Map(), refused: new Map() }

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

export function unprovenOf({ notLocked, notReplayed }: UnprovenTally): UnprovenSwitches {
  return { notLocked: [...notLocked.keys()], notReplayed: Object.fromEntries(notReplayed) }
}

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
