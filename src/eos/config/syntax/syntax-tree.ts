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
  const tokens = (isSeldom ? text.slice(2) : text).match(/[()]|[^\s()]+/g) ?? []
  let at = 0

  function node(marks: Pick<SyntaxNode, 'isEnd' | 'isSeldom'>): SyntaxNode {
    const words = new Map<string, SyntaxNode>()
    const values: ValueEdge[] = []
    for (let token = tokens[at]; token !== undefined && token !== ')'; token = tokens[at]) {
      at += 1
      const [, name = '', ends = '', seldom = ''] = /^(.*?)(\$?)(~?)$/.exec(token) ?? []
      const next = inner({ isEnd: ends !== '', isSeldom: marks.isSeldom || seldom !== '' })
      if (name.startsWith('<')) values.push({ ...edgeOf(name.slice(1, -1)), next })
      else words.set(name, next)
    }
    return { words, values, ...marks }
  }

  function inner(marks: Pick<SyntaxNode, 'isEnd' | 'isSeldom'>) {
    if (tokens[at] !== '(') return marks.isSeldom ? SELDOM_LEAF : LEAF
    at += 1
    const found = node(marks)
    at += 1
    return found
  }

  return node({ isEnd: false, isSeldom })
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

export type ValueType = keyof typeof FORMS

const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)'
const ADDRESS = `${OCTET}(?:\\.${OCTET}){3}`
const ADDRESS6 = '(?=[^/]*:[^/]*:)[\\da-fA-F:]+(?:\\d+(?:\\.\\d+){3})?'

const FORMS = {
  int: /^\d+$/,
  ip: new RegExp(`^${ADDRESS}$`),
  prefix: new RegExp(`^${ADDRESS}/(?:3[0-2]|[12]?\\d)$`),
  mac: /^(?:[\da-f]{4}\.){2}[\da-f]{4}$|^(?:[\da-f]{1,2}:){5}[\da-f]{1,2}$/i,
  pair: /^[\d.]+:\d+(?::\d+)?$/,
  ip6: new RegExp(`^${ADDRESS6}$`),
  prefix6: new RegExp(`^${ADDRESS6}/\\d{1,3}$`),
  list: /^\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*$/,
  number: /^-?\d+(?:\.\d+)?$/,
  interface: /^[a-z-]+\d[\d/.,:-]*(?:,[a-z-]*\d[\d/.,:-]*)*\$?$/i,
  word: /^/,
} as const

export const VALUE_TYPES = Object.keys(FORMS) as readonly ValueType[]

export function isOfType(type: ValueType, word: string): boolean {
  return FORMS[type].test(word)
}

/** The narrowest type of a word: `word` for a name. */
export function typeOf(word: string): ValueType {
  return VALUE_TYPES.find((type) => isOfType(type, word)) ?? 'word'
}

export function typedWords(words: readonly string[]): string {
  return words.map((word) => (typeOf(word) === 'word' ? word : `<${typeOf(word)}>`)).join(' ')
}

// The type that a name is of; undefined for any other name.
function typeNamed(name: string) {
  return VALUE_TYPES.find((type) => type === name)
}
