import type { Value } from '../value/value.ts'

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
