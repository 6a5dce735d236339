import { count, switches } from './count.ts'
import { diffLineText } from './plan-text.ts'
import { type DeviceDiff, isSame, stateLines } from './snapshot-diff.ts'
import type { Style } from './style.ts'
import { visibleLine } from './visible.ts'

/** The two sides of a comparison, as a person calls them. */
export interface Sides {
  readonly before: string
  readonly after: string
}

/** What became of every switch that is not as it was, and one countable line. */
export function snapshotDiffText(diffs: readonly DeviceDiff[], sides: Sides, style: Style): string {
  const blocks = diffs.filter((diff) => !isSame(diff)).flatMap((diff) => [...deviceLines(diff, sides, style), ''])
  return [...blocks, summary(diffs, sides)].join('\n')
}

function deviceLines(diff: DeviceDiff, sides: Sides, style: Style): readonly string[] {
  if (diff.known !== 'both') return [style.bold(`${diff.name} is in ${sides[diff.known]} only`)]
  const said = [...diff.switch, ...stateLines(diff)].map((line) => `  ${visibleLine(line)}`)
  const { added, removed } = sizeOf(diff)
  const size = [
    ...(added + removed === 0 ? [] : [`+${added} -${removed} lines`]),
    ...(said.length === 0 ? [] : [`${count(said.length, 'change')} of state`]),
  ]
  const head = `${diff.name}   ${size.join(', ')}`
  return [style.bold(head), ...diff.config.map((line) => `  ${diffLineText(line, style)}`), ...said]
}

function summary(diffs: readonly DeviceDiff[], { before, after }: Sides): string {
  const sum = (of: (diff: DeviceDiff) => number): number => diffs.reduce((total, diff) => total + of(diff), 0)
  const states = sum((diff) => diff.switch.length + stateLines(diff).length)
  const differing = diffs.filter((diff) => !isSame(diff)).length
  const lines = `+${sum((diff) => sizeOf(diff).added)} -${sum((diff) => sizeOf(diff).removed)} lines`
  const same = diffs.length - differing
  return `Diff: ${before} -> ${after} · ${switches(diffs.length)}: ${differing} differ, ${same} the same · ${lines}, ${count(states, 'change')} of state`
}

function sizeOf({ config }: DeviceDiff): { readonly added: number; readonly removed: number } {
  const signed = (sign: string): number => config.filter((line) => line.sign === sign).length
  return { added: signed('+'), removed: signed('-') }
}
