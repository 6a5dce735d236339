import { isOfType, typeNamed, type ValueType } from './value-type.ts'

/**
 * What may follow in the lines of a mode: a tree of keywords and values. Text form: `word`, `$` where a line may end, `~` where one source alone has
 * it and what follows, then in brackets what may come next; `<int>`, `<ip|prefix>`, `<1-4094>` or, of a value that is usually one of some names, `<=active|passive>`.
 * Nothing behind a word: the line ends there. `~` before all: one source alone has lines of the mode.
 */
export interface SyntaxNode {
  /** What follows by the keyword. */
  readonly words: ReadonlyMap<string, SyntaxNode>
  readonly values: readonly ValueEdge[]
  /** Whether a line may end here. */
  readonly isEnd: boolean
  /** Whether one source alone has it: that it lacks a word says nothing. */
  readonly isSeldom: boolean
}

/** A place where a value may stand. */
export interface ValueEdge {
  /** The types that it may have: any of them. */
  readonly types: readonly ValueType[]
  /** The least and the greatest number that it may be. */
  readonly range?: readonly [least: number, greatest: number]
  /** The names that it usually is; another name may stand there too. */
  readonly usual?: readonly string[]
  readonly next: SyntaxNode
}

/** How a value is written at a place: as it may be, of another type, or out of the range. */
export function fitOf({ types, range }: Omit<ValueEdge, 'next'>, word: string): 'fits' | 'wrong-type' | 'out-of-range' {
  if (range !== undefined) {
    if (!isOfType('int', word)) return 'wrong-type'
    return Number(word) >= range[0] && Number(word) <= range[1] ? 'fits' : 'out-of-range'
  }
  return types.some((type) => isOfType(type, word)) ? 'fits' : 'wrong-type'
}

/** Reads a tree from its text form. */
export function readSyntaxTree(text: string): SyntaxNode {
  const isSeldom = text.startsWith('~ ')
  return new Reader(isSeldom ? text.slice(2) : text).node({ isEnd: false, isSeldom })
}

class Reader {
  readonly #tokens: readonly string[]
  #at = 0

  constructor(text: string) {
    this.#tokens = text.match(/[()]|[^\s()]+/g) ?? []
  }

  /** Reads up to the bracket that closes the node. */
  node(marks: Pick<SyntaxNode, 'isEnd' | 'isSeldom'>): SyntaxNode {
    const words = new Map<string, SyntaxNode>()
    const values: ValueEdge[] = []
    for (let token = this.#tokens[this.#at]; token !== undefined && token !== ')'; token = this.#tokens[this.#at]) {
      this.#at += 1
      const [, name = '', ends = '', seldom = ''] = /^(.*?)(\$?)(~?)$/.exec(token) ?? []
      const next = this.#inner(ends !== '', marks.isSeldom || seldom !== '')
      if (name.startsWith('<')) values.push({ ...edgeOf(name.slice(1, -1)), next })
      else words.set(name, next)
    }
    return { words, values, ...marks }
  }

  #inner(isEnd: boolean, isSeldom: boolean): SyntaxNode {
    if (this.#tokens[this.#at] !== '(') return isSeldom ? SELDOM_LEAF : LEAF
    this.#at += 1
    const inner = this.node({ isEnd, isSeldom })
    this.#at += 1
    return inner
  }
}

const LEAF: SyntaxNode = { words: new Map(), values: [], isEnd: true, isSeldom: false }
const SELDOM_LEAF: SyntaxNode = { ...LEAF, isSeldom: true }

/** The value between `<` and `>` of a form that a person writes: a range or types; undefined for anything else. */
export function valueIn(text: string): Omit<ValueEdge, 'next'> | undefined {
  const value = text.startsWith('=') ? undefined : edgeOf(text)
  return value !== undefined && value.types.length === text.split('|').length ? value : undefined
}

function edgeOf(text: string): Omit<ValueEdge, 'next'> {
  const range = /^(\d+)-(\d+)$/.exec(text)
  if (range !== null) return { types: ['int'], range: [Number(range[1]), Number(range[2])] }
  if (text.startsWith('=')) return { types: ['word'], usual: text.slice(1).split('|') }
  return { types: text.split('|').flatMap((name) => typeNamed(name) ?? []) }
}
