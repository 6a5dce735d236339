import type { WrittenKey } from './map-keys.ts'
import type { Place, Problem } from './problem.ts'

/**
 * A value that is read step by step: what is not read is not rendered, so it cannot fail. Reading throws {@link ValueFault} where a
 * template in the value cannot be rendered or a vault cannot be opened.
 */
export type LazyValue = LazyScalar | LazyList | LazyMap

/** A value without members. A bigint is a whole number that is larger than JavaScript counts exactly. */
export interface LazyScalar {
  readonly kind: 'scalar'
  readonly value: null | boolean | number | bigint | string
  /** Whether it came out of a vault, or was made of what did. */
  readonly isSecret: boolean
  /** That a number without a fraction is a float: the source writes 1.0. */
  readonly isFloat?: true
  readonly at: Place
}

/** A list whose items are read one by one. */
export interface LazyList {
  readonly kind: 'list'
  readonly length: number
  readonly at: Place
  /** The item of an index from 0; undefined behind the last. */
  item(index: number): LazyValue | undefined
}

/** A mapping whose members are read one by one. */
export interface LazyMap {
  readonly kind: 'map'
  readonly at: Place
  /** The names of the keys in the order of the source. */
  keys(): readonly string[]
  /** A key as its source writes it, which may be a number or a truth; without it, all keys are texts. */
  readonly writtenKey?: (name: string) => WrittenKey
  /** The member of a key; undefined where there is none. */
  member(key: string): LazyValue | undefined
}

/** Ends the reading of a value that cannot be had. Whoever reads values turns it into a Problem of the input. */
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
