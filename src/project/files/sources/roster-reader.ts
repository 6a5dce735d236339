import type { Roster } from '../../../change/roster/hosts/roster.ts'
import type { Place, Problem, ValueOrProblems } from '../../../model/problem.ts'
import type { Tree } from '../../../text/source/tree.ts'

/** What an inventory of another tool is read from. */
export interface RosterSource {
  readonly tree: Tree
  readonly paths: readonly string[]
  /** Opens a file that is encrypted as a whole. Throws an Error that says why it cannot. */
  readonly open?: (envelope: string, at: Place) => string
}

/** A roster, and what is odd in it though it can be read. */
export interface ReadRoster {
  readonly roster: Roster
  readonly notes: readonly Problem[]
}

/** Reads an inventory of one kind. */
export type RosterReader = (source: RosterSource) => ValueOrProblems<ReadRoster>
