import { type ChangeLine, type ConfigChange, presentChanges } from '../../eos/config/diff/diff.ts'
import { type KeptLines, keptLines } from '../../eos/config/kept-lines.ts'
import { parseConfig } from '../../eos/config/text/parse.ts'
import type { ConfigTree } from '../../eos/config/text/tree.ts'
import { changesBetween, comparableText } from '../../eos/config/vlan-sets.ts'
import { keptIn } from '../../model/once.ts'
import { TextMemory } from '../../model/text-memory.ts'
import type { DeviceEvidence } from '../task/act/context.ts'
import { isSameSwitch } from '../task/act/same-switch.ts'
import type { IntendedLines } from './intended.ts'

export interface ConfigComparison {
  readonly running: string
  readonly before: ConfigTree
  readonly after: ConfigTree
  readonly changes: readonly ConfigChange[]
  /** This, and not the switch's own diff text, is what a plan binds to: its form depends on no EOS version. */
  readonly lines: readonly ChangeLine[]
}

export interface JudgedEvidence extends DeviceEvidence {
  readonly intended?: IntendedLines
}

export interface ComparedEvidence extends JudgedEvidence {
  readonly comparison: ConfigComparison
  readonly keeping?: KeptLines
}

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

export function replacedSwitches(evidence: readonly DeviceEvidence[]): readonly string[] {
  return evidence.flatMap(({ device, rendered }) => (rendered.mode === 'replace' ? [device] : []))
}

export function compared(one: JudgedEvidence): ComparedEvidence {
  const { rendered, staged, identity } = one
  const { keep, lines: candidate } = rendered
  const { running } = staged
  const keeping = keep === undefined ? {} : { keeping: keptLines({ keep, running, candidate, eos: identity.eos }) }
  return { ...one, comparison: comparisonOf(staged), ...keeping }
}

export type ShownTexts = Pick<DeviceEvidence['staged'], 'running' | 'candidate'>

const known = new WeakMap<ShownTexts, ConfigComparison>()

/** The comparison of what a switch showed of a staged change, made once. */
export function comparisonOf(staged: ShownTexts): ConfigComparison {
  return keptIn(known, staged, () => compare(staged.running, staged.candidate))
}

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

export function diffText(lines: readonly ChangeLine[]): string {
  return lines.map(({ sign, text }) => `${sign}${text}`).join('\n')
}
