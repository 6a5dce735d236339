import { readConfig } from '../../app/read-config.ts'
import { normalizeConfig } from '../../config/normalize.ts'
import { redact } from '../../config/redact.ts'
import { renderConfig } from '../../config/render.ts'
import type { Invocation } from '../io.ts'

/** A configuration as EOS would print it: order, names, lists, separators. */
export async function run({ io, args, options, global }: Invocation): Promise<number> {
  const whole = renderConfig(normalizeConfig(readConfig(io, args[0] ?? '-')))
  const config = options.secrets === true ? whole : redact(whole)
  io.out(global.json ? `${JSON.stringify({ version: 1, kind: 'config', config })}\n` : config)
  return 0
}
