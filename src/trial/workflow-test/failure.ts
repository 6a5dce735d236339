import type { Place } from '../../model/problem.ts'

/** One expectation that does not hold. */
export interface Failure {
  /** Where the expectation is written. */
  readonly at: Place
  /** What it is about: `outcome`, `running of leaf1`. */
  readonly what: string
  /** One line or more. */
  readonly expected: string
  readonly actual: string
  /** What differs, line by line, its sign in the first column: `-` expected, `+` actual. */
  readonly diff?: readonly string[]
}
