import { suggest } from '../../../text/source/suggest.ts'
import { parseVerb } from '../text/tree.ts'
import { readSyntaxTree, type SyntaxNode } from './syntax-tree.ts'

/** The lines that EOS takes, by mode. */
export interface SyntaxTable {
  /** The tree of each mode in its text form (`syntax-tree.ts`), by the name of the mode: the keywords that open it, `/` before each opener; empty for the root. */
  readonly modes: Readonly<Record<string, string>>
  /** Keywords that some configuration has, and that no tree has; in lower case, with blanks between. */
  readonly words: string
}

export function modeNames(mode: string, opener: string): readonly string[] {
  const words = parseVerb(opener).line.split(/\s+/)
  return words.map((_, index) => `${mode}/${words.slice(0, words.length - index).join(' ')}`)
}

export class Modes {
  readonly #table: SyntaxTable
  readonly #trees = new Map<string, SyntaxNode>()
  #words: ReadonlySet<string> | undefined
  #parts: ReadonlySet<string> | undefined
  #firsts: Map<string, readonly SyntaxNode[]> | undefined

  constructor(table: SyntaxTable) {
    this.#table = table
  }

  opened(above: readonly string[]): string | undefined {
    let mode = ''
    for (const opener of above) {
      const found = modeNames(mode, opener).find((name) => Object.hasOwn(this.#table.modes, name))
      if (found === undefined) return undefined
      mode = found
    }
    return mode
  }

  tree(mode: string): SyntaxNode {
    const known = this.#trees.get(mode)
    if (known !== undefined) return known
    const tree = readSyntaxTree(this.#table.modes[mode] ?? '')
    this.#trees.set(mode, tree)
    return tree
  }

  hasWord(word: string): boolean {
    const { modes, words } = this.#table
    this.#words ??= new Set(
      [words, ...Object.keys(modes), ...Object.values(modes)].flatMap(
        (text) => text.toLowerCase().match(/[a-z][\w.-]*/g) ?? [],
      ),
    )
    return this.#words.has(word.toLowerCase())
  }

  hasParts(word: string): boolean {
    if (this.hasWord(word)) return true
    this.#parts ??= new Set([...(this.#words ?? [])].flatMap((known) => known.split('-')))
    return word
      .toLowerCase()
      .replace(/\d+$/, '')
      .split('-')
      .every((part) => this.#parts?.has(part))
  }

  isLikeWord(word: string): boolean {
    return this.hasWord(word) || suggest(word, [...(this.#words ?? [])], 2) !== undefined
  }

  beginning(word: string): readonly SyntaxNode[] {
    if (this.#firsts === undefined) {
      this.#firsts = new Map()
      for (const tree of Object.keys(this.#table.modes).map((mode) => this.tree(mode)))
        for (const first of tree.words.keys()) this.#firsts.set(first, [...(this.#firsts.get(first) ?? []), tree])
    }
    return this.#firsts.get(word) ?? []
  }
}
