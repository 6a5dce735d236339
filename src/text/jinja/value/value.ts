import { tooLarge } from './budget.ts'
import { TemplateFault, wrong } from './fault.ts'

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
