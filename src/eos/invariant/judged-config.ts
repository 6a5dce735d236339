import type { ConfigTree } from '../config/text/tree.ts'
import { type WrittenLine, withInherited } from './inherited.ts'

/** A line of a configuration as patterns are compared with it. */
export interface JudgedLine {
  readonly line: string
  readonly words: readonly string[]
  readonly below: JudgedBlock
}

/** The lines of a block. */
export interface JudgedBlock {
  readonly lines: readonly JudgedLine[]
  /** Those that begin with a word. */
  beginning(word: string): readonly JudgedLine[]
}

/** A configuration as patterns are compared with it, without its comments: each neighbour of BGP also has the lines of its peer group that it does not set itself. */
export function judgedConfig({ children }: Pick<ConfigTree, 'children'>): JudgedBlock {
  return blockOf(children.map((line) => (line.line.startsWith('router bgp ') ? withInherited(line) : line)))
}

function blockOf(written: readonly WrittenLine[]): JudgedBlock {
  const lines = written.filter(({ line }) => !line.startsWith('!')).map(lineOf)
  let byWord: Map<string, JudgedLine[]> | undefined
  return {
    lines,
    beginning: (word) => {
      byWord ??= byFirstWord(lines)
      return byWord.get(word) ?? []
    },
  }
}

function byFirstWord(lines: readonly JudgedLine[]): Map<string, JudgedLine[]> {
  const found = new Map<string, JudgedLine[]>()
  for (const line of lines) {
    const [first = ''] = line.words
    const known = found.get(first)
    if (known === undefined) found.set(first, [line])
    else known.push(line)
  }
  return found
}

/** The lines below are taken apart when they are first asked for. */
function lineOf({ line, children }: WrittenLine): JudgedLine {
  let below: JudgedBlock | undefined
  return {
    line,
    words: line.split(/\s+/),
    get below() {
      below ??= blockOf(children)
      return below
    },
  }
}
