import type { ExportFormat } from '../../../change/record/event/audit-event.ts'
import type { SinkSettings } from '../../../project/files/settings/audit-settings.ts'
import { exportTo } from '../../../project/record/audit/export-to.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { count } from '../../../report/text/text.ts'
import { oneOf, text } from '../option/options.ts'
import { appCommand } from '../terminal/compose.ts'

const FORMATS: readonly ExportFormat[] = ['jsonl', 'rfc5424', 'cef', 'otlp']

/** Records leave the store, for the screen, a file or a sink of the settings; what a sink has taken is not sent again. */
export const run = appCommand(async ({ app, caller, io, global, options }) => {
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
  else if (global.json) io.out(`${JSON.stringify({ version: 1, kind: 'audit-export', to: name, first: from, sent })}\n`)
  else io.out(`${words}\nNext: eosflow audit verify\n`)
  return 0
})

function formatOf(given: unknown, sink: SinkSettings | undefined) {
  const format = oneOf(
    FORMATS,
    given ?? sink?.format,
    '--format',
    'bad-option',
    `a format is one of ${FORMATS.join(', ')}`,
    'eosflow audit export --help',
  )
  if (sink !== undefined && sink.format !== format)
    throw inputError(
      '--format',
      'bad-option',
      `the settings send ${sink.format} to ${sink.name}, not ${format}`,
      'eosflow audit export --help',
    )
  return format
}

function behind(given: unknown) {
  if (given === undefined) return undefined
  if (typeof given === 'string' && /^\d{1,15}$/.test(given)) return Number(given)
  throw inputError('--since-seq', 'bad-option', 'this is the number of a record', 'eosflow audit export --help')
}
