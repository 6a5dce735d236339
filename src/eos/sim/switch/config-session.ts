import type { Command } from '../../../model/command.ts'
import type { ConfigTree } from '../../config/text/tree.ts'

/** Who acts on a switch, as its log prints it: `User admin ... on command-api (127.0.0.1)`. */
export interface Actor {
  readonly user: string
  readonly from: string
}

/**
 * One config session: a snapshot of running-config at its creation and what was typed since (docs/eos.md 2.3).
 * `armed` is committed under a running commit timer, whatever the version's JSON calls it.
 */
export interface ConfigSession {
  readonly name: string
  readonly state: 'pending' | 'armed' | 'completed' | 'aborted'
  readonly candidate: ConfigTree
  /** The lines in the order they were typed: what a merge on commit plays into the running-config of that moment. */
  readonly typed: readonly Command[]
  readonly openedBy: string
  /** Milliseconds since the epoch. */
  readonly openedAt: number
  /** Who committed or aborted it; empty while pending. */
  readonly closedBy: string
  /** Milliseconds since the epoch of the commit or the abort. */
  readonly closedAt?: number
}

/** A running commit timer. Only one can run on a switch. */
export interface CommitTimer {
  readonly session: string
  /** Milliseconds since the epoch at which the switch puts `before` back. */
  readonly deadline: number
  /** The running-config before the commit. */
  readonly before: ConfigTree
}
