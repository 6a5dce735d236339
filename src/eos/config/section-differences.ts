import { type ChangeLine, type ConfigChange, presentChanges } from './diff/diff.ts'
import { numberless } from './diff/order.ts'
import { isCommand } from './placed-lines.ts'
import type { SectionOf } from './sections.ts'
import { parseConfig } from './text/parse.ts'
import { changesBetween, comparableText } from './vlan-sets.ts'

export type DifferenceKind = 'missing' | 'extra' | 'ordered'

export interface LineDifference {
  readonly kind: DifferenceKind
  readonly change: ConfigChange
}

export interface SectionDifference {
  readonly section: string
  readonly lines: readonly LineDifference[]
}

/** Compares what a switch runs with what it would run as intended, both as it prints them, section by section in the order of their names. */
export function sectionDifferences(
  running: string,
  intended: string,
  sectionOf: SectionOf,
): readonly SectionDifference[] {
  const [is, meant] = [parseConfig(comparableText(running)), parseConfig(comparableText(intended))]
  const changes = changesBetween(is, meant).filter(isCommand)
  const roots = [...is.children, ...meant.children].map(({ line }) => line).filter((line) => line !== 'end')
  const known = new Map<string, string>()
  const sectionOnce = (root: string) => {
    const section = known.get(root) ?? sectionOf(root)
    known.set(root, section)
    return section
  }
  const bySection = new Map<string, ConfigChange[]>(roots.map((root) => [sectionOnce(root), []]))
  for (const change of changes) bySection.get(sectionOnce(change.path[0] ?? change.line))?.push(change)
  return [...bySection]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([section, of]) => ({ section, lines: judged(of) }))
}

function judged(changes: readonly ConfigChange[]): readonly LineDifference[] {
  const counts = new Map<string, { '+': number; '-': number }>()
  const keys = changes.map(({ path, line }) => JSON.stringify(numberless([...path, line])))
  changes.forEach(({ sign }, index) => {
    const count = counts.get(keys[index] ?? '') ?? { '+': 0, '-': 0 }
    count[sign] += 1
    counts.set(keys[index] ?? '', count)
  })
  const moved = new Map([...counts].map(([key, count]) => [key, Math.min(count['+'], count['-'])]))
  const left = { '+': new Map(moved), '-': new Map(moved) }
  return changes.map((change, index): LineDifference => {
    const key = keys[index] ?? ''
    const pairs = left[change.sign].get(key) ?? 0
    if (pairs === 0) return { kind: change.sign === '+' ? 'missing' : 'extra', change }
    left[change.sign].set(key, pairs - 1)
    return { kind: 'ordered', change }
  })
}

/** Such lines as a person reads them, under the commands that hold them: `-` is there, `+` is intended. */
export function presentDifferences(lines: readonly LineDifference[]): readonly ChangeLine[] {
  return presentChanges(lines.map(({ change }) => change))
}
