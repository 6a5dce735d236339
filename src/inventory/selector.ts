import { globMatches } from '../model/glob.ts'
import type { Checked, Place, Problem } from '../model/problem.ts'
import { accept, acceptUnless, refuse } from '../source/checked.ts'
import { didYouMean } from '../source/suggest.ts'
import type { Inventory, InventoryDevice } from './inventory.ts'

/** Which switches are meant: a name or glob, a tag's value, or a combination. */
export type Selector =
  | { readonly kind: 'name'; readonly pattern: string; readonly at: Place }
  | { readonly kind: 'tag'; readonly tag: string; readonly pattern: string; readonly at: Place }
  | { readonly kind: 'not'; readonly operand: Selector }
  | { readonly kind: 'and'; readonly operands: readonly Selector[] }
  | { readonly kind: 'or'; readonly operands: readonly Selector[] }

/**
 * Reads `leaf1`, `leaf*`, `role:leaf`, and combinations with `and`, `or`, `not` and parentheses; `and` binds tighter
 * than `or`. `at` is where the expression begins.
 */
export function parseSelector(expression: string, at: Place = { file: '-t', line: 1, column: 1 }): Checked<Selector> {
  try {
    return accept(new SelectorParser(expression, at).expression())
  } catch (thrown) {
    if (thrown instanceof SyntaxFault) return refuse(thrown.problem)
    throw thrown
  }
}

/** The switches that a selector means, in the order of the inventory. */
export function select(inventory: Inventory, selector: Selector): readonly InventoryDevice[] {
  return inventory.devices.filter((device) => matches(device, selector))
}

/**
 * The switches that an expression means, or why it cannot be meant so: a syntax fault, a name or tag that the
 * inventory does not have, or nothing at all left.
 */
export function selectDevices(
  expression: string,
  inventory: Inventory,
  at?: Place,
): Checked<readonly [InventoryDevice, ...InventoryDevice[]]> {
  const parsed = parseSelector(expression, at)
  if (!parsed.ok) return parsed
  const unknown = unknownTerms(parsed.value, inventory)
  if (unknown.length > 0) return acceptUnless(unknown, () => [] as never)
  const [first, ...rest] = select(inventory, parsed.value)
  if (first !== undefined) return accept([first, ...rest])
  return refuse({
    code: 'nothing-selected',
    message: `\`${expression}\` selects none of the ${inventory.devices.length} switches of ${inventory.file}`,
    at: at ?? { file: '-t', line: 1, column: 1 },
    hint: 'loosen the expression, or check the tags in the inventory',
  })
}

function matches(device: InventoryDevice, selector: Selector): boolean {
  if (selector.kind === 'name') return globMatches(selector.pattern, device.name)
  if (selector.kind === 'not') return !matches(device, selector.operand)
  if (selector.kind === 'and') return selector.operands.every((operand) => matches(device, operand))
  if (selector.kind === 'or') return selector.operands.some((operand) => matches(device, operand))
  const value = Object.hasOwn(device.tags, selector.tag) ? device.tags[selector.tag] : undefined
  return value !== undefined && globMatches(selector.pattern, value)
}

function unknownTerms(selector: Selector, inventory: Inventory): readonly Problem[] {
  if (selector.kind === 'not') return unknownTerms(selector.operand, inventory)
  if (selector.kind === 'and' || selector.kind === 'or') {
    return selector.operands.flatMap((operand) => unknownTerms(operand, inventory))
  }
  if (select(inventory, selector).length > 0) return []
  const values = (tag: string) => [
    ...new Set(inventory.devices.flatMap(({ tags }) => (Object.hasOwn(tags, tag) ? [tags[tag] ?? ''] : []))),
  ]
  if (selector.kind === 'name') {
    return [
      unknown(
        `there is no switch \`${selector.pattern}\` in ${inventory.file}`,
        selector,
        inventory.devices.map(({ name }) => name),
      ),
    ]
  }
  const tags = [...new Set(inventory.devices.flatMap((device) => Object.keys(device.tags)))]
  if (!tags.includes(selector.tag))
    return [
      { ...unknown(`no switch has a tag \`${selector.tag}\``, selector, []), hint: didYouMean(selector.tag, tags) },
    ]
  return [unknown(`no switch has \`${selector.tag}:${selector.pattern}\``, selector, values(selector.tag))]
}

function unknown(message: string, { pattern, at }: { pattern: string; at: Place }, known: readonly string[]): Problem {
  return { code: 'unknown-target', message, at, hint: didYouMean(pattern, known.slice(0, 50)) }
}

/** Ends the reading of an expression at its first fault. Never leaves this file. */
class SyntaxFault extends Error {
  readonly problem: Problem

  constructor(message: string, at: Place, hint: string) {
    super(message)
    this.problem = { code: 'selector-syntax', message, at, hint }
  }
}

interface Word {
  readonly text: string
  readonly at: Place
}

const TERM = /^(?:([A-Za-z][A-Za-z0-9_-]*):)?([A-Za-z0-9._*?-]+)$/
const MAX_WORDS = 200

class SelectorParser {
  readonly #words: readonly Word[]
  readonly #end: Place
  #next = 0

  constructor(expression: string, at: Place) {
    const place = (index: number): Place => ({ ...at, column: at.column + index })
    this.#words = [...expression.matchAll(/[()]|[^\s()]+/g)].map(({ 0: text, index }) => ({ text, at: place(index) }))
    this.#end = place(expression.length)
    if (this.#words.length > MAX_WORDS)
      throw new SyntaxFault(`the selector has more than ${MAX_WORDS} words`, at, 'use tags')
  }

  expression(): Selector {
    const selector = this.#chain('or')
    const word = this.#words[this.#next]
    if (word === undefined) return selector
    const hint = word.text === ')' ? 'delete it, or open it before' : 'join two terms with `and` or `or`'
    throw new SyntaxFault(`\`${word.text}\` is not expected here`, word.at, hint)
  }

  #chain(kind: 'and' | 'or'): Selector {
    const operand = (): Selector => (kind === 'or' ? this.#chain('and') : this.#factor())
    const first = operand()
    const operands = [first]
    while (this.#take(kind)) operands.push(operand())
    return operands.length === 1 ? first : { kind, operands }
  }

  #factor(): Selector {
    if (this.#take('not')) return { kind: 'not', operand: this.#factor() }
    if (!this.#take('(')) return this.#term()
    const inner = this.#chain('or')
    if (!this.#take(')')) throw new SyntaxFault('a parenthesis is not closed', this.#place(), 'add `)`')
    return inner
  }

  #term(): Selector {
    const word = this.#words[this.#next]
    const example = 'write a name, a glob (`leaf*`) or `tag:value`'
    if (word === undefined || word.text === ')' || word.text === 'and' || word.text === 'or') {
      throw new SyntaxFault('a switch or tag is missing here', this.#place(), example)
    }
    const [, tag, pattern] = TERM.exec(word.text) ?? []
    if (pattern === undefined) {
      const hint = word.text.includes(',') ? 'join several with `or`: `leaf1 or leaf2`' : example
      throw new SyntaxFault(`\`${word.text}\` is neither a name nor \`tag:value\``, word.at, hint)
    }
    this.#next += 1
    return tag === undefined ? { kind: 'name', pattern, at: word.at } : { kind: 'tag', tag, pattern, at: word.at }
  }

  #take(text: string): boolean {
    const found = this.#words[this.#next]?.text === text
    if (found) this.#next += 1
    return found
  }

  #place(): Place {
    return this.#words[this.#next]?.at ?? this.#end
  }
}
