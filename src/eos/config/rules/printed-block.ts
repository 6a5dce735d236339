import type { ConfigNode } from '../text/tree.ts'

type PrintedLines = Map<string, { readonly place: number; readonly nodes: ConfigNode[] }>

/**
 * A block of what a switch prints: the evidence by which its own lines are kept as they stand, whatever the rules say of them. Two lines that stand in it are two
 * settings, and a default that stands in it is printed.
 */
export class PrintedBlock {
  readonly nodes: readonly ConfigNode[]
  #byLine: PrintedLines | undefined

  constructor(nodes: readonly ConfigNode[]) {
    this.nodes = nodes
  }

  /** The command as it is printed in this block. */
  node(line: string): ConfigNode | undefined {
    return this.#lines().get(line)?.nodes[0]
  }

  /** Where among the commands of this block it is printed. */
  placeOf(line: string): number | undefined {
    return this.#lines().get(line)?.place
  }

  /** The block that a command opens here; one that is printed twice is one. */
  block(line: string): PrintedBlock | undefined {
    const printed = this.#lines().get(line)
    return printed && new PrintedBlock(printed.nodes.flatMap(({ children }) => children))
  }

  #lines(): PrintedLines {
    if (this.#byLine !== undefined) return this.#byLine
    const byLine: PrintedLines = new Map()
    this.nodes.forEach((node, place) => {
      const same = byLine.get(node.line)
      if (same === undefined) byLine.set(node.line, { place, nodes: [node] })
      else same.nodes.push(node)
    })
    this.#byLine = byLine
    return byLine
  }
}
