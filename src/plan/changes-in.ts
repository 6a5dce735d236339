import type { ConfigChange } from '../config/diff.ts'
import type { DiffLine } from './plan.ts'

/** The changes of a diff as a plan shows it, each with the commands that it is shown under: those that are indented less. */
export function changesIn(diff: readonly DiffLine[]): readonly ConfigChange[] {
  const above: { readonly indent: number; readonly line: string }[] = []
  return diff.flatMap(({ sign, text }) => {
    const line = text.trimStart()
    const indent = text.length - line.length
    while ((above.at(-1)?.indent ?? -1) >= indent) above.pop()
    const path = above.map((one) => one.line)
    above.push({ indent, line })
    return sign === ' ' ? [] : [{ sign, path, line }]
  })
}
