import { type ChangeLine, presentChanges } from '../../eos/config/diff/changes.ts'
import type { ConfigChange } from '../../eos/config/diff/diff.ts'
import { type KeptLines, keptLines } from '../../eos/config/kept-lines.ts'
import { parseConfig } from '../../eos/config/text/parse.ts'
import type { ConfigTree } from '../../eos/config/text/tree.ts'
import { changesBetween } from '../../eos/config/vlan-sets.ts'
import { comparableText } from '../../eos/config/volatile.ts'
import { TextMemory } from '../../model/text-memory.ts'
import type { DeviceEvidence } from '../task/act/context.ts'
import { isSameSwitch } from '../task/act/same-switch.ts'
import type { IntendedLines } from './intended.ts'

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

/** What a switch showed when the plan was made, and what it was meant to have. */
export interface JudgedEvidence extends DeviceEvidence {
  /** Absent for what takes a change back, which is no author's text: nothing of it is foreign. */
  readonly intended?: IntendedLines
}

/** The same with our own diff of it, made once. */
export interface ComparedEvidence extends JudgedEvidence {
  readonly comparison: ConfigComparison
  /** The lines that its workflow keeps; absent where it keeps none. */
  readonly keeping?: KeptLines
}

/** What switches showed, with what those were meant to have of which that is known. The record of another switch of the same name says nothing of one. */
export function withIntended(
  evidence: readonly DeviceEvidence[],
  intended: ReadonlyMap<string, IntendedLines>,
): readonly JudgedEvidence[] {
  return evidence.map((one) => {
    const found = intended.get(one.device)
    if (found === undefined) return one
    const isOther = found.of !== undefined && !isSameSwitch(found.of, one.identity)
    return { ...one, intended: isOther ? { source: { kind: 'none' }, lines: new Set() } : found }
  })
}

/** The switches whose whole configuration is replaced. */
export function replacedSwitches(evidence: readonly DeviceEvidence[]): readonly string[] {
  return evidence.flatMap(({ device, rendered }) => (rendered.mode === 'replace' ? [device] : []))
}

/** Makes the diff of what a switch showed, and finds what is kept of it. */
export function compared(one: JudgedEvidence): ComparedEvidence {
  const { rendered, staged, identity } = one
  const { keep, lines: candidate } = rendered
  const { running } = staged
  const keeping = keep === undefined ? {} : { keeping: keptLines({ keep, running, candidate, eos: identity.eos }) }
  return { ...one, comparison: comparisonOf(staged), ...keeping }
}

/** What runs on a switch, and what a session would make of it. */
export type ShownTexts = Pick<DeviceEvidence['staged'], 'running' | 'candidate'>

const known = new WeakMap<ShownTexts, ConfigComparison>()

/** The comparison of what a switch showed of a staged change, made once. */
export function comparisonOf(staged: ShownTexts): ConfigComparison {
  const made = known.get(staged) ?? compare(staged.running, staged.candidate)
  known.set(staged, made)
  return made
}

/** Compares what runs with what a session would make of it. Order, separators, the header, and which VLANs share a command are no change. */
export function compare(running: string, candidate: string): ConfigComparison {
  const text = comparableText(running)
  const before = parseConfig(text)
  const after = parseConfig(comparableText(candidate))
  const changes = changesBetween(before, after)
  return { running: text, before, after, changes, lines: presentChanges(changes) }
}

/** The text of what a switch has now instead of what it had: it is asked for at each look, of the same two texts. */
export function changedText(before: string, now: string): string {
  const both = `${before}\0${now}`
  return changed.get(both) ?? changed.keep(both, diffText(compare(before, now).lines))
}

const changed = new TextMemory<string>()

/** The text that the HMAC of a diff covers: one line per row, the sign in the first column. */
export function diffText(lines: readonly ChangeLine[]): string {
  return lines.map(({ sign, text }) => `${sign}${text}`).join('\n')
}
