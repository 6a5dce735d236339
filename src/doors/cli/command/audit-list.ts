import { trailOf } from '../../../project/history/trail-of.ts'
import { lagsOf, lagWords } from '../../../project/record/audit/checkpoint-forwarder.ts'
import { notOnRecord, type RecordFilter, recordsWanted } from '../../../project/record/audit/record-range.ts'
import { sourceOf } from '../../../project/record/audit/records.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { auditEntryJson, auditListEnds, auditListLine } from '../../../report/audit-list.ts'
import type { AuditSource } from '../../../report/event-words/history.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { count, visibleLine } from '../../../report/text/text.ts'
import { text, timeOf } from '../option/options.ts'
import { judgedCommand } from '../terminal/compose.ts'
import type { Invocation, Io } from '../terminal/io.ts'

// Whoever reads may be slower than the store: so many records are held for them at most.
const HELD = 10_000

export const run = judgedCommand(
  filterOf,
  async ({ app, caller, io, global }, filter) => {
    const audit = trailOf(app)
    const lags = await lagsOf(audit, app.project.settings.audit.anchors)
    const wanted = recordsWanted(app, caller, filter)
    const listed = await (global.json ? printJson : printLines)(io, wanted, sourceOf(app), lags)
    if (global.json) return 0
    const unknown = listed === 0 ? await notOnRecord(app, caller, filter) : []
    io.out(unknown.map((line) => `! ${visibleLine(line)}\n`).join(''))
    const newest = await audit.newestCheckpoint()
    io.out(lags.map((lag) => `! ${lagWords(lag)}\n`).join(''))
    io.out(`${count(listed, 'record')}, newest checkpoint over ${newest?.seq ?? 0}\nNext: eosflow audit verify\n`)
    return 0
  },
  { reads: true },
)

type Wanted = ReturnType<typeof recordsWanted>

async function printLines(io: Io, wanted: Wanted, source: AuditSource) {
  let listed = 0
  for await (const some of wanted) {
    io.out(some.map((record) => `${auditListLine(record, source)}\n`).join(''))
    await holdLess(io, listed, some.length)
    listed += some.length
  }
  return listed
}

async function printJson(io: Io, wanted: Wanted, source: AuditSource, lags: readonly object[]) {
  const [begin, end] = auditListEnds(source, lags)
  io.out(begin)
  let listed = 0
  for await (const some of wanted) {
    const entries = some.map((record) => auditEntryJson(record, source)).join(',')
    io.out(listed === 0 ? entries : `,${entries}`)
    await holdLess(io, listed, some.length)
    listed += some.length
  }
  io.out(`${end}\n`)
  return listed
}

async function holdLess({ drained }: Io, before: number, more: number) {
  if (Math.floor(before / HELD) < Math.floor((before + more) / HELD)) await drained?.()
}

// Throws InputError on a time that is none, and on an end that is not behind the beginning.
function filterOf({ options }: Invocation): RecordFilter {
  const [execution, device, actor, code] = [options.execution, options.device, options.actor, options.code].map(text)
  const [since, until] = [timeOf('--since', options.since), timeOf('--until', options.until)]
  if (since !== undefined && until !== undefined && until <= since) throw backwards(options)
  return { execution, device, actor, code, since, until }
}

function backwards({ since, until }: Invocation['options']) {
  const [from, to] = [shellWord(String(since)), shellWord(String(until))]
  return inputError(
    '--until',
    'bad-time',
    `it is not behind --since ${from}: no record can be from that time`,
    `exchange them: --since ${to} --until ${from}`,
  )
}
