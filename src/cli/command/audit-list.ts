import { lagsOf, lagWords } from '../../app/audit/courier.ts'
import type { RecordFilter } from '../../app/audit/record-filter.ts'
import { recordsWanted } from '../../app/audit/records-wanted.ts'
import { sourceOf } from '../../app/audit/source-of.ts'
import { trailOf } from '../../app/audit/trail-of.ts'
import { auditListJson, auditListLine } from '../../report/audit-list.ts'
import { count } from '../../report/count.ts'
import { withApp } from '../compose.ts'
import { timeOf } from '../given-time.ts'
import type { Invocation } from '../io.ts'
import { text } from '../options.ts'

/** The records of the store, each with its code, its outcome and who did it. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global } = invocation
  const filter = filterOf(invocation)
  return withApp(invocation, async ({ app, caller }) => {
    const records = await recordsWanted(app, caller, filter)
    const source = sourceOf(app)
    const audit = trailOf(app)
    const lags = await lagsOf(audit, app.project.settings.audit.anchors)
    if (global.json) {
      io.out(`${auditListJson(records, source, lags)}\n`)
      return 0
    }
    for (const record of records) io.out(`${auditListLine(record, source)}\n`)
    const newest = await audit.newestCheckpoint()
    io.out(lags.map((lag) => `! ${lagWords(lag)}\n`).join(''))
    io.out(
      `${count(records.length, 'record')}, newest checkpoint over ${newest?.seq ?? 0}\nNext: eosflow audit verify\n`,
    )
    return 0
  })
}

/** What the flags ask for. Throws InputError on a time that is none. */
function filterOf({ options }: Invocation): RecordFilter {
  const [execution, device, actor, code] = [options.execution, options.device, options.actor, options.code].map(text)
  const [since, until] = [timeOf('--since', options.since), timeOf('--until', options.until)]
  return { execution, device, actor, code, since, until }
}
