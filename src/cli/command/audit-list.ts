import { lagsOf, lagWords } from '../../app/audit/courier.ts'
import { type RecordFilter, recordFilter } from '../../app/audit/record-filter.ts'
import { auditRecord, batches } from '../../app/audit/records.ts'
import { sourceOf } from '../../app/audit/source-of.ts'
import { trailOf } from '../../app/audit/trail-of.ts'
import { InputError } from '../../app/input-error.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import type { JournalEvent } from '../../journal/event.ts'
import { problemOf } from '../../model/problem.ts'
import { type AuditRecord, type AuditSource, auditFields } from '../../report/audit-record.ts'
import { count } from '../../report/count.ts'
import { entryJson } from '../../report/history.ts'
import { visibleLine } from '../../report/visible.ts'
import { atBench, type Bench } from '../bench.ts'
import type { Invocation } from '../io.ts'
import { text } from '../options.ts'

/** The records of the store, each with its code, its outcome and who did it. */
export async function run(invocation: Invocation): Promise<number> {
  return atBench(invocation, async (bench) => {
    await requireAllowed(bench, 'audit.read')
    const isWanted = recordFilter(filterOf(invocation))
    const records = await recordsOf(bench, isWanted)
    const source = sourceOf(bench)
    if (invocation.global.json) await printJson(bench, records, source)
    else await printText(bench, records, source)
    return 0
  })
}

async function recordsOf({ desk }: Bench, isWanted: (event: JournalEvent) => boolean): Promise<readonly AuditRecord[]> {
  const wanted: AuditRecord[] = []
  for await (const rows of batches(trailOf(desk), 1, (await desk.store.head()).seq))
    wanted.push(...rows.map(auditRecord).filter(({ event }) => isWanted(event)))
  return wanted
}

async function printJson(
  { invocation: { io }, project, desk }: Bench,
  records: readonly AuditRecord[],
  source: AuditSource,
): Promise<void> {
  const entries = records.map((record) => {
    const { code, words, members } = auditFields(record, source)
    const { seq, at, type } = record.event
    const { seq: _, origin: __, hash, outcome, ...others } = members
    return { seq, at, code, type, outcome, ...others, words, hash, event: entryJson({ event: record.event }) }
  })
  const lags = await lagsOf(trailOf(desk), project.settings.audit.anchors)
  io.out(`${JSON.stringify({ version: 1, kind: 'audit-list', origin: source.origin, records: entries, lags })}\n`)
}

async function printText(
  { invocation: { io }, project, desk }: Bench,
  records: readonly AuditRecord[],
  source: AuditSource,
): Promise<void> {
  for (const record of records) {
    const { seq, at, actor } = record.event
    const { code, words, members } = auditFields(record, source)
    const device = members.device === undefined ? '' : ` ${members.device}:`
    io.out(`${String(seq).padStart(6)}  ${at}  ${code}  ${visibleLine(actor)} ${device} ${words}\n`)
  }
  const audit = trailOf(desk)
  const lags = (await lagsOf(audit, project.settings.audit.anchors)).map((lag) => `! ${lagWords(lag)}\n`)
  const newest = await audit.newestCheckpoint()
  io.out(`${lags.join('')}${count(records.length, 'record')}, newest checkpoint over ${newest?.seq ?? 0}\n`)
  io.out('Next: eosflow audit verify\n')
}

/** What the flags ask for. Throws InputError on a time that is none. */
function filterOf({ options }: Invocation): RecordFilter {
  const [execution, device, actor, code] = [options.execution, options.device, options.actor, options.code].map(text)
  const [since, until] = [timeOf('--since', options.since), timeOf('--until', options.until)]
  return { execution, device, actor, code, since, until }
}

function timeOf(flag: string, value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined
  const time = Date.parse(value)
  if (!Number.isNaN(time)) return time
  throw new InputError([
    problemOf(flag, 'bad-time', `${value} is no time`, 'for example 2026-01-05 or 2026-01-05T08:00:00Z'),
  ])
}
