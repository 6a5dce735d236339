import { documentedCheck } from '../../../project/switches/check/require-check.ts'
import { checkDocsText } from '../../../report/check-docs-text.ts'
import { colored, plain } from '../../../report/text/style.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run({ io, args, global }: Invocation): Promise<number> {
  const docs = documentedCheck(io, args[0] ?? '')
  io.out(
    global.json
      ? `${JSON.stringify({ version: 1, kind: 'check', ...docs })}\n`
      : `${checkDocsText(docs, io.color ? colored : plain)}\n\nNext: eosflow check try ${docs.name}\n`,
  )
  return 0
}
