import { normalizeConfig } from '../../config/normalize.ts'
import { renderConfig } from '../../config/render.ts'
import type { Invocation } from '../io.ts'
import { readConfig } from '../read-config.ts'

/** A configuration as EOS would print it: order, names, lists, separators. */
export async function run({ io, args, global }: Invocation): Promise<number> {
  const config = renderConfig(normalizeConfig(readConfig(io, args[0] ?? '-')))
  io.out(global.json ? `${JSON.stringify({ version: 1, kind: 'config', config })}\n` : config)
  return 0
}
