import type { InTree, LineFault } from './line-judgement.ts'
import type { SyntaxNode } from './syntax-tree.ts'

export interface Place {
  readonly nodes: readonly SyntaxNode[]
  readonly hasJumped: boolean
}

export const NOWHERE: Place = { nodes: [], hasJumped: false }

export interface LostLine {
  readonly tree: SyntaxNode
  readonly words: readonly string[]
  readonly above: readonly string[]
  readonly isGuess: boolean
}

export const wordAt = (words: readonly string[], token: number): Pick<LineFault, 'token' | 'word' | 'behind'> => ({
  token,
  word: words[token] ?? '',
  behind: words.slice(0, token).join(' '),
})

export function endAt({ nodes, hasJumped }: Place): InTree {
  if (hasJumped) return { kind: 'seldom' }
  if (nodes.some(({ isEnd, isSeldom }) => isEnd && !isSeldom)) return { kind: 'known' }
  return { kind: nodes.some(({ isSeldom }) => isSeldom) ? 'seldom' : 'incomplete' }
}
