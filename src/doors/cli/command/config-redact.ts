import { redact } from '../../../eos/config/secrets/secrets.ts'
import { readConfigText } from '../../../project/system/process/read-config.ts'
import type { Invocation } from '../terminal/io.ts'

export async function run({ io, args, global }: Invocation): Promise<number> {
  const config = redact(readConfigText(io, args[0] ?? '-'))
  io.out(global.json ? `${JSON.stringify({ version: 1, kind: 'config', config })}\n` : config)
  return 0
}
