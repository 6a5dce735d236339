import type { JournalEvent } from '../journal/event.ts'
import type { Style } from './style.ts'
import { hanging } from './visible.ts'

/** What was not proven when switches were committed. */
export interface Unproven {
  /** Those whose timed commit was sent without `configure lock`. */
  readonly notLocked: readonly string[]
  /** Why it is not proven that a switch can put itself back, by switch. */
  readonly notReplayed: Readonly<Record<string, string>>
}

/** Reads from the record what was not proven when switches were committed; of an older record, that did not hold it, nothing. */
export function unprovenIn(events: readonly JournalEvent[]): Unproven {
  const notLocked = new Set<string>()
  const refused = new Map<string, string>()
  const notReplayed: Record<string, string> = {}
  for (const event of events) {
    if (event.type === 'ActFinished' && event.act === 'replay') {
      if (event.outcome === 'refused') refused.set(event.device, event.error?.message ?? 'refused')
      else refused.delete(event.device)
    }
    if (event.type !== 'ActIntended' || event.act !== 'arm') continue
    if (event.locked === false) notLocked.add(event.device)
    const why = refused.get(event.device)
    if (why !== undefined) notReplayed[event.device] = why
  }
  return { notLocked: [...notLocked], notReplayed }
}

/** The same for people: a line for the moment that no lock covered, and one for each switch that may not put itself back. */
export function armWords(events: readonly JournalEvent[], style: Style): string[] {
  const { notLocked, notReplayed } = unprovenIn(events)
  const lines = Object.entries(notReplayed).map(([, why]) =>
    style.warning(hanging(`! committed without the proof that it can put itself back: ${why}`)),
  )
  if (notLocked.length === 0) return lines
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
