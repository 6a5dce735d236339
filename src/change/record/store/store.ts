import type { PlanRun } from '../../../model/plan-run.ts'
import type { Principal } from '../../../model/principal.ts'
import type { Cursor } from '../event/cursor.ts'
import type { EventOf, JournalEvent } from '../event/event.ts'
import type { TypesRead } from '../event/record-text.ts'
import type { ScheduleRecord } from '../event/schedule.ts'
import type { ChainPoint } from '../seal/chain.ts'
import type { FreezeRecord } from './freeze.ts'
import type { Artefacts, Journal } from './journal.ts'

export type Actor = Pick<Principal, 'issuer' | 'id' | 'auth'>

export interface ExecutionSummary {
  readonly id: string
  readonly first: JournalEvent
  readonly last: JournalEvent
}

export interface ExecutionPage {
  readonly limit?: number
  /** Those that began before this execution; from the newest on where it is absent. */
  readonly before?: string
  readonly open?: boolean
  readonly again?: boolean
}

export interface OpenExecution {
  readonly id: string
  readonly hasActed: boolean
}

export type ResolvedExecution =
  | { readonly found: 'one'; readonly id: string }
  | { readonly found: 'none' }
  | { readonly found: 'several'; readonly ids: readonly string[] }

export type RecordedCarry = EventOf<'ApprovalCarried'>

export interface RecordedDecision {
  readonly event: EventOf<'ApprovalDecided'>
  readonly verified: boolean
}

export interface RecordedUse {
  readonly nonce: string
  readonly execution: string | undefined
}

export type PlanRecord = EventOf<'PlanMade'>

export type BundleRecord = EventOf<'BundlePublished'>

export type Signal = EventOf<'SignalSent'>

export type StopRequest = EventOf<'StopRequested'>

export type SuspendRequest = EventOf<'SuspendRequested'>

export type PolicyRecord = EventOf<'PolicyLoaded' | 'PolicyRetired'>

export type Restoration = EventOf<'StoreRestored'>

export interface StoreHead extends ChainPoint {
  /**
   * The highest wall time on any record, ISO 8601 in UTC: a clock that was set back does not revive an approval. Where somebody has
   * accepted a clock (`ClockAccepted`), of that record and those behind it.
   */
  readonly latest: string | undefined
}

export interface Tail {
  readonly events: readonly JournalEvent[]
  readonly cursor: Cursor
}

export interface Store extends Artefacts {
  readonly id: string
  /** Another text than before once anybody but this process's own connection may have written. */
  foreignWrites?(): string
  as(actor: Actor): Journal
  /** Throws `store` when the chain does not verify, and where one that is read was written by a newer eosflow. */
  read(execution: string, types?: TypesRead): Promise<readonly JournalEvent[]>
  knowsPlan(digest: string): Promise<boolean>
  planMade(digest: string, member?: 'candidates'): Promise<PlanRecord | undefined>
  /** Executions, newest first. */
  executions(page?: ExecutionPage): Promise<readonly ExecutionSummary[]>
  /** The executions that have not ended, newest first: what it costs depends on how many those are, not on the history. */
  openExecutions(): Promise<readonly OpenExecution[]>
  /** The ids of all executions, or of at most so many, newest first; their records are not looked at. */
  executionIds(most?: number): Promise<readonly string[]>
  /** Finds an execution by its id, by a prefix that only it has, or by `@latest`: the newest that changed a switch or tried to. */
  resolveExecution(word: string): Promise<ResolvedExecution>
  requested(key: string): Promise<EventOf<'ExecutionStarted'> | undefined>
  /** Throws BrokenChainError when one can no longer be read. With `toSend` a store in a file, which anybody may have altered who can write there, throws `store` where what holds changes back is gone or hidden. */
  approvals(plan: string, toSend?: 'toSend'): Promise<readonly RecordedDecision[]>
  /** Throws BrokenChainError when that can no longer be read. `toSend`: as of its decisions. */
  carried(plan: string, toSend?: 'toSend'): Promise<readonly RecordedCarry[]>
  approvalUses(plan: string): Promise<readonly RecordedUse[]>
  /** The executions that have this plan and were begun to send it, in the order in which they began. */
  planRuns(plan: string): Promise<readonly PlanRun[]>
  /** Every `SnapshotTaken`, newest first. */
  snapshots(): Promise<readonly EventOf<'SnapshotTaken'>[]>
  /** Every `BundlePublished`, newest first; at most `limit` where that is given. */
  bundles(limit?: number): Promise<readonly BundleRecord[]>
  /** The newest logins, clocks that were accepted, decisions about plans, or requests that people approve one, newest first, at most `limit`. */
  newestOf<
    Type extends 'ApprovalDecided' | 'ApprovalRequested' | 'ClockAccepted' | 'FreezeEnded' | 'FreezeSet' | 'LoggedIn',
  >(type: Type, limit: number): Promise<readonly EventOf<Type>[]>
  restored(): Promise<Restoration | undefined>
  /**
   * The freezes in force at a time, ISO 8601 in UTC, in the order in which they were set. While there is one, `append` refuses the start
   * and the redrive of a change, and the first timed commit of an execution, with `window-closed` (docs/adr/0059-a-freeze.md).
   */
  freezes(at: string): Promise<readonly FreezeRecord[]>
  schedules(): Promise<readonly ScheduleRecord[]>
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
  head(): Promise<StoreHead>
  /**
   * Verifies all chains and all that is kept beside them, and returns the head. Throws BrokenChainError at the first fault, and `store` where the file is damaged.
   */
  verifyChain(): Promise<StoreHead>
  close(): Promise<void>
}
