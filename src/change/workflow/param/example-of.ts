import {
  type PatternProgram,
  type PatternStep,
  patternProgram,
  patternTree,
} from '../../../text/jinja/text/pattern-program.ts'
import { TemplateFault } from '../../../text/jinja/value/value.ts'
import { matchesWithin } from '../../../text/source/bounded-pattern.ts'
import { show } from '../../../text/source/show.ts'
import type { Param } from './schema.ts'

const PART = /(\[(?:\\.|[^\]\\])+\]|\\[dwsA-Za-z.\-/]|[^\\[\](){}|?*+^$])(?:\{(\d+)(?:,\d*)?\}|([?*+]))?/y

// What is tried for a class of characters.
const LETTERS = ['A', 'a', '1', '-', '_', '.', ':', ' ', '/']

// How often a part is written that may stand any number of times, so that the example reads like a name.
const USUAL = 4

export function fittingText(pattern: string, given = ''): string | undefined {
  const joined = (by: string) => given.trim().replace(/\s+/g, by)
  const near = [joined('-'), joined('_'), joined('')].flatMap((one) => [one, one.toUpperCase(), one.toLowerCase()])
  const tried = [...near, 'PROD', 'prod', 'x1', 'X1', '1', madeFrom(pattern)]
  return tried.find((one) => one !== undefined && one !== '' && one !== given && matchesWhole(pattern, one) === true)
}

function madeFrom(pattern: string) {
  let made = ''
  let at = 0
  const bare = pattern.replace(/^\^|\$$/g, '')
  while (at < bare.length) {
    PART.lastIndex = at
    const found = PART.exec(bare)
    if (found === null) return undefined
    const [whole, part = '', least, sign] = found
    const letter = letterOf(part)
    if (letter === undefined) return undefined
    made += letter.repeat(least === undefined ? (sign === undefined ? 1 : sign === '+' ? USUAL : 0) : Number(least))
    at += whole.length
  }
  return made.slice(0, LONGEST)
}

const LONGEST = 64

function letterOf(part: string) {
  if (part.length === 1) return part === '.' ? 'a' : part
  if (/^\\[^a-zA-Z]$/.test(part)) return part.slice(1)
  const one = new RegExp(`^${part}$`)
  return LETTERS.find((letter) => one.test(letter))
}

// How many steps one text may take, about half a second of work.
const MOST_STEPS = 5_000_000

/** All ways through the pattern are gone at the same time, one character after the other, so that none is gone twice: `(a+)+b` takes as long as the text, and not twice as long for each letter (ADR 0036). A pattern that looks back at its own groups cannot be matched so: the virtual machine matches it, for half a second at most. */
export function matchesWhole(pattern: string, text: string): boolean | undefined {
  const whole = `^(?:${pattern})$`
  new RegExp(whole)
  const program = programOf(pattern)
  return program === undefined ? matchesWithin(whole, text) : new Walk(program, text).matches()
}

let last: { readonly pattern: string; readonly program: PatternProgram | undefined } | undefined

function programOf(pattern: string) {
  if (last?.pattern !== pattern) last = { pattern, program: compiled(pattern) }
  return last.program
}

function compiled(pattern: string) {
  const source = plainForm(pattern)
  if (source === undefined) return undefined
  try {
    return patternProgram(patternTree(source, ''), source.length)
  } catch (thrown) {
    // Too long with its repetitions, a look-behind of no fixed width, or nested deeper than a program can be.
    if (thrown instanceof TemplateFault || thrown instanceof RangeError) return undefined
    throw thrown
  }
}

const TOKEN = /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\(\?<[^=!>]+>|[\s\S]/g
const WORD = '[A-Za-z0-9_]'
const PLAIN: Readonly<Record<string, string>> = {
  '^': '(?<![\\s\\S])',
  $: '(?![\\s\\S])',
  '\\b': `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`,
  '\\B': `(?:(?<=${WORD})(?=${WORD})|(?<!${WORD})(?!${WORD}))`,
}

const NOT_PLAIN = /^\\[1-9kcpP]$/

function plainForm(pattern: string) {
  const isOdd = /[\ud800-\udfff]|\\0\d|\\x(?![\da-fA-F]{2})|\\u(?![\da-fA-F]{4})/.test(pattern)
  const parts = pattern.match(TOKEN) ?? []
  if (isOdd || parts.some((part) => NOT_PLAIN.test(part))) return undefined
  return parts.map((part) => (part.startsWith('(?<') && part.endsWith('>') ? '(' : (PLAIN[part] ?? part))).join('')
}

class Walk {
  readonly #program: readonly PatternStep[]
  readonly #text: string
  // What a look at a place found, so that it is looked once.
  readonly #looked = new Map<number, boolean>()
  #left = MOST_STEPS

  constructor({ steps }: PatternProgram, text: string) {
    this.#program = steps
    this.#text = text
  }

  matches(): boolean | undefined {
    try {
      return this.#reaches(0, 0, true)
    } catch (thrown) {
      if (thrown instanceof OutOfSteps) return undefined
      throw thrown
    }
  }

  #reaches(step: number, from: number, whole: boolean): boolean {
    let open = [step]
    for (let at = from; open.length > 0; at += 1) {
      const { characters, isDone } = this.#withoutReading(open, at)
      if (isDone && (!whole || at === this.#text.length)) return true
      if (at >= this.#text.length) return false
      open = characters.filter((one) => this.#holds(one, at)).map((one) => one + 1)
    }
    return false
  }

  #withoutReading(open: readonly number[], at: number): { characters: readonly number[]; isDone: boolean } {
    const seen = new Set(open)
    const characters: number[] = []
    let isDone = false
    // A set that grows while it is gone through yields what was added.
    for (const one of seen) {
      this.#spend()
      const now = this.#program[one]
      if (now === undefined || now.does === 'done') isDone = true
      else if (now.does === 'character') characters.push(one)
      else for (const next of this.#after(now, one, at)) seen.add(next)
    }
    return { characters, isDone }
  }

  #after(now: Exclude<PatternStep, { does: 'character' | 'done' }>, one: number, at: number): readonly number[] {
    switch (now.does) {
      case 'either':
        return [now.first, now.second]
      case 'go':
        return [now.to]
      case 'save':
        return [one + 1]
      case 'leave-unless-moved':
        return [one + 1, now.to]
      case 'look':
        return this.#look(one, at - now.back) === now.isNegative ? [] : [now.behind]
    }
  }

  #look(one: number, at: number): boolean {
    if (at < 0) return false
    const key = at * this.#program.length + one
    const known = this.#looked.get(key)
    if (known !== undefined) return known
    const found = this.#reaches(one + 1, at, false)
    this.#looked.set(key, found)
    return found
  }

  #holds(one: number, at: number): boolean {
    const now = this.#program[one]
    return now?.does === 'character' && now.holds(this.#text.charAt(at))
  }

  #spend(): void {
    this.#left -= 1
    if (this.#left < 0) throw new OutOfSteps()
  }
}

class OutOfSteps extends Error {}

const EXAMPLES: Readonly<Record<Param['type'], string>> = {
  integer: '120',
  string: 'TEXT',
  boolean: 'true',
  ipAddress: '10.0.0.1',
  ipPrefix: '10.0.0.0/24',
  ipInterface: '10.0.0.1/24',
  interface: 'Ethernet1',
  vlanRange: '110-112',
  list: '[a, b]',
  object: '@FILE.yaml',
  table: '@FILE.csv',
}

export function exampleOf(param: Param): string {
  if ('example' in param && param.example !== undefined)
    return typeof param.example === 'string' ? param.example : show(param.example)
  switch (param.type) {
    case 'integer':
      return String(Math.min(Math.max(Number(EXAMPLES.integer), param.minimum ?? 0), param.maximum ?? Infinity))
    case 'string':
      return param.enum?.[0] ?? ofPattern(param.pattern) ?? EXAMPLES.string
    case 'list':
      return `[${exampleOf(param.items)}]`
    default:
      return ('version' in param && param.version === 6 ? V6[param.type] : undefined) ?? EXAMPLES[param.type]
  }
}

const V6: Readonly<Record<string, string>> = {
  ipAddress: '2001:db8::1',
  ipPrefix: '2001:db8::/64',
  ipInterface: '2001:db8::1/64',
}

const ofPattern = (pattern: string | undefined) => (pattern === undefined ? undefined : fittingText(pattern, 'text'))
