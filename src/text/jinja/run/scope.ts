import type { Value } from '../value/value.ts'

/** Finds the value of a name when it is asked for; undefined where there is none. */
export type FindName = (name: string) => Value | undefined

/** The names that a part of a template sees: its own, and those around it. */
export class Scope {
  readonly #names = new Map<string, Value>()
  readonly #around: Scope | undefined

  constructor(around?: Scope, names: Iterable<readonly [string, Value]> = []) {
    this.#around = around
    for (const [name, value] of names) this.#names.set(name, value)
  }

  /** The value of a name; undefined where nobody has given it one. */
  get(name: string): Value | undefined {
    const own = this.#names.get(name)
    return own === undefined ? this.#around?.get(name) : own
  }

  /** Gives a name a value here; what is around keeps its own. */
  set(name: string, value: Value): void {
    this.#names.set(name, value)
  }

  /** The names of this scope alone. */
  own(): IterableIterator<[string, Value]> {
    return this.#names.entries()
  }

  /** A scope for a template that is taken in here: it sees all that is seen here now, and gives names to itself alone. */
  copied(): Scope {
    return new Scope(new Scope(this.#outermost(), this.#inner()))
  }

  #outermost(): Scope {
    return this.#around === undefined ? this : this.#around.#outermost()
  }

  /** The names that are seen here, of all scopes but the outermost. */
  #inner(): [string, Value][] {
    if (this.#around === undefined) return []
    return [...new Map([...this.#around.#inner(), ...this.#names])]
  }
}

/** The names around a whole template: some of them have a value only when it is asked for. */
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
