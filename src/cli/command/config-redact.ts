import { readConfigText } from '../../app/read-config.ts'
import { redact } from '../../config/redact.ts'
import type { Invocation } from '../io.ts'

/** A configuration, or any text of a switch, without its secrets. */
export async function run({ io, args, global }: Invocation): Promise<number> {
  const config = redact(readConfigText(io, args[0] ?? '-'))
  io.out(global.json ? `${JSON.stringify({ version: 1, kind: 'config', config })}\n` : config)
  return 0
}
