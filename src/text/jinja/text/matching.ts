import type { Budget } from '../value/budget.ts'
import { TemplateFault, wrong } from '../value/fault.ts'
import { everyMatch, type FoundMatch, type PreparedPattern } from './counted-match.ts'
import { type TextPattern, translated } from './pattern.ts'
import { patternProgram } from './pattern-program.ts'
import { patternTree } from './pattern-tree.ts'

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
