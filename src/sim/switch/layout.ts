import type { ConfigNode, ConfigTree } from '../../config/tree.ts'

/**
 * A configuration with the separators of another one: between two commands that stand next to each other in both, the
 * switch prints what it printed before. Which lines EOS groups without a `!` is in no manual; its own text shows it.
 */
export function layoutLike(tree: ConfigTree, printed: ConfigTree): ConfigTree {
  const children = alike(tree.children, printed.children)
  return children === tree.children ? tree : { ...tree, children }
}

function alike(nodes: readonly ConfigNode[], printed: readonly ConfigNode[]): readonly ConfigNode[] {
  if (nodes === printed) return nodes
  const known = new Map(printed.map((node, index) => [neighbours(printed, index), node]))
  const byLine = new Map(printed.map((node) => [node.line, node]))
  const laidOut = nodes.map((node, index) => like(node, known.get(neighbours(nodes, index)), byLine.get(node.line)))
  return laidOut.every((node, index) => node === nodes[index]) ? nodes : laidOut
}

/** `beside` is the same command behind the same neighbour, `same` the same command anywhere in the block. */
function like(node: ConfigNode, beside: ConfigNode | undefined, same: ConfigNode | undefined): ConfigNode {
  const children = same === undefined ? node.children : alike(node.children, same.children)
  const lead = beside?.lead ?? node.lead
  return children === node.children && sameRows(lead, node.lead) ? node : { ...node, lead, children }
}

function neighbours(nodes: readonly ConfigNode[], index: number): string {
  return `${nodes[index - 1]?.line ?? ''}\n${nodes[index]?.line ?? ''}`
}

function sameRows(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((row, index) => row === b[index]))
}
