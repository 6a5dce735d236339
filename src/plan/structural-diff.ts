import { type ChangeLine, presentChanges } from '../config/changes.ts'
import { diffConfig } from '../config/diff.ts'
import { parseConfig } from '../config/parse.ts'
import { comparableText } from '../config/volatile.ts'

/**
 * Our own diff of the two texts that a switch showed: commands that come and go under the blocks they stand in, raw.
 * This, and not the switch's own diff text, is what a plan binds to: its form depends on no EOS version.
 */
export function structuralDiff(running: string, candidate: string): readonly ChangeLine[] {
  const before = parseConfig(comparableText(running))
  const after = parseConfig(comparableText(candidate))
  return presentChanges(diffConfig(before, after).changes)
}

/** The text that the HMAC of a diff covers: one line per row, the sign in the first column. */
export function diffText(lines: readonly ChangeLine[]): string {
  return lines.map(({ sign, text }) => `${sign}${text}`).join('\n')
}
