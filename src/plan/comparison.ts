import { type ChangeLine, presentChanges } from '../config/changes.ts'
import { type ConfigChange, diffConfig } from '../config/diff.ts'
import { parseConfig } from '../config/parse.ts'
import type { ConfigTree } from '../config/tree.ts'
import { comparableText } from '../config/volatile.ts'
import type { DeviceEvidence } from '../task/context.ts'

/** The two texts that a switch showed, and our own diff of them, raw. */
export interface ConfigComparison {
  /** The running-config without its volatile lines, as text and as a tree. */
  readonly running: string
  readonly before: ConfigTree
  /** The tree of what a session would make of it. */
  readonly after: ConfigTree
  readonly changes: readonly ConfigChange[]
  /**
   * Commands that come and go under the blocks that hold them. This, and not the switch's own diff text, is what a plan
   * binds to: its form depends on no EOS version.
   */
  readonly lines: readonly ChangeLine[]
}

/** What a switch showed when the plan was made, with our own diff of it, made once. */
export interface ComparedEvidence extends DeviceEvidence {
  readonly comparison: ConfigComparison
}

/** Compares what runs with what a session would make of it. Order, separators and the header are no change. */
export function compare(running: string, candidate: string): ConfigComparison {
  const text = comparableText(running)
  const before = parseConfig(text)
  const after = parseConfig(comparableText(candidate))
  const { changes } = diffConfig(before, after)
  return { running: text, before, after, changes, lines: presentChanges(changes) }
}

/** The text that the HMAC of a diff covers: one line per row, the sign in the first column. */
export function diffText(lines: readonly ChangeLine[]): string {
  return lines.map(({ sign, text }) => `${sign}${text}`).join('\n')
}
