import { diffConfig } from '../config/diff.ts'
import { mergeReport } from '../config/merge.ts'
import { parseConfig } from '../config/parse.ts'
import { replaceReport } from '../config/replace.ts'
import type { RenderedChange } from '../task/context.ts'

/**
 * The lines of a change that no rule of the configuration model knows, as far as they change something: they are kept as
 * additive lines, and an approver sees their names.
 */
export function unknownLines(running: string, candidate: string, { mode, lines }: RenderedChange): readonly string[] {
  const tree = parseConfig(running)
  const { unknown } = mode === 'merge' ? mergeReport(tree, lines) : replaceReport(tree, lines)
  const changed = new Set(diffConfig(tree, parseConfig(candidate)).changes.map(({ line }) => line))
  return [...new Set(unknown.map(({ line }) => line))].filter((line) => changed.has(line))
}
