import type { ConfigChange } from '../../eos/config/diff/diff.ts'
import { mergeReport } from '../../eos/config/merge.ts'
import type { RenderedChange } from '../task/act/rendered-change.ts'

/** A rule knows a line by its mode, whatever runs on the switch, so the lines are typed into an empty configuration. */
export function unknownLines(
  changes: readonly ConfigChange[],
  { lines, unsettled = [] }: RenderedChange,
): readonly string[] {
  const { unknown } = mergeReport({ children: [], tail: [] }, lines)
  const changed = new Set(changes.map(({ line }) => line))
  const unlisted = unsettled.filter(({ because }) => because !== 'boot').map(({ line }) => line)
  return [...new Set([...unknown.map(({ line }) => line), ...unlisted])].filter((line) => changed.has(line))
}
