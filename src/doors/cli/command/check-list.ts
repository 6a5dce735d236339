import { documentedChecks } from '../../../project/switches/check/require-check.ts'
import { checksMarkdown, checksText } from '../../../report/check-docs.ts'
import { styleOf } from '../../../report/text/text.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run({ io, args, options, global }: Invocation): Promise<number> {
  const checks = documentedChecks(args[0])
  if (global.json) io.out(`${JSON.stringify({ version: 1, kind: 'checks', checks })}\n`)
  else if (options.markdown === true) io.out(checksMarkdown(checks))
  else io.out(`${checksText(checks, styleOf(io))}\nNext: eosflow check show NAME\n`)
  return 0
}
