import type { Command } from '../../../model/command.ts'
import type { ConfigTree } from '../../config/text/tree.ts'

export interface Actor {
  readonly user: string
  readonly from: string
}

/** One config session: a snapshot of running-config at its creation and what was typed since (docs/eos.md 2.3). */
export interface ConfigSession {
  readonly name: string
  readonly state: 'pending' | 'armed' | 'completed' | 'aborted'
  readonly candidate: ConfigTree
  /** The lines in the order they were typed: what a merge on commit plays into the running-config of that moment. */
  readonly typed: readonly Command[]
  readonly openedBy: string
  /** Milliseconds since the epoch. */
  readonly openedAt: number
  readonly closedBy: string
  /** Milliseconds since the epoch of the commit or the abort. */
  readonly closedAt?: number
}

export interface CommitTimer {
  readonly session: string
  /** Milliseconds since the epoch at which the switch puts `before` back. */
  readonly deadline: number
  readonly before: ConfigTree
}
