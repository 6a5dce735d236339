import { Modes } from './modes.ts'
import { fitOf, type SyntaxNode } from './syntax-tree.ts'
import { TABLE } from './table.ts'
import { typeOf } from './value-type.ts'

const modes = new Modes(TABLE)

const isKeyword = (word: string) => word === word.toLowerCase() && modes.hasWord(word)

/** The places in a line of its values, from 0. */
export function valuesFrom(above: readonly string[], words: readonly string[]): readonly number[] {
  const mode = modes.opened(above)
  let node: SyntaxNode | undefined = mode === undefined ? undefined : modes.tree(mode)
  return words.flatMap((word, at) => {
    const keyword = node?.words.get(word)
    const value = keyword === undefined ? node?.values.find((edge) => fitOf(edge, word) === 'fits') : undefined
    const isName = value !== undefined && !isKeyword(word)
    const isValue = keyword === undefined && (isName || typeOf(word) !== 'word')
    node = keyword ?? value?.next
    return isValue ? [at] : []
  })
}
