import type { AuditRecord } from '../../../report/event-words/history.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { requireAllowed } from '../../access/policy/authority.ts'
import type { RecordApp } from '../../app/app.ts'
import { trailOf } from '../../history/trail-of.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'
import { devicesOf, type RecordFilter, recordFilter } from './record-filter.ts'
import { rangeOf } from './record-range.ts'
import { auditRecord, batches } from './records.ts'

/** Throws `not-authorised`. */
export async function* recordsWanted(
  app: RecordApp,
  caller: SilentCaller,
  filter: RecordFilter,
): AsyncGenerator<readonly AuditRecord[]> {
  await requireAllowed(app, caller, 'audit.read')
  const isWanted = recordFilter(filter)
  const { from, through } = await rangeOf(app, filter)
  for await (const rows of batches(trailOf(app), from, through)) {
    const wanted = rows.map(auditRecord).filter(({ event }) => isWanted(event))
    if (wanted.length > 0) yield wanted
  }
}

/** Throws `not-authorised`. */
export async function notOnRecord(
  app: RecordApp,
  caller: SilentCaller,
  filter: RecordFilter,
): Promise<readonly string[]> {
  const { device, actor } = filter
  if (device === undefined && actor === undefined) return []
  const [named, acting] = [new Set<string>(), new Set<string>()]
  for await (const some of recordsWanted(app, caller, {}))
    for (const { event } of some) {
      for (const name of devicesOf(event)) named.add(name)
      acting.add(event.actor)
    }
  const [switches, people] = [[...named].sort(), [...acting].sort()]
  return [
    ...(device === undefined || switches.includes(device)
      ? []
      : [`no record is about a switch \`${device}\`: ${nearest(device, switches)}`]),
    ...(actor === undefined || people.some((one) => one.includes(actor))
      ? []
      : [`no record is of anybody with \`${actor}\` in the name: ${nearest(actor, people)}`]),
  ]
}

function nearest(word: string, known: readonly string[]) {
  return known.length === 0 ? 'none is on record' : didYouMean(word, known)
}
