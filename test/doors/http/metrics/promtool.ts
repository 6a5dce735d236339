import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Where promtool is: `EOSFLOW_PROMTOOL`, else where Debian's package prometheus has it; undefined where there is none. */
export const PROMTOOL = [process.env.EOSFLOW_PROMTOOL, '/usr/bin/promtool'].find(
  (path) => path !== undefined && existsSync(path),
)

/** What promtool says, and whether it is content. */
export function promtool(args: readonly string[], input = ''): { readonly code: number | null; readonly said: string } {
  if (PROMTOOL === undefined) throw new Error('there is no promtool here: install the Debian package prometheus')
  const { status, stdout, stderr } = spawnSync(PROMTOOL, [...args], { input, encoding: 'utf8' })
  return { code: status, said: stdout + stderr }
}
