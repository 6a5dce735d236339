import type { ConfigNode } from './tree.ts'

/**
 * A block of what a switch prints: the evidence by which its own lines are kept as they stand, whatever the rules say of them. Two lines that stand in it are two
 * settings, and a default that stands in it is printed.
 */
export class PrintedBlock {
  readonly nodes: readonly ConfigNode[]
  #byLine: Map<string, ConfigNode[]> | undefined

  constructor(nodes: readonly ConfigNode[]) {
    this.nodes = nodes
  }

  /** The command as it is printed in this block. */
  node(line: string): ConfigNode | undefined {
    return this.#lines().get(line)?.[0]
  }

  /** The block that a command opens here; one that is printed twice is one. */
  block(line: string): PrintedBlock | undefined {
    const nodes = this.#lines().get(line)
    return nodes && new PrintedBlock(nodes.flatMap(({ children }) => children))
  }

  #lines(): Map<string, ConfigNode[]> {
    if (this.#byLine === undefined) {
      this.#byLine = new Map()
      for (const node of this.nodes) {
        const same = this.#byLine.get(node.line)
        if (same === undefined) this.#byLine.set(node.line, [node])
        else same.push(node)
      }
    }
    return this.#byLine
  }
}
