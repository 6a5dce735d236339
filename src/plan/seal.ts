import type { ChangeLine } from '../config/changes.ts'
import { comparableText, VOLATILE_VERSION } from '../config/volatile.ts'
import { hmac } from '../model/digest.ts'
import type { RenderedChange } from '../task/context.ts'
import { diffText } from './comparison.ts'

/** The keyed digest of a running-config, volatile lines aside. */
export function sealRunning(key: string, running: string): string {
  return sealComparable(key, comparableText(running))
}

/** The same of a text whose volatile lines are already gone. */
export function sealComparable(key: string, running: string): string {
  return hmac(key, `running:${VOLATILE_VERSION}\n${running}`)
}

/** The keyed digest of what is sent to a switch: mode, commands and what their prompts are fed. */
export function sealCommands(key: string, change: RenderedChange): string {
  const commands = change.commands.map(({ cmd, input }) => (input === undefined ? [cmd] : [cmd, input]))
  return hmac(key, `commands:${JSON.stringify([change.mode, commands])}`)
}

/** The keyed digest of a structural diff, raw. */
export function sealDiff(key: string, lines: readonly ChangeLine[]): string {
  return hmac(key, `diff:${diffText(lines)}`)
}
