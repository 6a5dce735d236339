import type { ExportFormat } from '../../../change/record/event/audit-event.ts'
import { problemOf } from '../../../model/problem.ts'
import type { SinkSettings } from '../../../project/files/settings/audit-settings.ts'
import { exportTo } from '../../../project/record/audit/export-to.ts'
import { InputError } from '../../../project/system/process/input-error.ts'
import { count } from '../../../report/text/count.ts'
import { text } from '../option/options.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

const FORMATS: readonly string[] = ['jsonl', 'rfc5424', 'cef', 'otlp']

/** Records leave the store, for the screen, a file or a sink of the settings; what a sink has taken is not sent again. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, global, options } = invocation
  return withApp(invocation, async ({ app, caller }) => {
    const typed = text(options.to)
    const sink = app.project.settings.audit.sinks.find(({ name }) => name === typed)
    const format = formatOf(options.format, sink)
    const since = behind(options.sinceSeq)
    const print = (lines: string) => io.out(lines)
    const left = async () => {
      await io.drained?.()
      return io.lost?.() === undefined
    }
    const { name, sent, from } = await exportTo(app, caller, { format, to: sink ?? typed, since, print, left })
    if (io.lost?.() !== undefined) return 0
    // To the screen records are the result; elsewhere what became of them is.
    const words = sent === 0 ? `${name} has everything` : `${count(sent, 'record')} from ${from} on to ${name}`
    if (name === 'stdout') io.err(`${words}\n`)
    else if (global.json)
      io.out(`${JSON.stringify({ version: 1, kind: 'audit-export', to: name, first: from, sent })}\n`)
    else io.out(`${words}\nNext: eosflow audit verify\n`)
    return 0
  })
}

function formatOf(given: unknown, sink: SinkSettings | undefined) {
  const format = given ?? sink?.format
  if (typeof format !== 'string' || !FORMATS.includes(format))
    throw refused('--format', `a format is one of ${FORMATS.join(', ')}`)
  if (sink !== undefined && sink.format !== format)
    throw refused('--format', `the settings send ${sink.format} to ${sink.name}, not ${format}`)
  return format as ExportFormat
}

function behind(given: unknown) {
  if (given === undefined) return undefined
  if (typeof given === 'string' && /^\d{1,15}$/.test(given)) return Number(given)
  throw refused('--since-seq', 'this is the number of a record')
}

function refused(flag: string, message: string) {
  return new InputError([problemOf(flag, 'bad-option', message, 'eosflow audit export --help')])
}
