import { diffConfig } from '../config/diff.ts'
import { parseConfig } from '../config/parse.ts'
import { comparableText } from '../config/volatile.ts'

/**
 * When a running-config differs from the base of a change but shares no changed line with it, only somebody else's
 * changes are on the switch: gives their number of lines. Undefined when any line of the change is still there.
 */
export function foreignOnly(base: string, target: string, running: string): number | undefined {
  const ours = new Set(linesOf(base, target))
  const found = linesOf(base, running)
  return found.some((line) => ours.has(line)) ? undefined : found.length
}

function linesOf(before: string, after: string): string[] {
  const { changes } = diffConfig(parseConfig(comparableText(before)), parseConfig(comparableText(after)))
  return changes.map(({ sign, path, line }) => JSON.stringify([sign, path, line]))
}
