import { mergeReport } from '../config/merge.ts'
import { parseConfig } from '../config/parse.ts'
import { replaceReport } from '../config/replace.ts'
import type { RenderedChange } from '../task/context.ts'

/** The lines of a change that no rule of the configuration model knows. They are kept as additive lines; an approver sees their names. */
export function unknownLines(running: string, { mode, lines }: RenderedChange): readonly string[] {
  const tree = parseConfig(running)
  const { unknown } = mode === 'merge' ? mergeReport(tree, lines) : replaceReport(tree, lines)
  return [...new Set(unknown.map(({ line }) => line))]
}
