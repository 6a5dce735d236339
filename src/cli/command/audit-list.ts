import { lagsOf, lagWords } from '../../app/audit/checkpoint-forwarder.ts'
import type { RecordFilter } from '../../app/audit/record-filter.ts'
import { notOnRecord, recordsWanted } from '../../app/audit/records-wanted.ts'
import { sourceOf } from '../../app/audit/source-of.ts'
import { trailOf } from '../../app/audit/trail-of.ts'
import { InputError } from '../../app/input-error.ts'
import { problemOf } from '../../model/problem.ts'
import { auditListJson, auditListLine } from '../../report/audit-list.ts'
import { count } from '../../report/count.ts'
import { shellWord } from '../../report/shell-word.ts'
import { visibleLine } from '../../report/visible.ts'
import { withApp } from '../compose.ts'
import { timeOf } from '../given-time.ts'
import type { Invocation } from '../io.ts'
import { text } from '../options.ts'

/** The records of the store, each with its code, its outcome and who did it. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  const filter = filterOf(invocation)
  return withApp(
    invocation,
    async ({ app, caller }) => {
      const records = await recordsWanted(app, caller, filter)
      const source = sourceOf(app)
      const audit = trailOf(app)
      const lags = await lagsOf(audit, app.project.settings.audit.anchors)
      if (global.json) {
        io.out(`${auditListJson(records, source, lags)}\n`)
        return 0
      }
      for (const record of records) io.out(`${auditListLine(record, source)}\n`)
      const unknown = records.length === 0 ? await notOnRecord(app, caller, filter) : []
      io.out(unknown.map((line) => `! ${visibleLine(line)}\n`).join(''))
      const newest = await audit.newestCheckpoint()
      io.out(lags.map((lag) => `! ${lagWords(lag)}\n`).join(''))
      io.out(
        `${count(records.length, 'record')}, newest checkpoint over ${newest?.seq ?? 0}\nNext: eosflow audit verify\n`,
      )
      return 0
    },
    { reads: true },
  )
}

/** What the flags ask for. Throws InputError on a time that is none, and on an end that is not behind the beginning. */
function filterOf({ options }: Invocation): RecordFilter {
  const [execution, device, actor, code] = [options.execution, options.device, options.actor, options.code].map(text)
  const [since, until] = [timeOf('--since', options.since), timeOf('--until', options.until)]
  if (since !== undefined && until !== undefined && until <= since) throw backwards(options)
  return { execution, device, actor, code, since, until }
}

function backwards({ since, until }: Invocation['options']): InputError {
  const [from, to] = [shellWord(String(since)), shellWord(String(until))]
  const message = `it is not behind --since ${from}: no record can be from that time`
  return new InputError([problemOf('--until', 'bad-time', message, `exchange them: --since ${to} --until ${from}`)])
}
