import { bound, isEqual, wholeIn } from '../call/arguments.ts'
import { pairsOf } from '../object/access.ts'
import {
  type Budget,
  type CallArguments,
  Callable,
  Dict,
  Range,
  refused,
  type TemplateFault,
  Thing,
  Undefined,
  type Value,
  wrong,
} from '../value/value.ts'

export type FindName = (name: string) => Value | undefined

export class Scope {
  readonly #names = new Map<string, Value>()
  readonly #around: Scope | undefined

  constructor(around?: Scope, names: Iterable<readonly [string, Value]> = []) {
    this.#around = around
    for (const [name, value] of names) this.#names.set(name, value)
  }

  get(name: string): Value | undefined {
    const own = this.#names.get(name)
    return own === undefined ? this.#around?.get(name) : own
  }

  set(name: string, value: Value): void {
    this.#names.set(name, value)
  }

  own(): IterableIterator<[string, Value]> {
    return this.#names.entries()
  }

  copied(): Scope {
    return new Scope(new Scope(this.#outermost(), this.#inner()))
  }

  #outermost(): Scope {
    return this.#around === undefined ? this : this.#around.#outermost()
  }

  #inner(): [string, Value][] {
    if (this.#around === undefined) return []
    return [...new Map([...this.#around.#inner(), ...this.#names])]
  }
}

export class OutermostScope extends Scope {
  readonly #find: FindName

  constructor(names: Iterable<readonly [string, Value]>, find: FindName) {
    super(undefined, names)
    this.#find = find
  }

  override get(name: string): Value | undefined {
    const found = this.#find(name)
    return found === undefined ? super.get(name) : found
  }
}

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

// `cycler(a, b)`: one after the other, round and round.
class Cycler extends Thing {
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

// A `joiner`: nothing at the first call, its separator at every other one.
function joiner(separator: Value) {
  let isFirst = true
  return new Callable('joiner', () => {
    const shown = isFirst ? '' : separator
    isFirst = false
    return shown
  })
}

interface Global {
  readonly signature: string
  readonly run: (given: CallArguments, signature: string, budget: Budget) => Value
}

const GLOBALS: Readonly<Record<string, Global>> = {
  range: {
    signature: 'start stop? step?',
    run: (given, signature) => {
      const [first, second, third] = bound(signature, given)
      const isOne = second === undefined
      return new Range(
        isOne ? 0n : wholeIn(first),
        wholeIn(isOne ? first : second),
        third === undefined ? 1n : wholeIn(third),
      )
    },
  },
  dict: {
    signature: 'pairs? **named',
    run: (given, signature, budget) => {
      const [pairs, named] = bound(signature, given)
      return new Dict([...pairsOf(pairs, budget), ...pairsOf(named, budget)])
    },
  },
  namespace: {
    signature: 'pairs? **named',
    run: (given, signature, budget) => {
      const [pairs, named] = bound(signature, given)
      return new Namespace(
        [...pairsOf(pairs, budget), ...pairsOf(named, budget)].map(([key, value]) => [nameIn(key), value]),
      )
    },
  },
  cycler: { signature: '*items', run: ({ positional }) => new Cycler(positional) },
  joiner: { signature: 'sep?', run: (given, signature) => joiner(bound(signature, given)[0] ?? ', ') },
}

function nameIn(key: Value) {
  if (typeof key === 'string') return key
  throw wrong('a namespace has names for its members')
}

/** What Ansible or Jinja2 has and this renderer refuses, and why: the same template must render the same text tomorrow and elsewhere. */
export const REFUSED_GLOBALS: Readonly<Record<string, string>> = {
  lookup: 'it reads files, programs and services while it renders',
  query: 'it reads files, programs and services while it renders',
  q: 'it reads files, programs and services while it renders',
  now: 'it renders another text at another time',
  lipsum: 'it renders another text each time',
  undef: 'it makes values that are not there',
}

export const GLOBAL_NAMES: readonly string[] = Object.keys(GLOBALS)

export function globalSignature(name: string): string | undefined {
  return Object.hasOwn(GLOBALS, name) ? GLOBALS[name]?.signature : undefined
}

export function globalNames(budget: Budget): [string, Value][] {
  const calls = Object.entries(GLOBALS).map(([name, { signature, run }]): [string, Value] => [
    name,
    new Callable(name, (given) => run(given, signature, budget)),
  ])
  const refusals = Object.entries(REFUSED_GLOBALS).map(([name, why]): [string, Value] => [
    name,
    new Callable(name, () => {
      throw refusedCall(name, why)
    }),
  ])
  return [...calls, ...refusals]
}

/** The fault of a call that Ansible or Jinja2 has and this renderer refuses. */
export function refusedCall(name: string, why: string): TemplateFault {
  return refused(`\`${name}\` is not rendered here: ${why}`, 'give the value as a parameter')
}
