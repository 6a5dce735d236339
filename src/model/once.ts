import type { Place, Problem } from './error.ts'
import type { WrittenKey } from './json.ts'

interface Memory<Key, Made> {
  get(key: Key): Made | undefined
  set(key: Key, made: Made): unknown
}

/** Made once for each key, and known from then on. */
export function keptIn<Key, Made>(known: Memory<Key, Made>, key: Key, make: () => Made): Made {
  const found = known.get(key)
  if (found !== undefined) return found
  const made = make()
  known.set(key, made)
  return made
}

export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

export type LazyValue = LazyScalar | LazyList | LazyMap

export interface LazyScalar {
  readonly kind: 'scalar'
  readonly value: null | boolean | number | bigint | string
  readonly isSecret: boolean
  /** That a number without a fraction is a float: the source writes 1.0. */
  readonly isFloat?: true
  readonly at: Place
}

export interface LazyList {
  readonly kind: 'list'
  readonly length: number
  readonly at: Place
  item(index: number): LazyValue | undefined
}

export interface LazyMap {
  readonly kind: 'map'
  readonly at: Place
  keys(): readonly string[]
  /** A key as its source writes it, which may be a number or a truth; without it, all keys are texts. */
  readonly writtenKey?: (name: string) => WrittenKey
  member(key: string): LazyValue | undefined
}

export class ValueFault extends Error {
  readonly problem: Problem
  /** Whether all that is wrong is a name that nobody has given a value: a template may ask for that, as with `default`. */
  readonly isUndefined: boolean

  constructor(problem: Problem, isUndefined = false) {
    super(problem.message)
    this.problem = problem
    this.isUndefined = isUndefined
  }
}
