import { isOfType, typeNamed, type ValueType } from './value-type.ts'

export interface SyntaxNode {
  readonly words: ReadonlyMap<string, SyntaxNode>
  readonly values: readonly ValueEdge[]
  readonly isEnd: boolean
  readonly isSeldom: boolean
}

export interface ValueEdge {
  readonly types: readonly ValueType[]
  readonly range?: readonly [least: number, greatest: number]
  readonly usual?: readonly string[]
  readonly next: SyntaxNode
}

export function fitOf({ types, range }: Omit<ValueEdge, 'next'>, word: string): 'fits' | 'wrong-type' | 'out-of-range' {
  if (range !== undefined) {
    if (!isOfType('int', word)) return 'wrong-type'
    return Number(word) >= range[0] && Number(word) <= range[1] ? 'fits' : 'out-of-range'
  }
  return types.some((type) => isOfType(type, word)) ? 'fits' : 'wrong-type'
}

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

  #inner(isEnd: boolean, isSeldom: boolean) {
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
