import { documentedCheck } from '../../../project/switches/check/require-check.ts'
import { checkDocsText } from '../../../report/check-docs.ts'
import { styleOf } from '../../../report/text/text.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run({ io, args, global }: Invocation): Promise<number> {
  const docs = documentedCheck(io, args[0] ?? '')
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, kind: 'check', ...docs })}\n`
      : `${checkDocsText(docs, styleOf(io))}\n\nNext: eosflow check try ${docs.name}\n`,
  )
  return 0
}
