import { isEqual } from '../call/compare.ts'
import type { Budget } from '../value/budget.ts'
import { wrong } from '../value/fault.ts'
import { type CallArguments, Callable, Thing, Undefined, type Value } from '../value/value.ts'

/** `namespace(…)`: values that a loop can change for what is around it. */
export class Namespace extends Thing {
  override readonly typeName = 'Namespace'
  readonly #members = new Map<string, Value>()

  constructor(members: Iterable<readonly [string, Value]>) {
    super()
    for (const [name, value] of members) this.#members.set(name, value)
  }

  override attribute(name: string): Value | undefined {
    return this.#members.get(name)
  }

  assign(name: string, value: Value): void {
    this.#members.set(name, value)
  }
}

export class ImportedTemplate extends Thing {
  override readonly typeName = 'TemplateModule'
  readonly #names: ReadonlyMap<string, Value>

  constructor(names: Iterable<readonly [string, Value]>) {
    super()
    this.#names = new Map([...names].filter(([name]) => !name.startsWith('_')))
  }

  override attribute(name: string): Value | undefined {
    return this.#names.get(name)
  }
}

/** `cycler(a, b)`: one after the other, round and round. */
export class Cycler extends Thing {
  override readonly typeName = 'Cycler'
  readonly #items: readonly Value[]
  #at = 0

  constructor(items: readonly Value[]) {
    super()
    if (items.length === 0) throw wrong('`cycler` needs a value')
    this.#items = items
  }

  override attribute(name: string): Value | undefined {
    if (name === 'current') return this.#items[this.#at] ?? null
    if (name === 'next') return new Callable('next', () => this.#next())
    return name === 'reset' ? new Callable('reset', () => this.#reset()) : undefined
  }

  #next(): Value {
    const item = this.#items[this.#at] ?? null
    this.#at = (this.#at + 1) % this.#items.length
    return item
  }

  #reset(): Value {
    this.#at = 0
    return null
  }
}

export type Pull = () => Value | undefined

/** What a loop knows about itself: `loop.index`, `loop.last` and the like. Items are taken when they are asked for, so that the condition of a loop sees what earlier rounds did. */
export class Loop extends Callable {
  override readonly typeName = 'LoopContext'
  readonly #pull: Pull
  readonly #depth: number
  readonly #budget: Budget
  readonly #ahead: Value[] = []
  #at = -1
  #before: Value | undefined
  #current: Value | undefined
  #changed: readonly Value[] | undefined

  constructor(pull: Pull, depth: number, budget: Budget, again: (given: CallArguments) => Value) {
    super('loop', again)
    this.#pull = pull
    this.#depth = depth
    this.#budget = budget
  }

  advance(): Value | undefined {
    const next = this.#peek()
    if (next === undefined) return undefined
    this.#ahead.shift()
    this.#at += 1
    this.#before = this.#current
    this.#current = next
    return next
  }

  override attribute(name: string): Value | undefined {
    const members: Readonly<Record<string, () => Value>> = {
      index: () => BigInt(this.#at + 1),
      index0: () => BigInt(this.#at),
      revindex: () => BigInt(this.#length() - this.#at),
      revindex0: () => BigInt(this.#length() - this.#at - 1),
      first: () => this.#at === 0,
      last: () => this.#peek() === undefined,
      length: () => BigInt(this.#length()),
      depth: () => BigInt(this.#depth + 1),
      depth0: () => BigInt(this.#depth),
      previtem: () => orMissing(this.#before, 'there is no item before the first', 'ask `loop.first` before'),
      nextitem: () => orMissing(this.#peek(), 'there is no item behind the last', 'ask `loop.last` before'),
      cycle: () => new Callable('cycle', ({ positional }) => this.#cycle(positional)),
      changed: () => new Callable('changed', ({ positional }) => this.#hasChanged(positional)),
    }
    return Object.hasOwn(members, name) ? members[name]?.() : undefined
  }

  #peek() {
    if (this.#ahead.length === 0) {
      const next = this.#pull()
      if (next !== undefined) this.#ahead.push(next)
    }
    return this.#ahead[0]
  }

  #length() {
    for (let next = this.#pull(); next !== undefined; next = this.#pull()) this.#ahead.push(next)
    return this.#at + 1 + this.#ahead.length
  }

  #cycle(values: readonly Value[]) {
    const value = values[this.#at % values.length]
    if (value === undefined) throw wrong('`loop.cycle` needs a value')
    return value
  }

  #hasChanged(values: readonly Value[]) {
    const before = this.#changed
    this.#changed = values
    if (before === undefined || before.length !== values.length) return true
    return !values.every((value, index) => isEqual(value, before[index] ?? null, this.#budget))
  }
}

function orMissing(item: Value | undefined, message: string, hint: string) {
  return item === undefined ? new Undefined(message, hint) : item
}

/** A `joiner`: nothing at the first call, its separator at every other one. */
export function joiner(separator: Value): Callable {
  let isFirst = true
  return new Callable('joiner', () => {
    const shown = isFirst ? '' : separator
    isFirst = false
    return shown
  })
}
