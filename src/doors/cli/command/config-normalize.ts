import { normalizeConfig } from '../../../eos/config/device-form.ts'
import { redact } from '../../../eos/config/secrets/secrets.ts'
import { renderConfig } from '../../../eos/config/text/parse.ts'
import { readConfig } from '../../../project/system/process/read-config.ts'
import type { Invocation } from '../terminal/io.ts'

/** A configuration as EOS would print it: order, names, lists, separators. */
export async function run({ io, args, options, global }: Invocation): Promise<number> {
  const whole = renderConfig(normalizeConfig(readConfig(io, args[0] ?? '-')))
  const config = options.secrets === true ? whole : redact(whole)
  io.out(global.json ? `${JSON.stringify({ version: 1, kind: 'config', config })}\n` : config)
  return 0
}
