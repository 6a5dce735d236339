import { refused, wrong } from '../value/fault.ts'

export type PatternNode =
  | { readonly kind: 'character'; readonly holds: (character: string) => boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'group'; readonly number: number; readonly body: PatternNode }
  | Repetition
  | LookAround

export interface Repetition {
  readonly kind: 'repetition'
  readonly body: PatternNode
  readonly least: number
  readonly most: number
  readonly isLazy: boolean
}

export interface LookAround {
  readonly kind: 'look'
  readonly body: PatternNode
  readonly isNegative: boolean
  readonly back: number
}

const ATOM = /\\[pP]\{\w+\}|\\x[\da-fA-F]{2}|\\u[\da-fA-F]{4}|\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|[\s\S]/uy
const COUNT = /(?:\{(\d+)(,?)(\d*)\}|([*+?]))(\??)/y
const GROUP = /\((?:\?(:|<?[=!]))?/y
const ENDS: Readonly<Record<string, readonly [number, number]>> = {
  '*': [0, Number.POSITIVE_INFINITY],
  '+': [1, Number.POSITIVE_INFINITY],
  '?': [0, 1],
}

/** Throws a fault for a look-behind of no fixed width. */
export function patternTree(source: string, flags: string): PatternNode {
  let at = 0
  let groups = 0

  const taken = (expression: RegExp) => {
    expression.lastIndex = at
    const found = expression.exec(source)
    if (found !== null) at += found[0].length
    return found
  }

  const choice = (): PatternNode => {
    const parts = [sequence()]
    while (source[at] === '|') {
      at += 1
      parts.push(sequence())
    }
    const [only] = parts
    return parts.length === 1 && only !== undefined ? only : { kind: 'choice', parts }
  }

  const sequence = (): PatternNode => {
    const parts: PatternNode[] = []
    while (at < source.length && source[at] !== '|' && source[at] !== ')') parts.push(repeated(one()))
    return { kind: 'sequence', parts }
  }

  const one = (): PatternNode => {
    const opened = taken(GROUP)
    if (opened === null) return { kind: 'character', holds: judge(taken(ATOM)?.[0] ?? '', flags) }
    const sign = opened[1]
    if (sign === undefined) groups += 1
    const number = groups
    const body = choice()
    at += 1
    if (sign === undefined) return { kind: 'group', number, body }
    if (sign === ':') return body
    return { kind: 'look', body, isNegative: sign.endsWith('!'), back: sign.startsWith('<') ? widthOf(body) : 0 }
  }

  const repeated = (body: PatternNode): PatternNode => {
    const count = taken(COUNT)
    if (count === null) return body
    const [, first, comma, last, sign = '', lazy] = count
    const [least, most] = ENDS[sign] ?? [
      Number(first),
      comma === '' ? Number(first) : last === '' ? Infinity : Number(last),
    ]
    if (most < least) throw wrong('a repetition of the regular expression ends before it begins')
    return { kind: 'repetition', body, least, most, isLazy: lazy === '?' }
  }

  return choice()
}

function judge(atom: string, flags: string): (character: string) => boolean {
  const expression = new RegExp(`^(?:${atom})$`, flags)
  const known = new Map<string, boolean>()
  return (character) => {
    const before = known.get(character)
    if (before !== undefined) return before
    const holds = expression.test(character)
    known.set(character, holds)
    return holds
  }
}

function widthOf(node: PatternNode): number {
  switch (node.kind) {
    case 'character':
      return 1
    case 'look':
      return 0
    case 'group':
      return widthOf(node.body)
    case 'sequence':
      return node.parts.reduce((sum, part) => sum + widthOf(part), 0)
    case 'choice': {
      const widths = new Set(node.parts.map(widthOf))
      const [width] = widths
      if (widths.size === 1 && width !== undefined) return width
      break
    }
    case 'repetition':
      if (node.least === node.most) return node.least * widthOf(node.body)
  }
  throw refused('a look-behind of no fixed width is not matched here', 'look ahead instead')
}
