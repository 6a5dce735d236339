import { z } from 'zod'
import type { Place, Problem, ValueOrProblems } from '../../model/error.ts'
import { globMatches } from '../../model/glob.ts'
import { definedMembers } from '../../model/json.ts'
import { accept, acceptUnless, refuse } from '../../text/source/located.ts'
import { lookalikeIn } from '../../text/source/lookalike.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import type { Inventory, InventoryDevice } from './inventory.ts'

export type Selector =
  | { readonly kind: 'name'; readonly pattern: string; readonly at: Place }
  | { readonly kind: 'tag'; readonly tag: string; readonly pattern: string; readonly at: Place }
  | { readonly kind: 'group'; readonly pattern: string; readonly at: Place }
  | { readonly kind: 'listed'; readonly names: ReadonlySet<string> }
  | { readonly kind: 'not'; readonly operand: Selector }
  | { readonly kind: 'and'; readonly operands: readonly Selector[] }
  | { readonly kind: 'or'; readonly operands: readonly Selector[] }

export type SwitchLists = ReadonlyMap<string, readonly string[]>

export interface SelectorWord {
  readonly text: string
  readonly at: Place
}

/** Where a selector is, where nobody says otherwise: behind `-t`. */
export const TYPED: Place = { file: '-t', line: 1, column: 1 }

/** Reads `leaf1`, `leaf*`, `role:leaf`, `group:DC1`, and combinations with `and`, `or`, `not`, parentheses and commas. `and` binds tighter than `or`, and a comma, which joins as `or` does, binds loosest. */
export function parseSelector(
  expression: string,
  at: Place = TYPED,
  lists: SwitchLists = new Map(),
): ValueOrProblems<Selector> {
  try {
    return accept(new SelectorParser(expression, at, lists).expression())
  } catch (thrown) {
    if (thrown instanceof SyntaxFault) return refuse(thrown.problem)
    throw thrown
  }
}

/** The words of a selector that name a file (`@FILE`) or an execution (`failed:EXECUTION`), in order. */
export function listWords(expression: string): readonly SelectorWord[] {
  return wordsOf(expression, TYPED).filter(({ text }) => isList(text))
}

export function shownSelector(expression: string): string {
  return expression.length <= MOST_SHOWN ? expression : `${expression.slice(0, MOST_SHOWN)}…`
}

const MOST_SHOWN = 200

function wordsOf(expression: string, at: Place): readonly SelectorWord[] {
  return [...expression.matchAll(/[(),]|[^\s(),]+/g)].map(({ 0: text, index }) => ({
    text,
    at: { ...at, column: at.column + index },
  }))
}

function isList(word: string) {
  return word.startsWith('@') || word.startsWith('failed:')
}

class SyntaxFault extends Error {
  readonly problem: Problem

  constructor(message: string, at: Place, hint: string) {
    super(message)
    this.problem = { code: 'selector-syntax', message, at, hint }
  }
}

const TERM = /^(?:([A-Za-z][A-Za-z0-9_-]*):)?([A-Za-z0-9._*?-]+)$/
const PLAIN_NAME = /^[A-Za-z0-9._-]+$/
const MAX_WORDS = 200
const MAX_NAMES = 50_000
const EXAMPLE = 'write a name, a glob (`leaf*`), `tag:value` or `group:NAME`'

class SelectorParser {
  readonly #words: readonly SelectorWord[]
  readonly #end: Place
  readonly #lists: SwitchLists
  #next = 0

  constructor(expression: string, at: Place, lists: SwitchLists) {
    this.#words = wordsOf(expression, at)
    this.#end = { ...at, column: at.column + expression.length }
    this.#lists = lists
    const names = this.#words.filter(({ text }) => text !== ',' && PLAIN_NAME.test(text) && !isKeyword(text)).length
    const others = this.#words.filter(({ text }) => text !== ',').length - names
    if (others > MAX_WORDS)
      throw new SyntaxFault(`the selector has more than ${MAX_WORDS} words that are no names`, at, 'use tags')
    if (names > MAX_NAMES) throw new SyntaxFault(`the selector has more than ${MAX_NAMES} names`, at, 'use tags')
  }

  expression(): Selector {
    const selector = this.#union()
    const word = this.#words[this.#next]
    if (word === undefined) return selector
    const hint = word.text === ')' ? 'delete it, or open it before' : 'join two terms with a comma, `and` or `or`'
    throw new SyntaxFault(`\`${word.text}\` is not expected here`, word.at, hint)
  }

  #union(): Selector {
    return this.#chain(',', () => this.#chain('or', () => this.#chain('and', () => this.#factor())))
  }

  #chain(joint: ',' | 'or' | 'and', operand: () => Selector): Selector {
    const first = operand()
    const operands = [first]
    while (this.#take(joint)) operands.push(operand())
    return operands.length === 1 ? first : { kind: joint === 'and' ? 'and' : 'or', operands }
  }

  #factor(): Selector {
    if (this.#take('not')) return { kind: 'not', operand: this.#factor() }
    if (!this.#take('(')) return this.#term()
    const inner = this.#union()
    if (!this.#take(')')) throw new SyntaxFault('a parenthesis is not closed', this.#place(), 'add `)`')
    return inner
  }

  #term(): Selector {
    const word = this.#words[this.#next]
    if (word === undefined || word.text === ')' || word.text === ',' || isKeyword(word.text)) {
      throw new SyntaxFault('a switch or tag is missing here', this.#place(), EXAMPLE)
    }
    this.#next += 1
    return isList(word.text) ? this.#listed(word) : termOf(word)
  }

  #listed(word: SelectorWord): Selector {
    const names = this.#lists.get(word.text)
    if (names !== undefined) return { kind: 'listed', names: new Set(names) }
    const [what, hint] = word.text.startsWith('@')
      ? ['a file of switches is named on a command line alone', 'write the names of the switches, a tag or a group']
      : [
          '`failed:` names an execution, on a command line or in a request alone',
          'name the switches by a tag or a group',
        ]
    throw new SyntaxFault(`\`${shownWord(word)}\` is not taken here: ${what}`, word.at, hint)
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

function termOf(word: SelectorWord): Selector {
  const [, tag, pattern] = TERM.exec(word.text) ?? []
  if (pattern === undefined) {
    const strange = lookalikeIn(word.text)
    const hint = strange === undefined ? EXAMPLE : `it holds ${strange.message}: ${strange.hint}, or none`
    throw new SyntaxFault(`\`${shownWord(word)}\` is neither a name nor \`tag:value\``, word.at, hint)
  }
  if (tag === undefined) return { kind: 'name', pattern, at: word.at }
  return tag === 'group' ? { kind: 'group', pattern, at: word.at } : { kind: 'tag', tag, pattern, at: word.at }
}

function shownWord({ text }: SelectorWord) {
  return shownSelector(text)
}

function isKeyword(word: string) {
  return word === 'and' || word === 'or' || word === 'not'
}

/** The switches that a selector means, in the order of the inventory. */
export function select(inventory: Inventory, selector: Selector): readonly InventoryDevice[] {
  return inventory.devices.filter(testOf(selector))
}

export function selects(selector: Selector, device: InventoryDevice): boolean {
  return testOf(selector)(device)
}

/** `lists` is what its words `@FILE` and `failed:EXECUTION` mean. */
export function selectDevices(
  expression: string,
  inventory: Inventory,
  at: Place = TYPED,
  lists?: SwitchLists,
): ValueOrProblems<readonly [InventoryDevice, ...InventoryDevice[]]> {
  const parsed = parseSelector(expression, at, lists)
  if (!parsed.ok) return parsed
  const unknown = new KnownWords(inventory).unknownIn(parsed.value)
  if (unknown.length > 0) return acceptUnless(unknown, () => [] as never)
  const [first, ...rest] = select(inventory, parsed.value)
  if (first !== undefined) return accept([first, ...rest])
  return refuse({
    code: 'nothing-selected',
    message: `\`${shownSelector(expression)}\` selects none of the ${inventory.devices.length} switches of ${inventory.file}`,
    at,
    hint: 'loosen the expression, or check the tags in the inventory',
  })
}

type Test = (device: InventoryDevice) => boolean

// The plain names of a union are looked up, so that a list of thousands costs no more than one name.
function testOf(selector: Selector): Test {
  switch (selector.kind) {
    case 'listed':
      return ({ name }) => selector.names.has(name)
    case 'name':
      return ({ name }) => globMatches(selector.pattern, name)
    case 'group':
      return (device) => groupWords(device).some((word) => globMatches(selector.pattern, word))
    case 'tag':
      return (device) => {
        const value = tagOf(device, selector.tag)
        return value !== undefined && globMatches(selector.pattern, value)
      }
    case 'not': {
      const isMeant = testOf(selector.operand)
      return (device) => !isMeant(device)
    }
    case 'and': {
      const tests = selector.operands.map(testOf)
      return (device) => tests.every((isMeant) => isMeant(device))
    }
    case 'or': {
      const names = new Set(selector.operands.flatMap((one) => (isPlainName(one) ? [one.pattern] : [])))
      const tests = selector.operands.filter((one) => !isPlainName(one)).map(testOf)
      return (device) => names.has(device.name) || tests.some((isMeant) => isMeant(device))
    }
  }
}

function isPlainName(selector: Selector): selector is Extract<Selector, { kind: 'name' }> {
  return selector.kind === 'name' && !/[*?]/.test(selector.pattern)
}

function tagOf({ tags }: InventoryDevice, tag: string) {
  return Object.hasOwn(tags, tag) ? tags[tag] : undefined
}

function groupWords(device: InventoryDevice) {
  const tag = tagOf(device, 'group')
  return [...device.groups, ...(tag === undefined ? [] : [tag])]
}

const MOST_LIKENED = 20
const MOST_KNOWN = 50

class KnownWords {
  readonly #inventory: Inventory
  readonly #names: ReadonlySet<string>

  constructor(inventory: Inventory) {
    this.#inventory = inventory
    this.#names = new Set(inventory.devices.map(({ name }) => name))
  }

  unknownIn(selector: Selector): readonly Problem[] {
    const unknown = this.#unknown(selector)
    return unknown.map((make, index) => make(index < MOST_LIKENED))
  }

  #unknown(selector: Selector): readonly ((isLikened: boolean) => Problem)[] {
    if (selector.kind === 'listed') return []
    if (selector.kind === 'not') return this.#unknown(selector.operand)
    if (selector.kind === 'and' || selector.kind === 'or') return selector.operands.flatMap((one) => this.#unknown(one))
    if (selector.kind === 'group' && this.#areGroupsTwo()) return [() => twoGroups(selector.at)]
    if (isPlainName(selector) ? this.#names.has(selector.pattern) : select(this.#inventory, selector).length > 0)
      return []
    return [(isLikened) => this.#problem(selector, isLikened)]
  }

  #problem(selector: Extract<Selector, { at: Place }>, isLikened: boolean) {
    const { pattern, at } = selector
    const { devices, file } = this.#inventory
    const unknown = (message: string, word: string, known: readonly string[]): Problem => ({
      code: 'unknown-target',
      message,
      at,
      hint: isLikened ? didYouMean(word, known) : 'see the first of these problems',
    })
    if (selector.kind === 'name') {
      const names = devices.slice(0, MOST_KNOWN).map(({ name }) => name)
      const missing = unknown(`there is no switch \`${pattern}\` in ${file}`, pattern, names)
      // Ansible names a group as it names a host.
      const meant = isLikened ? devices.flatMap((device) => groupOrTag(device, pattern))[0] : undefined
      return meant === undefined ? missing : { ...missing, hint: `did you mean \`${meant}\`?` }
    }
    if (selector.kind === 'group')
      return unknown(
        `no switch is in a group \`${pattern}\``,
        pattern,
        [...new Set(devices.flatMap(groupWords))].slice(0, MOST_KNOWN),
      )
    const { tag } = selector
    const tags = [...new Set(devices.flatMap((device) => Object.keys(device.tags)))]
    const untagged = { ...unknown(`no switch has a tag \`${tag}\``, tag, tags), ...(tags.length > 0 ? {} : NO_TAGS) }
    if (!tags.includes(tag)) return untagged
    const values = [...new Set(devices.flatMap((device) => tagOf(device, tag) ?? []))]
    return unknown(`no switch has \`${tag}:${pattern}\``, pattern, values.slice(0, MOST_KNOWN))
  }

  #areGroupsTwo() {
    const { devices } = this.#inventory
    return (
      devices.some(({ groups }) => groups.length > 0) && devices.some((device) => tagOf(device, 'group') !== undefined)
    )
  }
}

const NO_TAGS = {
  hint: 'no switch has tags: select by name or by group (`group:NAME`), or give them tags (docs/inventory-sources.md)',
}

function groupOrTag(device: InventoryDevice, word: string) {
  const tags = Object.keys(device.tags).filter((tag) => tagOf(device, tag) === word)
  return [...(device.groups.includes(word) ? [`group:${word}`] : []), ...tags.map((tag) => `${tag}:${word}`)]
}

function twoGroups(at: Place): Problem {
  return {
    code: 'ambiguous-group',
    message: 'the inventory has groups, and a tag `group` as well: `group:` could mean either',
    at,
    hint: 'rename the tag',
  }
}

/** `what` says whose it is where one is: `a budget counts by`. */
export function selectorSchema(of: string, what: string) {
  return z
    .string()
    .min(1)
    .max(10_000)
    .superRefine((text, { addIssue }) => {
      const [list] = listWords(text)
      const parsed = parseSelector(text)
      const [problem] = parsed.ok ? [] : parsed.problems
      if (list !== undefined) {
        const params = { code: 'selector-syntax', hint: `${what} names, tags and groups of the inventory` }
        addIssue({ code: 'custom', message: `\`${list.text}\` is no selector of ${of}`, params })
      } else if (problem !== undefined) {
        const { code, message, hint } = problem
        addIssue({ code: 'custom', message, params: { code, ...definedMembers({ hint }) } })
      }
    })
}
