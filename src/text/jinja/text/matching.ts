import { type Budget, TemplateFault, wrong } from '../value/value.ts'
import { type TextPattern, translated } from './pattern.ts'
import { type PatternProgram, type PatternStep, patternProgram, patternTree } from './pattern-program.ts'

export interface MatchOptions {
  readonly pattern: string
  readonly ignoreCase: boolean
  readonly multiline: boolean
}

/** Everything that a pattern finds in a text, or the first `most` of it; refused where that takes too many steps. */
export function matches(
  text: string,
  { pattern, ignoreCase, multiline }: MatchOptions,
  budget: Budget,
  most?: number,
): { found: readonly FoundMatch[]; pattern: TextPattern } {
  // What is remembered costs as much as what is not: the same template takes the same steps each time.
  budget.spend(10 + pattern.length)
  const own = prepared(pattern, ignoreCase, multiline)
  budget.spend(own.program.steps.length >> 2)
  try {
    return { found: everyMatch(text, own, budget, most), pattern: own.pattern }
  } catch (thrown) {
    if (!(thrown instanceof TemplateFault) || thrown.code !== 'template-fuel') throw thrown
    const hint = 'write the pattern without a repetition inside a repetition: (a+)+ takes for ever'
    throw new TemplateFault(thrown.code, `${thrown.message}, matching \`${shortened(pattern)}\``, hint)
  }
}

const READY = new Map<string, PreparedPattern>()
const MOST_READY = 200
const LONGEST_READY = 1000

function prepared(text: string, ignoreCase: boolean, multiline: boolean) {
  const key = `${ignoreCase ? 'i' : ''}${multiline ? 'm' : ''}/${text}`
  const known = READY.get(key)
  if (known !== undefined) return known
  const pattern = translated(text, ignoreCase, multiline)
  const made = { pattern, program: patternProgram(patternTree(pattern.source, pattern.flags), pattern.groups) }
  if (text.length > LONGEST_READY) return made
  const oldest = READY.keys().next()
  if (READY.size >= MOST_READY && oldest.done !== true) READY.delete(oldest.value)
  READY.set(key, made)
  return made
}

function shortened(pattern: string) {
  return pattern.length > 60 ? `${pattern.slice(0, 60)}…` : pattern
}

/** The text with what `replacement` makes of each match in its place (Python's `re.sub`). */
export function substituted(text: string, matching: MatchOptions, replacement: string, budget: Budget): string {
  const { found, pattern } = matches(text, matching, budget)
  const parts = templateOf(replacement, pattern)
  let made = ''
  let from = 0
  for (const { index, captures } of found) {
    const by = parts.map((part) => (typeof part === 'string' ? part : (captures[part] ?? ''))).join('')
    budget.grow(by.length)
    made += text.slice(from, index) + by
    from = index + (captures[0] ?? '').length
  }
  return budget.text(made + text.slice(from))
}

const SINGLE: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  f: '\f',
  v: '\v',
  a: '\x07',
  b: '\b',
  '\\': '\\',
}

function templateOf(replacement: string, pattern: TextPattern): readonly (string | number)[] {
  const parts: (string | number)[] = []
  for (const [whole, name, number, letter] of replacement.matchAll(/\\g<(\w+)>|\\([1-9]\d?)|\\([\s\S])|[^\\]+|\\$/g)) {
    if (name !== undefined || number !== undefined) parts.push(groupOf(name ?? number ?? '', pattern))
    else if (letter !== undefined) parts.push(single(letter, whole))
    else parts.push(whole)
  }
  return parts
}

function single(letter: string, whole: string): string {
  const known = SINGLE[letter]
  if (known !== undefined) return known
  if (/[a-zA-Z0-9]/.test(letter)) throw wrong(`the replacement has an unknown escape \`${whole}\``)
  return whole
}

export function groupOf(written: string, { groups, names }: TextPattern): number {
  const number = /^\d+$/.test(written) ? Number(written) : names.get(written)
  if (number === undefined || number > groups) throw wrong(`the pattern has no group \`${written}\``)
  return number
}

interface FoundMatch {
  readonly index: number
  readonly captures: readonly (string | undefined)[]
}

interface PreparedPattern {
  readonly pattern: TextPattern
  readonly program: PatternProgram
}

const STEPS_FOR_ONE = 16

const MOST_PLACES = 1_000_000

// How many characters a text may have that is matched.
const LONGEST_TEXT = 4_000_000

const NOWHERE = -1

// Every place where a pattern matches, as Python's `finditer` finds them. What it costs is counted in steps, so that a pattern that comes back again and again, `(a+)+b`, ends at the same step on every machine.
function everyMatch(
  text: string,
  { pattern, program }: PreparedPattern,
  budget: Budget,
  most = Number.POSITIVE_INFINITY,
) {
  if (text.length > LONGEST_TEXT)
    throw tooMuch(`a regular expression is matched with more than ${LONGEST_TEXT} characters`)
  budget.spend(text.length >> 7)
  const matcher = new Matcher(program, [...text], budget)
  const found: FoundMatch[] = []
  let mayNotEndAt = NOWHERE
  for (let at = 0; at <= matcher.length && found.length < most; ) {
    const end = matcher.matchAt(at, mayNotEndAt)
    if (end === undefined) {
      at += 1
      continue
    }
    found.push(matcher.found(at, end, pattern.groups))
    mayNotEndAt = end === at ? at : NOWHERE
    at = end
  }
  matcher.settle()
  return found
}

class Matcher {
  readonly #program: PatternProgram
  readonly #characters: readonly string[]
  readonly #budget: Budget
  readonly #offsets: readonly number[]
  readonly #slots: number[]
  // Pairs of numbers: a step and a position to go on from, or a slot (negative, from -1) and what it was before.
  readonly #back: number[] = []
  #steps = 0

  constructor(program: PatternProgram, characters: readonly string[], budget: Budget) {
    this.#program = program
    this.#characters = characters
    this.#budget = budget
    const offsets = [0]
    for (const character of characters) offsets.push((offsets.at(-1) ?? 0) + character.length)
    this.#offsets = offsets
    this.#slots = new Array<number>(program.slots).fill(NOWHERE)
  }

  get length() {
    return this.#characters.length
  }

  matchAt(at: number, mayNotEndAt: number) {
    this.#slots.fill(NOWHERE)
    this.#back.length = 0
    return this.#run(0, at, mayNotEndAt)
  }

  found(at: number, end: number, groups: number): FoundMatch {
    const between = (from = NOWHERE, to = NOWHERE) =>
      from === NOWHERE || to === NOWHERE ? undefined : this.#characters.slice(from, to).join('')
    const captures = [between(at, end)]
    for (let group = 1; group <= groups; group += 1)
      captures.push(between(this.#slots[2 * group], this.#slots[2 * group + 1]))
    this.#budget.grow(captures.reduce((sum, capture) => sum + (capture?.length ?? 0) + 1, 0))
    return { index: this.#offsets[at] ?? 0, captures }
  }

  settle() {
    this.#budget.spend(Math.ceil(this.#steps / STEPS_FOR_ONE))
    this.#steps = 0
  }

  #run(from: number, start: number, mayNotEndAt: number) {
    const { steps } = this.#program
    const bottom = this.#back.length
    let step = from
    let at = start
    for (;;) {
      const now = steps[step]
      if (now === undefined || now.does === 'done') {
        if (at !== mayNotEndAt) return at
        step = NOWHERE
      } else {
        step = this.#after(now, step, at)
        if (now.does === 'character') at += 1
      }
      if (step !== NOWHERE) continue
      const last = this.#goBack(bottom)
      if (last === undefined) return undefined
      ;[step, at] = last
    }
  }

  #after(now: PatternStep, step: number, at: number) {
    this.#steps += 1
    if (this.#steps >= 8_192) this.settle()
    switch (now.does) {
      case 'character':
        return at < this.#characters.length && now.holds(this.#characters[at] ?? '') ? step + 1 : NOWHERE
      case 'either':
        this.#remember(now.second, at)
        return now.first
      case 'go':
        return now.to
      case 'save':
        this.#save(now.slot, at)
        return step + 1
      case 'leave-unless-moved':
        return this.#slots[now.slot] === at ? now.to : step + 1
      case 'look':
        return this.#look(step + 1, at - now.back, now.isNegative) ? now.behind : NOWHERE
      case 'done':
        return NOWHERE
    }
  }

  #look(from: number, at: number, isNegative: boolean) {
    if (at < 0) return isNegative
    const bottom = this.#back.length
    const before = [...this.#slots]
    const holds = this.#run(from, at, NOWHERE) !== undefined
    this.#back.length = bottom
    before.forEach((was, slot) => {
      if (was === this.#slots[slot]) return
      if (holds && !isNegative) this.#remember(-1 - slot, was)
      else this.#slots[slot] = was
    })
    return holds !== isNegative
  }

  #save(slot: number, at: number) {
    this.#remember(-1 - slot, this.#slots[slot] ?? NOWHERE)
    this.#slots[slot] = at
  }

  #remember(what: number, where: number) {
    this.#back.push(what, where)
    if (this.#back.length <= 2 * MOST_PLACES) return
    throw tooMuch(`a regular expression may have to come back to more than ${MOST_PLACES} places`)
  }

  // Forgets what was tried since the last choice, and returns the other way; undefined where there is no other.
  #goBack(bottom: number): [number, number] | undefined {
    while (this.#back.length > bottom) {
      const where = this.#back.pop() ?? NOWHERE
      const what = this.#back.pop() ?? 0
      if (what >= 0) return [what, where]
      this.#slots[-1 - what] = where
    }
    return undefined
  }
}

function tooMuch(message: string) {
  return new TemplateFault('template-size', message, 'match smaller texts: split the text into lines before')
}
