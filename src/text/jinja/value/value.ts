import type { Problem } from '../../../model/error.ts'

export type FaultCode =
  | 'template-syntax'
  | 'template-undefined'
  | 'template-filter'
  | 'template-error'
  | 'template-fuel'
  | 'template-size'

export class TemplateFault extends Error {
  readonly code: FaultCode
  readonly hint: string
  /** Where it is, as an offset; undefined until the place is known. */
  offset: number | undefined
  readonly problem: Problem | undefined

  constructor(code: FaultCode, message: string, hint: string, offset?: number, problem?: Problem) {
    super(message)
    this.code = code
    this.hint = hint
    this.offset = offset
    this.problem = problem
  }
}

export function wrong(message: string, hint = 'see the value and what is done with it here'): TemplateFault {
  return new TemplateFault('template-error', message, hint)
}

/** What Jinja2 or Ansible can do and this renderer refuses on purpose. */
export function refused(message: string, hint: string): TemplateFault {
  return new TemplateFault('template-error', message, hint)
}

export function unreadable(problem: Problem, code: FaultCode = 'template-error'): TemplateFault {
  return new TemplateFault(code, problem.message, problem.hint ?? '', undefined, problem)
}

/** Gives a fault its place unless it has one. */
export function placed(thrown: unknown, offset: number): unknown {
  if (thrown instanceof TemplateFault) thrown.offset ??= offset
  return thrown
}

/** How many steps one rendering may take; a loop that never ends stops here. */
export const FUEL = 1_000_000

// How many characters all values of one rendering may have together; an item of a list counts as {@link PLACE}.
const SIZE = 64n * 1024n * 1024n

// How many characters one number may have in the widest sense: larger ones only cost time.
const DIGITS = 20_000n

// What a place of a list takes, in characters.
const PLACE = 8n

const ROW = 64n

/** Counts what one rendering costs, so that no template takes the process with it. */
export class Budget {
  #steps = FUEL
  #left = SIZE

  spend(steps = 1): void {
    this.#steps -= steps
    if (this.#steps >= 0) return
    const message = `the template takes more than ${FUEL} steps`
    throw new TemplateFault('template-fuel', message, 'look for a loop that is far too long here')
  }

  grow(size: number | bigint): void {
    this.#left -= BigInt(size)
    if (this.#left < 0n) throw tooLarge()
    this.spend(Math.floor(Number(size) / 256))
  }

  items(count: number | bigint): void {
    this.grow(BigInt(count) * PLACE)
  }

  rows(count: number | bigint, width: number): void {
    this.grow(BigInt(count) * (ROW + BigInt(width) * PLACE))
  }

  text(made: string): string {
    this.grow(made.length)
    return made
  }

  changed(text: string, change: (text: string) => string): string {
    this.grow(text.length)
    const made = change(text)
    this.grow(Math.max(0, made.length - text.length))
    return made
  }

  /** Throws for a number that has too many digits. */
  digits(count: bigint): void {
    if (count > DIGITS) throw tooLarge()
  }
}

export function tooLarge(): TemplateFault {
  const hint = 'look for a text or a list that grows with itself, or a long chain'
  return new TemplateFault('template-size', `the template makes more than ${SIZE / 1_048_576n} MiB of text`, hint)
}

export type Value = null | boolean | bigint | number | string | Value[] | Tuple | Dict | Undefined | Thing

/** A Python tuple. */
export class Tuple {
  readonly items: readonly Value[]

  constructor(items: readonly Value[]) {
    this.items = items
  }
}

/** What `groupby` gives for each group: a pair, whose parts have names too. */
export class ItemGroup extends Tuple {
  readonly grouper: Value
  readonly list: Value[]

  constructor(grouper: Value, list: Value[]) {
    super([grouper, list])
    this.grouper = grouper
    this.list = list
  }
}

export class Undefined {
  readonly message: string
  readonly hint: string
  /** The empty end of `a if b`, which Jinja2 prints as nothing. */
  readonly isSilent: boolean
  offset: number | undefined

  constructor(message: string, hint: string, isSilent = false) {
    this.message = message
    this.hint = hint
    this.isSilent = isSilent
  }

  fault(): TemplateFault {
    return new TemplateFault('template-undefined', this.message, this.hint, this.offset)
  }
}

export abstract class Thing {
  abstract readonly typeName: string

  attribute(_name: string): Value | undefined {
    return undefined
  }
}

export interface CallArguments {
  readonly positional: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
}

export class Callable extends Thing {
  override readonly typeName: string = 'function'
  readonly name: string
  readonly call: (given: CallArguments) => Value

  constructor(name: string, call: (given: CallArguments) => Value) {
    super()
    this.name = name
    this.call = call
  }
}

/** Whole numbers from `start` to before `stop`: Python's `range`. */
export class Range extends Thing {
  override readonly typeName = 'range'
  readonly start: bigint
  readonly stop: bigint
  readonly step: bigint

  constructor(start: bigint, stop: bigint, step: bigint) {
    super()
    if (step === 0n) throw wrong('the step of a range must not be 0')
    this.start = start
    this.stop = stop
    this.step = step
  }

  get length(): bigint {
    const { start, stop, step } = this
    const span = step > 0n ? stop - start : start - stop
    const size = step > 0n ? step : -step
    return span <= 0n ? 0n : (span + size - 1n) / size
  }
}

/** What `keys()`, `values()` and `items()` of a mapping give: a look at it, which changes with it. */
export class View extends Thing {
  readonly typeName: 'dict_keys' | 'dict_values' | 'dict_items'
  readonly of: Dict

  constructor(typeName: View['typeName'], of: Dict) {
    super()
    this.typeName = typeName
    this.of = of
  }

  items(): Value[] {
    if (this.typeName === 'dict_keys') return this.of.keys()
    return this.typeName === 'dict_values'
      ? this.of.entries().map(([, value]) => value)
      : this.of.entries().map(([key, value]) => new Tuple([key, value]))
  }
}

/** `start:stop:step` in brackets; None where a part is left out. */
export class Slice extends Thing {
  override readonly typeName = 'slice'
  readonly start: Value
  readonly stop: Value
  readonly step: Value

  constructor(start: Value, stop: Value, step: Value) {
    super()
    this.start = start
    this.stop = stop
    this.step = step
  }
}

/** Text that was made safe for HTML (`e`, `safe`, `tojson`): a text whose `+`, `%` and methods make other text safe too (MarkupSafe 2.1). */
export class Markup extends Thing {
  override readonly typeName = 'Markup'
  readonly text: string

  constructor(text: string) {
    super()
    this.text = text
  }
}

export function unmarked<Other>(value: Value | Other): Value | Other {
  return value instanceof Markup ? value.text : value
}

/** A Python dict: keys in the order in which they came. 1, 1.0 and True are the same key. */
export class Dict {
  readonly #entries = new Map<string, readonly [Value, Value]>()

  constructor(entries: Iterable<readonly [Value, Value]> = []) {
    for (const [key, value] of entries) this.set(key, value)
  }

  get size(): number {
    return this.#entries.size
  }

  get weight(): number {
    return this.size
  }

  get(key: Value): Value | undefined {
    return this.#entries.get(hashOf(key))?.[1]
  }

  has(key: Value): boolean {
    return this.#entries.has(hashOf(key))
  }

  set(key: Value, value: Value): void {
    const hash = hashOf(key)
    this.#entries.set(hash, [this.#entries.get(hash)?.[0] ?? key, value])
  }

  delete(key: Value): void {
    this.#entries.delete(hashOf(key))
  }

  clear(): void {
    this.#entries.clear()
  }

  keys(): Value[] {
    return [...this.#entries.values()].map(([key]) => key)
  }

  entries(): (readonly [Value, Value])[] {
    return [...this.#entries.values()]
  }
}

// How many characters the text of a tuple may have that is a key.
const LONGEST_KEY = 100_000

const NO_TEXT = '\0'

/**
 * A text that is equal for values that are the same key of a dict; throws for what can be no key. A text is its own, so that a
 * long one is not copied each time.
 */
export function hashOf(value: Value): string {
  if (typeof value === 'string') return value.startsWith(NO_TEXT) ? `${NO_TEXT}s${value}` : value
  if (value === null) return `${NO_TEXT}None`
  if (typeof value === 'boolean' || typeof value === 'bigint' || typeof value === 'number') return numberHash(value)
  if (value instanceof Tuple) {
    const hash = `${NO_TEXT}(${value.items.map((item) => JSON.stringify(hashOf(item))).join(',')})`
    if (hash.length > LONGEST_KEY) throw tooLarge()
    return hash
  }
  if (value instanceof Undefined) throw value.fault()
  if (value instanceof Markup) return hashOf(value.text)
  throw wrong(`a ${typeOf(value)} cannot be a key`, 'use a text or a number as the key')
}

function numberHash(value: boolean | bigint | number) {
  const isWhole = typeof value !== 'number' || Number.isInteger(value)
  return `${NO_TEXT}${isWhole ? BigInt(value) : value}`
}

/** The name that Python has for the type of a value. */
export function typeOf(value: Value): string {
  if (value === null) return 'NoneType'
  if (typeof value === 'string') return 'str'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return 'float'
  if (Array.isArray(value)) return 'list'
  if (value instanceof Tuple) return 'tuple'
  if (value instanceof Dict) return 'dict'
  return value instanceof Undefined ? 'Undefined' : value.typeName
}

/** The items of a list or a tuple; undefined for anything else. */
export function sequenceOf(value: Value | undefined): readonly Value[] | undefined {
  if (Array.isArray(value)) return value
  return value instanceof Tuple ? value.items : undefined
}

// A whole number below this is handled at once.
const SMALL = 2n ** 64n

/** How many steps it takes to go through a value once: by its characters, its items or its digits. */
export function workOf(value: Value): number {
  if (typeof value === 'string') return value.length >> 7
  if (value instanceof Markup) return value.text.length >> 7
  if (typeof value === 'bigint') return value < SMALL && value > -SMALL ? 0 : value.toString(16).length >> 5
  if (value instanceof Dict) return value.weight >> 2
  if (value instanceof View) return value.of.weight >> 2
  if (value instanceof Range) return 0
  return (sequenceOf(value)?.length ?? 0) >> 3
}

/** How many steps it takes to look a key up: by its characters, and for a tuple by those of its parts. */
export function keyWork(key: Value): number {
  return key instanceof Tuple ? hashOf(key).length >> 5 : workOf(key)
}

export interface TemplateRuntime {
  readonly budget: Budget
  item(of: Value, key: Value): Value
  /** The member of a value that a format names; never an item. Throws where there is none. */
  member(of: Value, name: string): Value
  /** The item of a value that a format names; never a member. Throws where there is none. */
  ownItem(of: Value, key: Value): Value
  filter(name: string, value: Value, given: CallArguments): Value
  test(name: string, value: Value, given: CallArguments): boolean
}

/** The items of a value as a `for` loop sees them: of a text its characters, of a mapping its keys. */
export function itemsOf(value: Value, budget: Budget): readonly Value[] {
  if (Array.isArray(value)) return value
  if (value instanceof Tuple) return value.items
  if (typeof value === 'string') return charactersOf(value, budget)
  if (value instanceof Markup) return charactersOf(value.text, budget)
  if (value instanceof Dict) {
    budget.spend(value.size >> 3)
    budget.items(value.size)
    return value.keys()
  }
  if (value instanceof View) {
    budget.spend(value.of.size >> 3)
    budget.rows(value.of.size, 2)
    return value.items()
  }
  if (value instanceof Range) return numbersOf(value, budget)
  if (value instanceof Undefined && value.isSilent) return []
  if (value instanceof Undefined) throw value.fault()
  throw wrong(`a ${typeOf(value)} has no items to go through`, 'give a list')
}

export function listOf(value: Value, budget: Budget): Value[] {
  const items = itemsOf(value, budget)
  budget.rows(1, items.length)
  return [...items]
}

function numbersOf({ start, step, length }: Range, budget: Budget): Value[] {
  // Each is a number of its own.
  budget.items(length * 4n)
  return Array.from({ length: Number(length) }, (_, index) => start + BigInt(index) * step)
}

/** How many items a value has (Python's `len`); throws where it has none. */
export function lengthOf(value: Value): bigint {
  if (typeof value === 'string') return BigInt(charactersIn(value))
  if (value instanceof Markup) return lengthOf(value.text)
  if (Array.isArray(value)) return BigInt(value.length)
  if (value instanceof Tuple) return BigInt(value.items.length)
  if (value instanceof Dict) return BigInt(value.size)
  if (value instanceof Range) return value.length
  if (value instanceof View) return BigInt(value.of.size)
  if (value instanceof Undefined && value.isSilent) return 0n
  if (value instanceof Undefined) throw value.fault()
  throw wrong(`a ${typeOf(value)} has no length`, 'give a text, a list or a mapping')
}

const BEYOND_16_BITS = /[\ud800-\udbff][\udc00-\udfff]/

/** How many characters a text has: code points, as Python counts them. */
export function charactersIn(text: string): number {
  if (!BEYOND_16_BITS.test(text)) return text.length
  let count = 0
  for (let at = 0; at < text.length; at = behindCharacter(text, at)) count += 1
  return count
}

/** The character at a place counted from 0; undefined behind the last. */
export function characterIn(text: string, index: number): string | undefined {
  if (!BEYOND_16_BITS.test(text)) return text[index]
  let at = 0
  for (let passed = 0; passed < index && at < text.length; passed += 1) at = behindCharacter(text, at)
  return at < text.length ? text.slice(at, behindCharacter(text, at)) : undefined
}

function behindCharacter(text: string, at: number) {
  return at + ((text.codePointAt(at) ?? 0) > 0xff_ff ? 2 : 1)
}

function charactersOf(text: string, budget: Budget): readonly Value[] {
  budget.items(text.length)
  return [...text]
}
