import { knownOutline } from './outline.ts'
import type { ConfigNode, ConfigTree } from './tree.ts'

/**
 * The text of a tree, each line closed by a newline, the empty tree as the empty text. A parsed tree gives back what
 * was read; nothing is added, neither `!` nor `end`.
 */
export function renderConfig(tree: ConfigTree): string {
  const known = knownOutline(tree)
  if (known !== undefined) return known.text
  const rows: string[] = []
  renderBlock(tree, 0, rows)
  return rows.length === 0 ? '' : `${rows.join('\n')}\n`
}

/** The rows of one node as they stand in a configuration, the trivia before it included. */
export function renderNode(node: ConfigNode, depth = 0): string[] {
  const rows: string[] = []
  renderInto(node, depth, rows)
  return rows
}

function renderBlock(block: Pick<ConfigNode, 'children' | 'tail'>, depth: number, rows: string[]) {
  for (const child of block.children) renderInto(child, depth, rows)
  for (const raw of block.tail) rows.push(raw)
}

function renderInto(node: ConfigNode, depth: number, rows: string[]) {
  for (const raw of node.lead) rows.push(raw)
  rows.push(`${node.margin ?? ' '.repeat(node.indent ?? 3 * depth)}${node.line}${node.trailing ?? ''}`)
  for (const body of node.body ?? []) for (const raw of body) rows.push(raw)
  renderBlock(node, depth + 1, rows)
}
