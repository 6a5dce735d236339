import type { AuditRecord } from '../../report/audit-record.ts'
import { didYouMean } from '../../source/suggest.ts'
import type { App } from '../app.ts'
import type { SilentCaller } from '../caller.ts'
import { requireAllowed } from '../policy/authority.ts'
import { devicesOf, type RecordFilter, recordFilter } from './record-filter.ts'
import { auditRecord, batches } from './records.ts'
import { trailOf } from './trail-of.ts'

/** The records of the store that somebody asks for, in order. Throws `not-authorised`. */
export async function recordsWanted(
  app: App,
  caller: SilentCaller,
  filter: RecordFilter,
): Promise<readonly AuditRecord[]> {
  await requireAllowed(app, caller, 'audit.read')
  const isWanted = recordFilter(filter)
  const wanted: AuditRecord[] = []
  for await (const rows of batches(trailOf(app), 1, (await app.store.head()).seq))
    wanted.push(...rows.map(auditRecord).filter(({ event }) => isWanted(event)))
  return wanted
}

/**
 * What of a filter that no record meets is on no record at all, with the nearest that is: a name that was misspelt looks like somebody who has
 * done nothing. Throws `not-authorised`.
 */
export async function notOnRecord(app: App, caller: SilentCaller, filter: RecordFilter): Promise<readonly string[]> {
  const events = (await recordsWanted(app, caller, {})).map(({ event }) => event)
  const { device, actor } = filter
  const switches = [...new Set(events.flatMap(devicesOf))].sort()
  const people = [...new Set(events.map((event) => event.actor))].sort()
  return [
    ...(device === undefined || switches.includes(device)
      ? []
      : [`no record is about a switch \`${device}\`: ${nearest(device, switches)}`]),
    ...(actor === undefined || people.some((one) => one.includes(actor))
      ? []
      : [`no record is of anybody with \`${actor}\` in the name: ${nearest(actor, people)}`]),
  ]
}

function nearest(word: string, known: readonly string[]): string {
  return known.length === 0 ? 'none is on record' : didYouMean(word, known)
}
