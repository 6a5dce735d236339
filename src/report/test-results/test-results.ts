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

/** How one case of a test file went. */
export interface TestResult {
  readonly testCase: {
    /** The test file, by its path from the project's root. */
    readonly file: string
    readonly name: string
    readonly at: Place
  }
  readonly failures: readonly Failure[]
  /** How long it took on the wall. */
  readonly milliseconds: number
  /** The golden plan that it wrote. */
  readonly wrote?: string
}
