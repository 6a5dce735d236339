import { mergeReport } from '../../../eos/config/merge.ts'
import { redact } from '../../../eos/config/secrets/secrets.ts'
import { renderConfig } from '../../../eos/config/text/parse.ts'
import { linesOf, readConfig, readConfigText } from '../../../project/system/process/read-config.ts'
import { count, hanging } from '../../../report/text/text.ts'
import { exitCodeOfError } from '../outcome/exit-code.ts'
import type { Invocation } from '../terminal/io.ts'

/** Lines that it would refuse are named, and the exit code is 10. */
export async function run({ io, args, options, global }: Invocation): Promise<number> {
  const [running = '', change = ''] = args
  const lines = linesOf(readConfigText(io, change))
  const shown = options.secrets === true ? (text: string) => text : redact
  const merged = mergeReport(readConfig(io, running), lines)
  const config = shown(renderConfig(merged.tree))
  const asShown = <T extends { readonly line: string }>(one: T): T => ({ ...one, line: shown(one.line) })
  const [unknown, refused] = [merged.unknown.map(asShown), merged.refused.map(asShown)]
  const idle = merged.idle.map((one) => ({ ...asShown(one), begun: (one.begun ?? []).map((line) => shown(line)) }))
  io.out(global.json ? `${JSON.stringify({ version: 1, kind: 'config', config, unknown, refused, idle })}\n` : config)
  for (const { line } of unknown) io.err(`! no rule knows this line, it is kept as it is: ${hanging(line)}\n`)
  for (const { line, begun } of idle)
    io.err(`! removes nothing, these lines begin so and stay: ${hanging(`${line}: ${begun.join(', ')}`)}\n`)
  for (const { line, message } of refused)
    io.err(`✖ a switch would refuse: ${hanging(line)}: ${message ?? 'refused'}\n`)
  io.err(`Merge: ${count(lines.length, 'line')}, ${unknown.length} unknown, ${refused.length} refused\n`)
  return refused.length === 0 ? 0 : exitCodeOfError('refused')
}
