import type { PlanRun } from '../../../model/plan-run.ts'
import type { Principal } from '../../../model/principal.ts'
import type { Cursor } from '../event/cursor.ts'
import type { JournalEvent } from '../event/event.ts'
import type { TypesRead } from '../event/of-type.ts'
import type { ScheduleRecord } from '../event/schedule.ts'
import type { ChainPoint } from '../seal/chain.ts'
import type { FreezeRecord } from './freeze.ts'
import type { Artefacts, Journal } from './journal.ts'

/** What of a principal names it on a record. */
export type Actor = Pick<Principal, 'issuer' | 'id' | 'auth'>

/** One line of the list of executions. */
export interface ExecutionSummary {
  readonly id: string
  readonly first: JournalEvent
  readonly last: JournalEvent
}

/** Which executions a page of the list has. */
export interface ExecutionPage {
  /** At most so many; all where it is absent. */
  readonly limit?: number
  /** Those that began before this execution; from the newest on where it is absent. */
  readonly before?: string
  /** Only those that have not ended: what that costs depends on how many those are, not on the history. */
  readonly open?: boolean
  /** Whoever asks will ask again: what is read is kept for that. */
  readonly again?: boolean
}

/** An execution that has not ended. */
export interface OpenExecution {
  readonly id: string
  /** Whether it has announced an act for which it needs the lease of a switch: without one it has touched none. */
  readonly hasActed: boolean
}

/** The execution that a person has named: by its id, the beginning of it, or `@latest`. */
export type ResolvedExecution =
  | { readonly found: 'one'; readonly id: string }
  | { readonly found: 'none' }
  | { readonly found: 'several'; readonly ids: readonly string[] }

/** That the approvals of a plan have carried to one that was made again of it. */
export type RecordedCarry = JournalEvent & { readonly type: 'ApprovalCarried' }

/** An `ApprovalDecided` as it is in the store. */
export interface RecordedDecision {
  readonly event: JournalEvent & { readonly type: 'ApprovalDecided' }
  /** Whether every record from the plan's first mention up to the head still verifies. */
  readonly verified: boolean
}

/** Which execution used which approval. */
export interface RecordedUse {
  readonly nonce: string
  readonly execution: string | undefined
}

/** That an execution has made a plan, as it is in the store. */
export type PlanRecord = JournalEvent & { readonly type: 'PlanMade' }

/** Files of a project that were published, as it is in the store. */
export type BundleRecord = JournalEvent & { readonly type: 'BundlePublished' }

/** An answer to a task token, as it is in the store. */
export type Signal = JournalEvent & { readonly type: 'SignalSent' }

/** The request that an execution stops, as it is in the store. */
export type StopRequest = JournalEvent & { readonly type: 'StopRequested' }

/** The word that an execution is to rest, as it is in the store. */
export type SuspendRequest = JournalEvent & { readonly type: 'SuspendRequested' }

/** A policy that came into force, or was retired, as it is in the store. */
export type PolicyRecord = JournalEvent & { readonly type: 'PolicyLoaded' | 'PolicyRetired' }

/** That a backup was put into the place of the store, as it is in the store. */
export type Restoration = JournalEvent & { readonly type: 'StoreRestored' }

/** The newest point of the chain. */
export interface StoreHead extends ChainPoint {
  /**
   * The highest wall time on any record, ISO 8601 in UTC: a clock that was set back does not revive an approval. Where somebody has
   * accepted a clock (`ClockAccepted`), of that record and those behind it.
   */
  readonly latest: string | undefined
}

/** Records in the order in which they were written, and where to go on from. */
export interface Tail {
  readonly events: readonly JournalEvent[]
  readonly cursor: Cursor
}

/**
 * The journal and the artefacts of a project, and the questions that commands ask of them. Reads verify the records
 * they give, their order and the head; what does not verify throws BrokenChainError (kind `store`).
 */
export interface Store extends Artefacts {
  /** Names this store among all others: what its chain begins with, and what approvals are for. */
  readonly id: string
  /** Another text than before once anybody but this process's own connection may have written. Absent: that is not known. */
  foreignWrites?(): string
  /** The journal as somebody writes it: what is appended there names them. One store writes for everybody who has asked for something. */
  as(actor: Actor): Journal
  /**
   * The events of one execution, in order: all of them, or those of some types. Either way all of its records are verified. Throws `store` when the chain does
   * not verify, and where one that is read was written by a newer eosflow.
   */
  read(execution: string, types?: TypesRead): Promise<readonly JournalEvent[]>
  /** Whether any record here is about this plan digest. */
  knowsPlan(digest: string): Promise<boolean>
  /** The newest record that a plan of this digest was made here, or of those that have this member; a plan from elsewhere has none. */
  planMade(digest: string, member?: 'candidates'): Promise<PlanRecord | undefined>
  /** Executions, newest first. */
  executions(page?: ExecutionPage): Promise<readonly ExecutionSummary[]>
  /** The executions that have not ended, newest first: what it costs depends on how many those are, not on the history. */
  openExecutions(): Promise<readonly OpenExecution[]>
  /** The ids of all executions, or of at most so many, newest first; their records are not looked at. */
  executionIds(most?: number): Promise<readonly string[]>
  /** Finds an execution by its id, by a prefix that only it has, or by `@latest`: the newest that changed a switch or tried to. */
  resolveExecution(word: string): Promise<ResolvedExecution>
  /** How the execution began that somebody asked for under this key. */
  requested(key: string): Promise<(JournalEvent & { readonly type: 'ExecutionStarted' }) | undefined>
  /**
   * All decisions about a plan digest, in order. Throws BrokenChainError when one can no longer be read. With `toSend` a store in a file, which anybody may
   * have altered who can write there, throws `store` where what holds changes back is gone or hidden.
   */
  approvals(plan: string, toSend?: 'toSend'): Promise<readonly RecordedDecision[]>
  /** To which plans the approvals of this one have carried, in order. Throws BrokenChainError when that can no longer be read. `toSend`: as of its decisions. */
  carried(plan: string, toSend?: 'toSend'): Promise<readonly RecordedCarry[]>
  /** Which executions used an approval of this plan digest. */
  approvalUses(plan: string): Promise<readonly RecordedUse[]>
  /** The executions that have this plan and were begun to send it, in the order in which they began. */
  planRuns(plan: string): Promise<readonly PlanRun[]>
  /** Every `SnapshotTaken`, newest first. */
  snapshots(): Promise<readonly (JournalEvent & { readonly type: 'SnapshotTaken' })[]>
  /** Every `BundlePublished`, newest first; at most `limit` where that is given. Each judgement of a worker asks for the newest. */
  bundles(limit?: number): Promise<readonly BundleRecord[]>
  /** The newest logins, clocks that were accepted, decisions about plans, or requests that people approve one, newest first, at most `limit`. Requests of executions themselves are none. */
  newestOf<
    Type extends 'ApprovalDecided' | 'ApprovalRequested' | 'ClockAccepted' | 'FreezeEnded' | 'FreezeSet' | 'LoggedIn',
  >(type: Type, limit: number): Promise<readonly (JournalEvent & { readonly type: Type })[]>
  /** The newest record that the store was restored from a backup. */
  restored(): Promise<Restoration | undefined>
  /**
   * The freezes in force at a time, ISO 8601 in UTC, in the order in which they were set. While there is one, `append` refuses the start
   * and the redrive of a change, and the first timed commit of an execution, with `window-closed` (docs/adr/0059-a-freeze.md).
   */
  freezes(at: string): Promise<readonly FreezeRecord[]>
  /** What is known of every schedule, in order: its changes, its last occurrence, and the newest of its other records. */
  schedules(): Promise<readonly ScheduleRecord[]>
  /** The newest record of a policy that came into force here, or was retired. */
  policySeen(): Promise<PolicyRecord | undefined>
  /**
   * What was written behind a cursor, of all executions and of none: at most a thousand records, and the cursor behind them. Without
   * `after` nothing, and the cursor behind the newest record.
   */
  tail(after?: Cursor): Promise<Tail>
  /**
   * Every answer to one of these token digests behind a cursor, in order. None of them is judged: one that
   * comes late, or as a second one, is there like any other.
   */
  signals(tokens: readonly string[], after: Cursor): Promise<readonly Signal[]>
  /** The newest word behind a cursor that this execution is to stop. */
  stopRequest(execution: string, after: Cursor): Promise<StopRequest | undefined>
  /** The newest word behind a cursor that this execution is to rest. */
  suspendRequest(execution: string, after: Cursor): Promise<SuspendRequest | undefined>
  /** The newest point of the chain, against its seal. */
  head(): Promise<StoreHead>
  /**
   * Verifies the chain from record `from` (default 1) to the head and returns the head; from the first record on, all that is kept beside
   * the chain, too. Throws BrokenChainError at the first fault, and `store` where the file is damaged.
   */
  verifyChain(from?: number): Promise<StoreHead>
  close(): Promise<void>
}
