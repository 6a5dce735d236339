import { lagsOf, lagWords } from '../../app/audit/courier.ts'
import { auditRecord, batches } from '../../app/audit/records.ts'
import { sourceOf } from '../../app/audit/source-of.ts'
import { trailOf } from '../../app/audit/trail-of.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import type { JournalEvent } from '../../journal/event.ts'
import { type AuditRecord, type AuditSource, auditFields } from '../../report/audit-record.ts'
import { count } from '../../report/count.ts'
import { entryJson } from '../../report/history.ts'
import { visibleLine } from '../../report/visible.ts'
import { auditFilter } from '../audit/filter.ts'
import type { CommandContext } from '../compose.ts'
import { withApp } from '../compose.ts'
import type { Invocation } from '../io.ts'

/** The records of the store, each with its code, its outcome and who did it. */
export async function run(invocation: Invocation): Promise<number> {
  return withApp(invocation, async (context) => {
    const { app, caller } = context
    await requireAllowed(app, caller, 'audit.read')
    const isWanted = auditFilter(invocation.options)
    const records = await recordsOf(context, isWanted)
    const source = sourceOf(app)
    if (invocation.global.json) await printJson(context, records, source)
    else await printText(context, records, source)
    return 0
  })
}

async function recordsOf(
  { app }: CommandContext,
  isWanted: (event: JournalEvent) => boolean,
): Promise<readonly AuditRecord[]> {
  const wanted: AuditRecord[] = []
  for await (const rows of batches(trailOf(app), 1, (await app.store.head()).seq))
    wanted.push(...rows.map(auditRecord).filter(({ event }) => isWanted(event)))
  return wanted
}

async function printJson(
  { invocation: { io }, app }: CommandContext,
  records: readonly AuditRecord[],
  source: AuditSource,
): Promise<void> {
  const entries = records.map((record) => {
    const { code, words, members } = auditFields(record, source)
    const { seq, at, type } = record.event
    const { seq: _, origin: __, hash, outcome, ...others } = members
    return { seq, at, code, type, outcome, ...others, words, hash, event: entryJson({ event: record.event }) }
  })
  const lags = await lagsOf(trailOf(app), app.project.settings.audit.anchors)
  io.out(`${JSON.stringify({ version: 1, kind: 'audit-list', origin: source.origin, records: entries, lags })}\n`)
}

async function printText(
  { invocation: { io }, app }: CommandContext,
  records: readonly AuditRecord[],
  source: AuditSource,
): Promise<void> {
  for (const record of records) {
    const { seq, at, actor } = record.event
    const { code, words, members } = auditFields(record, source)
    const device = members.device === undefined ? '' : ` ${members.device}:`
    io.out(`${String(seq).padStart(6)}  ${at}  ${code}  ${visibleLine(actor)} ${device} ${words}\n`)
  }
  const audit = trailOf(app)
  const lags = (await lagsOf(audit, app.project.settings.audit.anchors)).map((lag) => `! ${lagWords(lag)}\n`)
  const newest = await audit.newestCheckpoint()
  io.out(`${lags.join('')}${count(records.length, 'record')}, newest checkpoint over ${newest?.seq ?? 0}\n`)
  io.out('Next: eosflow audit verify\n')
}
