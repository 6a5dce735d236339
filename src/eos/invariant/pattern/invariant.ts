import type { Place } from '../../../model/problem.ts'
import type { PathPattern } from './pattern.ts'

export interface Invariant {
  readonly name: string
  readonly on?: { readonly expression: string; readonly at: Place }
  readonly each: readonly PathPattern[]
  readonly where: readonly PathPattern[]
  readonly unless: readonly (readonly PathPattern[])[]
  readonly must: readonly (readonly PathPattern[])[]
  /** Lines that it must not have. */
  readonly mustNot: readonly PathPattern[]
  readonly keep: readonly PathPattern[]
  readonly because: string
  readonly at: Place
}

export interface InvariantTest {
  readonly name: string
  readonly before?: string
  readonly config: string
  readonly breaks: readonly string[]
  readonly at: Place
}

export interface InvariantFile {
  readonly invariants: readonly Invariant[]
  readonly tests: readonly InvariantTest[]
}
