import type { Place } from '../../model/error.ts'

export interface Failure {
  readonly at: Place
  readonly what: string
  readonly expected: string
  readonly actual: string
  /** What differs, line by line, its sign in the first column: `-` expected, `+` actual. */
  readonly diff?: readonly string[]
}

export interface TestResult {
  readonly testCase: {
    readonly file: string
    readonly name: string
    readonly at: Place
  }
  readonly failures: readonly Failure[]
  readonly milliseconds: number
  readonly wrote?: string
}
