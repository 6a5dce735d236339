import { orderGroup } from '../../config/diff/order.ts'
import type { ConfigNode, ConfigTree } from '../../config/text/tree.ts'

/**
 * A configuration laid out as another one that the switch printed: commands that stand in both keep the order they had,
 * where order has no meaning, and between two that are neighbours in both stands the separator that stood there. In
 * which order EOS prints, and what it groups without a `!`, is in no manual; its own text shows it.
 */
export function layoutLike(tree: ConfigTree, printed: ConfigTree): ConfigTree {
  const children = alike(tree.children, printed.children, undefined)
  return children === tree.children ? tree : { ...tree, children }
}

function alike(
  nodes: readonly ConfigNode[],
  printed: readonly ConfigNode[],
  parent: string | undefined,
): readonly ConfigNode[] {
  if (nodes === printed) return nodes
  const places = new Map(printed.map((node, index) => [node.line, index]))
  const ordered = inOrder(nodes, places, parent)
  const beside = new Map(printed.map((node, index) => [neighbours(printed, index), node]))
  const laidOut = ordered.map((node, index) =>
    like(node, beside.get(neighbours(ordered, index)), printed[places.get(node.line) ?? -1]),
  )
  return laidOut.every((node, index) => node === nodes[index]) ? nodes : laidOut
}

/** New commands follow the one they stand behind. Those whose order has a meaning keep it among each other. */
function inOrder(
  nodes: readonly ConfigNode[],
  places: ReadonlyMap<string, number>,
  parent: string | undefined,
): readonly ConfigNode[] {
  let place = -1
  const placed = nodes.map((node) => {
    place = places.get(node.line) ?? place
    return { node, place }
  })
  const sorted = placed.sort((a, b) => a.place - b.place).map(({ node }) => node)
  const entered = grouped(nodes, parent)
  return sorted.map((node) => entered.get(orderGroup(node.line, parent) ?? '-')?.shift() ?? node)
}

/** The commands of each group whose order has a meaning, as they were entered. */
function grouped(nodes: readonly ConfigNode[], parent: string | undefined): ReadonlyMap<string, ConfigNode[]> {
  const groups = new Map<string, ConfigNode[]>()
  for (const node of nodes) {
    const group = orderGroup(node.line, parent)
    if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), node])
  }
  return groups
}

/** `beside` is the same command behind the same neighbour, `same` the same command anywhere in the block. */
function like(node: ConfigNode, beside: ConfigNode | undefined, same: ConfigNode | undefined): ConfigNode {
  const children = same === undefined ? node.children : alike(node.children, same.children, node.line)
  const lead = beside?.lead ?? node.lead
  const tail = same !== undefined && endsAlike(children, same.children) ? same.tail : node.tail
  const isSame = children === node.children && sameRows(lead, node.lead) && sameRows(tail, node.tail)
  return isSame ? node : { ...node, lead, children, tail }
}

function neighbours(nodes: readonly ConfigNode[], index: number): string {
  return `${nodes[index - 1]?.line ?? ''}\n${nodes[index]?.line ?? ''}`
}

function endsAlike(nodes: readonly ConfigNode[], printed: readonly ConfigNode[]): boolean {
  return nodes.at(-1)?.line === printed.at(-1)?.line
}

function sameRows(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((row, index) => row === b[index]))
}
