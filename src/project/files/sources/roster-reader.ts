import type { Roster } from '../../../change/roster/hosts/roster.ts'
import type { Place, Problem, ValueOrProblems } from '../../../model/problem.ts'
import type { Tree } from '../../../text/source/tree.ts'

export interface RosterSource {
  readonly tree: Tree
  readonly paths: readonly string[]
  /** Throws an Error that says why it cannot. */
  readonly open?: (envelope: string, at: Place) => string
}

export interface ReadRoster {
  readonly roster: Roster
  readonly notes: readonly Problem[]
}

export type RosterReader = (source: RosterSource) => ValueOrProblems<ReadRoster>
