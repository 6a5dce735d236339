import type { InTree, LineFault } from './line-judgement.ts'
import type { SyntaxNode } from './syntax-tree.ts'

/** Where a line is in the tree of its mode behind some of its words: at any of these nodes. */
export interface Place {
  readonly nodes: readonly SyntaxNode[]
  /** Whether a word was found elsewhere in the lines that begin alike: their order and options are not all known. */
  readonly hasJumped: boolean
}

/** No place. */
export const NOWHERE: Place = { nodes: [], hasJumped: false }

/** A line that has no way through the tree of a mode. */
export interface LostLine {
  readonly tree: SyntaxNode
  readonly words: readonly string[]
  readonly above: readonly string[]
  readonly isGuess: boolean
}

/** A word of a line, and where it is. */
export const wordAt = (words: readonly string[], token: number): Pick<LineFault, 'token' | 'word' | 'behind'> => ({
  token,
  word: words[token] ?? '',
  behind: words.slice(0, token).join(' '),
})

/** What a line is that ends at a place. */
export function endAt({ nodes, hasJumped }: Place): InTree {
  if (hasJumped) return { kind: 'seldom' }
  if (nodes.some(({ isEnd, isSeldom }) => isEnd && !isSeldom)) return { kind: 'known' }
  return { kind: nodes.some(({ isSeldom }) => isSeldom) ? 'seldom' : 'incomplete' }
}
