import type { Place } from '../../../model/problem.ts'
import type { PathPattern } from './pattern.ts'

/** What must hold of the configuration of each switch that it is for, block by block. */
export interface Invariant {
  readonly name: string
  /** A selector of switches; absent: all. */
  readonly on?: { readonly expression: string; readonly at: Place }
  /** The blocks that are judged: those that are as one of these says. */
  readonly each: readonly PathPattern[]
  /** Lines that a block must have to be judged; each way to find all of them is judged for itself, by its values. */
  readonly where: readonly PathPattern[]
  /** Lines of which a block must have none to be judged; of each list it must lack one. */
  readonly unless: readonly (readonly PathPattern[])[]
  /** Lines that it must have: one of each list. */
  readonly must: readonly (readonly PathPattern[])[]
  /** Lines that it must not have. */
  readonly mustNot: readonly PathPattern[]
  /** Lines that it must keep where it has them, as long as it is there. */
  readonly keep: readonly PathPattern[]
  readonly because: string
  /** Where its name is written. */
  readonly at: Place
}

/** A configuration, and which invariants it breaks; `before` is what is changed to it. */
export interface InvariantTest {
  readonly name: string
  readonly before?: string
  readonly config: string
  readonly breaks: readonly string[]
  readonly at: Place
}

/** What one file says. */
export interface InvariantFile {
  readonly invariants: readonly Invariant[]
  readonly tests: readonly InvariantTest[]
}
