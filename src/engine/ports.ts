import type { Fleet } from '../device/transport.ts'
import type { JournalEvent } from '../journal/event.ts'
import type { Artefacts, Journal } from '../journal/journal.ts'
import type { Clock } from '../model/clock.ts'
import type { Json } from '../model/json.ts'
import type { Random } from '../model/random.ts'
import type { Plan } from '../plan/plan.ts'
import type { CheckPort, DeviceEvidence, RenderedChange } from '../task/context.ts'
import type { TaskState } from '../workflow/machine.ts'
import type { Ledger } from './ledger.ts'

/** One attempt of one task. */
export interface TaskCall {
  readonly path: string
  readonly state: TaskState
  readonly attempt: number
  readonly arguments: Json
  readonly devices: readonly string[]
  /** Whether an earlier attempt was begun and nobody knows how it went: a write asks the switch before it acts. */
  readonly recover: boolean
  /** What an outside system answers with, for a state that waits for it. */
  readonly token: string | undefined
  /** Aborted when the task is to end at its next safe point. */
  readonly signal: AbortSignal
}

/** What a task came to. `submitted`: an outside system will answer with the token. `waiting`: a person has to decide about a plan. */
export type TaskAnswer =
  | { readonly answer: 'done'; readonly output: Json }
  | { readonly answer: 'submitted'; readonly output?: Json }
  | { readonly answer: 'waiting'; readonly plan: string }

/** A write that has been begun, as its undo sees it. `result` is absent when nobody knows whether it was done. */
export interface BegunWrite {
  readonly path: string
  readonly state: TaskState
  readonly arguments: Json
  /** What the state was given. */
  readonly input: Json
  readonly result?: Json
  readonly devices: readonly string[]
}

/** The tasks that a machine's states call. Every function rejects with EosflowError; its `fault` is what Retry and Catch see. */
export interface TaskPort {
  run(call: TaskCall): Promise<TaskAnswer>
  /** Puts one switch back and puts on record where it ended (`UndoFinished`). */
  rollBack(device: string, signal: AbortSignal): Promise<void>
  /** Makes the call that takes a write back, for writes whose undo is a task. */
  takeBack(write: BegunWrite, signal: AbortSignal): Promise<void>
}

/** What others have sent to an execution: answers to its task tokens, and the word to stop. */
export interface Inbox {
  /** Resolves with what was sent about these token digests, in order, as soon as there is anything new after journal position `after`; rejects with the signal's reason. */
  wait(tokens: readonly string[], after: number, signal: AbortSignal): Promise<readonly JournalEvent[]>
  /** The token of one attempt and its digest. The same arguments give the same token. */
  token(execution: string, key: string): { readonly token: string; readonly digest: string }
}

/** Everything the engine reaches the world through. */
export interface EnginePorts {
  readonly journal: Journal
  readonly clock: Clock
  readonly random: Random
  readonly inbox: Inbox
  /** The tasks of one execution, on its ledger. */
  tasks(ledger: Ledger): TaskPort
}

/** The change as the project's files give it, now. */
export interface Planning {
  /** Renders the change of one switch. Throws `stale` when the workflow's files are not those the execution began with. */
  render(device: string): Promise<RenderedChange>
  /** Settles the plan. Throws `guard` when the change may not be made at all. */
  make(evidence: readonly DeviceEvidence[]): Plan
  /** The key of every digest over raw switch text. */
  readonly key: string
}

/** How an approval stands. */
export type ApprovalStanding =
  | { readonly status: 'approved'; readonly nonce: string }
  | { readonly status: 'missing' | 'rejected' | 'expired' | 'used' | 'tampered'; readonly reason: string }

/** Decisions about plan digests. */
export interface Approvals {
  /** Judges what is on record for a digest, as of now. */
  judge(digest: string, execution: string): Promise<ApprovalStanding>
  /** Asks whoever is there and puts the answer on record. `why`: why none of the decisions on record will do. */
  ask(plan: Plan, why: string): Promise<'decided' | 'nobody'>
}

/** What the built-in tasks of a change reach the world through. */
export interface ChangePorts {
  readonly texts: Artefacts
  readonly clock: Clock
  readonly random: Random
  readonly fleet: Fleet
  readonly planning: Planning
  readonly checks: CheckPort
  readonly approvals: Approvals
}
