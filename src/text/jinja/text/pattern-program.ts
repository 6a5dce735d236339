import { refused, wrong } from '../value/value.ts'

export type PatternStep =
  | { readonly does: 'character'; readonly holds: (character: string) => boolean }
  | { readonly does: 'either'; first: number; second: number }
  | { readonly does: 'go'; readonly to: number }
  | { readonly does: 'save'; readonly slot: number }
  | { readonly does: 'leave-unless-moved'; readonly slot: number; to: number }
  | { readonly does: 'look'; readonly isNegative: boolean; readonly back: number; behind: number }
  | { readonly does: 'done' }

export interface PatternProgram {
  readonly steps: readonly PatternStep[]
  readonly slots: number
}

// How many steps a program may have; `(a{1000}){1000}` would have a million.
const LONGEST = 20_000

/** Throws a fault for one that is too long. */
export function patternProgram(tree: PatternNode, groups: number): PatternProgram {
  const steps: PatternStep[] = []
  let slots = 2 * (groups + 1)

  const add = <S extends PatternStep>(step: S) => {
    steps.push(step)
    if (steps.length > LONGEST)
      throw refused('the regular expression is too long with its repetitions', 'write smaller counts in its braces')
    return step
  }
  const either = (isLazy: boolean) => {
    const step = add({ does: 'either', first: 0, second: 0 } as Extract<PatternStep, { does: 'either' }>)
    const inside = steps.length
    return {
      leaveTo: (out: number) => {
        step.first = isLazy ? out : inside
        step.second = isLazy ? inside : out
      },
    }
  }

  // A body that is left when it matches nothing, as Python leaves it.
  const round = (body: PatternNode): ((out: number) => void) => {
    if (body.kind === 'character') {
      write(body)
      return () => {}
    }
    const slot = slots
    slots += 1
    add({ does: 'save', slot })
    write(body)
    const leave = add({ does: 'leave-unless-moved', slot, to: 0 } as Extract<
      PatternStep,
      { does: 'leave-unless-moved' }
    >)
    return (out) => {
      leave.to = out
    }
  }

  const endless = (body: PatternNode, isLazy: boolean) => {
    const from = steps.length
    const choice = either(isLazy)
    const left = round(body)
    add({ does: 'go', to: from })
    choice.leaveTo(steps.length)
    left(steps.length)
  }

  const onceOrMore = (body: PatternNode, isLazy: boolean) => {
    const from = steps.length
    const left = round(body)
    const choice = add({ does: 'either', first: 0, second: 0 } as Extract<PatternStep, { does: 'either' }>)
    choice.first = isLazy ? steps.length : from
    choice.second = isLazy ? from : steps.length
    left(steps.length)
  }

  const repetition = ({ body, least, most, isLazy }: Repetition) => {
    if (least === 1 && most === Number.POSITIVE_INFINITY) return onceOrMore(body, isLazy)
    for (let time = 0; time < least; time += 1) write(body)
    if (most === Number.POSITIVE_INFINITY) return endless(body, isLazy)
    const choices: { leaveTo: (out: number) => void }[] = []
    for (let time = least; time < most; time += 1) {
      choices.push(either(isLazy))
      write(body)
    }
    for (const choice of choices) choice.leaveTo(steps.length)
  }

  const look = ({ body, isNegative, back }: LookAround) => {
    const step = add({ does: 'look', isNegative, back, behind: 0 } as Extract<PatternStep, { does: 'look' }>)
    write(body)
    add({ does: 'done' })
    step.behind = steps.length
  }

  const choice = (parts: readonly PatternNode[]) => {
    const ends: number[] = []
    for (const part of parts.slice(0, -1)) {
      const other = either(false)
      write(part)
      ends.push(steps.length)
      add({ does: 'done' })
      other.leaveTo(steps.length)
    }
    for (const part of parts.slice(-1)) write(part)
    for (const end of ends) steps[end] = { does: 'go', to: steps.length }
  }

  const write = (node: PatternNode) => {
    switch (node.kind) {
      case 'character':
        add({ does: 'character', holds: node.holds })
        return
      case 'sequence':
        node.parts.forEach(write)
        return
      case 'choice':
        choice(node.parts)
        return
      case 'group':
        add({ does: 'save', slot: 2 * node.number })
        write(node.body)
        add({ does: 'save', slot: 2 * node.number + 1 })
        return
      case 'repetition':
        repetition(node)
        return
      case 'look':
        look(node)
    }
  }

  write(tree)
  add({ does: 'done' })
  return { steps, slots }
}

type PatternNode =
  | { readonly kind: 'character'; readonly holds: (character: string) => boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'group'; readonly number: number; readonly body: PatternNode }
  | Repetition
  | LookAround

interface Repetition {
  readonly kind: 'repetition'
  readonly body: PatternNode
  readonly least: number
  readonly most: number
  readonly isLazy: boolean
}

interface LookAround {
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
