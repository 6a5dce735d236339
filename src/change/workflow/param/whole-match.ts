import { type PatternProgram, type PatternStep, patternProgram } from '../../../text/jinja/text/pattern-program.ts'
import { patternTree } from '../../../text/jinja/text/pattern-tree.ts'
import { TemplateFault } from '../../../text/jinja/value/fault.ts'
import { matchesWithin } from '../../../text/source/bounded-pattern.ts'

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

const PART = /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\(\?<[^=!>]+>|[\s\S]/g
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
  const parts = pattern.match(PART) ?? []
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
