import { comparableText, VOLATILE_VERSION } from '../config/volatile.ts'
import { hmac } from '../model/digest.ts'
import type { RenderedChange } from '../task/context.ts'
import { diffText, structuralDiff } from './structural-diff.ts'

/** The keyed digest of a running-config, volatile lines aside. */
export function sealRunning(key: string, running: string): string {
  return hmac(key, `running:${VOLATILE_VERSION}\n${comparableText(running)}`)
}

/** The keyed digest of what is sent to a switch: mode, commands and what their prompts are fed. */
export function sealCommands(key: string, change: RenderedChange): string {
  const commands = change.commands.map(({ cmd, input }) => (input === undefined ? [cmd] : [cmd, input]))
  return hmac(key, `commands:${JSON.stringify([change.mode, commands])}`)
}

/** The keyed digest of the change from one text of a switch to another. */
export function sealDiff(key: string, running: string, candidate: string): string {
  return hmac(key, `diff:${diffText(structuralDiff(running, candidate))}`)
}
