import { diffArrays } from 'diff'
import type { ConfigChange } from './diff/diff.ts'
import type { ConfigTree } from './text/tree.ts'
import { withVlanSets } from './vlan-sets.ts'

/** Undefined where more than `most` lines differ. */
export function orderedChanges(
  before: ConfigTree,
  after: ConfigTree,
  most: number,
): readonly ConfigChange[] | undefined {
  const [was = [], is = []] = withVlanSets(before, after).map((tree) => linesOf(tree, []))
  const parts = diffArrays(was, is, { maxEditLength: most })
  return parts?.flatMap(({ added, removed, value }) =>
    added || removed ? value.map((place) => changeOf(added ? '+' : '-', place)) : [],
  )
}

function changeOf(sign: ConfigChange['sign'], place: string): ConfigChange {
  const path = JSON.parse(place) as string[]
  return { sign, path, line: path.pop() ?? '' }
}

function linesOf({ children, tail }: ConfigTree, path: readonly string[]): string[] {
  const placed = (rows: readonly string[], ...above: readonly string[]) =>
    rows.map((row) => JSON.stringify([...path, ...above, row]))
  const said = (rows: readonly string[]) => placed(rows.filter((row) => /[^\s!]/.test(row)))
  return [
    ...children.flatMap((node) => [
      ...said(node.lead),
      ...placed([node.line]),
      ...placed((node.body ?? []).flat(), node.line),
      ...linesOf(node, [...path, node.line]),
    ]),
    ...said(tail),
  ]
}
