import type { JudgeAnswer } from '../../eos/check/judge/judge-reading.ts'
import type { Fleet } from '../../eos/device/transport.ts'
import type { ArmTerms } from '../../model/arm-terms.ts'
import type { AroundSpec, SecretSpec, TicketSpec } from '../../model/around.ts'
import type { Clock } from '../../model/clock.ts'
import type { CloudVisionPort } from '../../model/cloudvision.ts'
import type { HttpPort } from '../../model/http-port.ts'
import type { Json } from '../../model/json.ts'
import type { JudgeSpec } from '../../model/judge.ts'
import type { LazyMap } from '../../model/lazy-value.ts'
import type { Principal } from '../../model/principal.ts'
import type { ProbeSpec } from '../../model/probe.ts'
import type { Random } from '../../model/random.ts'
import type { JudgedEvidence } from '../plan/comparison.ts'
import type { IntendedLines } from '../plan/intended.ts'
import type { LeftOutSwitch } from '../plan/left-out-switch.ts'
import type { Plan } from '../plan/plan.ts'
import type { QuestionPlaces } from '../plan/question-places.ts'
import type { ApprovalJudgement, ApprovalStage, ShownChange } from '../policy/approval-case.ts'
import type { JournalEvent } from '../record/event/event.ts'
import type { TypesRead } from '../record/event/of-type.ts'
import type { Room } from '../record/room.ts'
import type { Artefacts, Journal } from '../record/store/journal.ts'
import type { CheckPort, NeighborEvidence } from '../task/act/context.ts'
import type { AnsweredCount, Pulse } from '../task/act/pulse.ts'
import type { RenderedChange } from '../task/act/rendered-change.ts'
import type { TaskState } from '../workflow/machine/machine.ts'
import type { Authority } from './authority.ts'
import type { Ledger } from './ledger.ts'
import type { ExecutionState } from './state.ts'

/** One attempt of one task. */
export interface TaskCall {
  readonly path: string
  readonly state: TaskState
  readonly attempt: number
  /** The visit of the state that this attempt belongs to: the same for every attempt of it, never used again. */
  readonly visit: number
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
  /** What the call that takes it back is given. */
  readonly arguments: Json
  /** What the state was given. */
  readonly input: Json
  readonly result?: Json
  readonly devices: readonly string[]
  /** The visit of the state that wrote. */
  readonly visit: number
  /** Whether taking it back was begun before and nobody knows how that went. */
  readonly recover: boolean
}

/** The tasks that a machine's states call. Every function rejects with EosflowError; its `fault` is what Retry and Catch see. */
export interface TaskPort {
  run(call: TaskCall): Promise<TaskAnswer>
  /** Puts one switch back and puts on record where it ended (`UndoFinished`). */
  rollBack(device: string, signal: AbortSignal): Promise<void>
  /** Reads the network of a switch that was put back until it is as before, and puts on record what it is (`NetworkRead`). */
  readNetwork(device: string, signal: AbortSignal): Promise<void>
  /** Ends at other services what was begun there around the change, and tells them how it ended (`AroundActed`). */
  endAround(signal: AbortSignal): Promise<void>
  /** Puts on record what was measured of the pairs that are probed (`ProbesMeasured`), and asks no more. */
  endProbes(): Promise<void>
  /** Ends what goes on beside the tasks. `isOrderly`: the execution rests, or has ended; else its journal may not be written. */
  rest(isOrderly: boolean): Promise<void>
  /** Makes the call that takes a write back, for writes whose undo is a task. */
  takeBack(write: BegunWrite, signal: AbortSignal): Promise<void>
}

/** A task token that is waited for: its digest, and the journal position since which an answer counts. */
export interface AwaitedToken {
  readonly digest: string
  readonly since: number
}

/** What outside systems send to an execution about its task tokens. */
export interface Inbox {
  /** Resolves with the `SignalSent` events about these tokens, in order, as soon as there is one; rejects with the signal's reason. */
  wait(tokens: readonly AwaitedToken[], signal: AbortSignal): Promise<readonly JournalEvent[]>
  /** Whether somebody stays to hear the answers; else the execution rests until it is resumed. */
  readonly isAttended: boolean
  /** The token of one attempt and its digest. The same arguments give the same token. */
  token(execution: string, key: string): { readonly token: string; readonly digest: string }
}

/** Everything the engine reaches the world through. */
export interface EnginePorts {
  readonly journal: Journal
  /** The journal's room. */
  readonly room: Room
  readonly clock: Clock
  readonly random: Random
  readonly inbox: Inbox
  /** Who says what the states may do. Absent: there is nobody to ask, and everything is allowed. */
  readonly authority?: Authority
  /** All switches of the inventory, for the expressions of states. */
  readonly fabric?: LazyMap
  /** The tasks of one execution, on its ledger. */
  tasks(ledger: Ledger): TaskPort
}

/** The change as the project's files give it, now. */
export interface Planner {
  /** Renders the change of one switch. Throws `stale` when the workflow's files are not those the execution began with. */
  render(device: string): Promise<RenderedChange>
  /** Settles the plan, for the switches that answered. Throws `unreachable` when too many did not; `guard` when the change may not be made at all; `not-authorised` where a gate denies it. */
  make(
    evidence: readonly JudgedEvidence[],
    neighbors?: readonly NeighborEvidence[],
    leftOut?: readonly LeftOutSwitch[],
  ): Promise<Plan>
  /** What is on record of the lines that these switches were meant to have, by name; empty where the change takes one back that was made. */
  intended(devices: readonly string[]): Promise<ReadonlyMap<string, IntendedLines>>
  /** Which execution of this store has confirmed another running-config of a switch since a time (ISO 8601), in words; undefined where none has. Absent: nobody knows. */
  changedSince?(device: string, since: string, running: string): Promise<string | undefined>
  /** Where the questions of the verification are written. Throws `stale` as {@link Planner.render}. Absent: nobody knows. */
  readonly askedAt?: () => QuestionPlaces
  /** Whether switches are asked what is behind what changes. Absent: they are not. */
  readonly behind?: boolean
  /** Whether the change takes back one that was made. */
  readonly takesBack?: boolean
  /** The key of every digest over raw switch text. */
  readonly key: string
  /** Takes known secrets out of what a plan shows; without it nothing is known. */
  readonly scrub?: (text: string) => string
}

/** What is asked about the approval of a plan. */
export interface ApprovalQuestion {
  readonly moment: ApprovalStage
  /** The plan that the execution is bound to, and the digest of the one that is stored. */
  readonly plan: Plan
  readonly recomputed: string
  readonly execution: string
  /** Who has started the execution. */
  readonly starter: Principal | undefined
  /** Whether the workflow itself asks for an approval. */
  readonly isAsked: boolean
  /** What a switch shows right before its timed commit. */
  readonly change?: ShownChange
}

/** Decisions about plan digests. */
export interface Approvals {
  /** Judges what is on record for a plan, as of now. `decided`: by how many decisions. */
  judge(question: ApprovalQuestion): Promise<ApprovalJudgement & { readonly decided?: number }>
  /** Asks whoever is there, until the signal is aborted, and puts the answer on record. `why`: why none of the decisions on record will do. */
  ask(plan: Plan, why: string, signal: AbortSignal): Promise<'decided' | 'nobody'>
}

/** Outside judges, and what asks them. */
export interface AskedJudges {
  readonly specs: readonly JudgeSpec[]
  /** Why none is asked here: they are only simulated switches that are judged. Absent: they are. */
  readonly unasked?: string
  /** Asks one, once, whatever becomes of who wants to know; it takes ten seconds at most. Throws EosflowError where nothing was heard. */
  ask(judge: JudgeSpec): Promise<JudgeAnswer>
}

/** What an act at another service is known by there. */
export interface AroundMark {
  readonly execution: string
  /** No other entry, and no other run of the execution, has the same. */
  readonly key: string
}

/** The services that are asked around a change, and hear of it. Every function rejects with EosflowError; each request has a time limit. */
export interface AroundPort {
  /** Whether a ticket, or the pending secret that the change puts onto switches, allows the change now, and what is said of it. */
  ask(spec: TicketSpec | SecretSpec): Promise<{ readonly allows: boolean; readonly said: string }>
  /** Does once what is to be there before the first push; gives what the service calls it. */
  begin(spec: AroundSpec, mark: AroundMark): Promise<string>
  /** Finds what was begun with this mark; undefined where there is nothing. */
  find(spec: AroundSpec, mark: AroundMark): Promise<string | undefined>
  /**
   * Ends what was begun, or says how the change ended; may be called again, and looks first at what is there. `isInDoubt`: more may have been begun than
   * `id` names. Gives what was read of it in a few words.
   */
  end(
    spec: AroundSpec,
    mark: AroundMark & { readonly id?: string; readonly isInDoubt: boolean },
    execution: ExecutionState,
  ): Promise<string>
}

/** The budgets of switches that may be under change at once, in all executions of the store. */
export interface BudgetPort {
  /**
   * Resolves once this execution has the shares of all these switches, which are under change together, or where no budget counts them: on record, with
   * their leases. A full budget is waited for. Throws `busy` where it is not, and `stale` where they are more than a budget allows.
   */
  take(
    ledger: Ledger,
    wanted: { readonly devices: readonly string[]; readonly seconds: number; readonly signal: AbortSignal },
  ): Promise<void>
}

/** What the built-in tasks of a change reach the world through. */
export interface ChangePorts {
  readonly texts: Artefacts
  /** The room that must be there before a switch is changed. */
  readonly room: Room
  readonly clock: Clock
  readonly random: Random
  readonly fleet: Fleet
  readonly http: HttpPort
  readonly planning: Planner
  readonly checks: CheckPort
  /** The pairs that are asked while the change is in force; absent where there is none. */
  readonly probes?: readonly ProbeSpec[]
  /** The outside judges of the change; absent where there is none. */
  readonly judges?: AskedJudges
  /** The services that are asked around the change, and hear of it. Absent: none is asked, and none hears. */
  readonly around?: AroundPort
  readonly approvals: Approvals
  /** The plan that was read already when the execution was taken up, proven intact. Absent: there was none. */
  readonly settled?: Plan
  /** Every switch of the inventory, by name: those beside the change may be read. Absent: there are no others. */
  readonly inventory?: readonly string[]
  /** Who says which of them may be. Absent: all of them. */
  readonly authority?: Authority
  /** What is demanded before a switch is armed. Absent: what holds without settings. */
  readonly armTerms?: ArmTerms
  /** Another execution that holds a switch now. Absent: nobody knows. */
  readonly heldBy?: (device: string) => Promise<string | undefined>
  /** Takes the shares of budgets under which switches are changed. Absent: no switch counts under one. */
  readonly budgets?: BudgetPort
  /** CloudVision, which may change the same switches. Absent: the settings name none. */
  readonly cloudVision?: CloudVisionPort
  /** Hears what is known while nothing comes onto the record. Absent: nobody listens. */
  readonly pulse?: (note: Pulse) => void
  /** Hears how many switches of a step have answered. Absent: nobody listens. */
  readonly answered?: (count: AnsweredCount) => void
  /** The ids of all executions of the store, or of at most so many, newest first. */
  executionIds(most?: number): Promise<readonly string[]>
  /** The events of one of them, or those of some types: all of its records are verified. Throws `store` when they are not as they were written. */
  readExecution(execution: string, types?: TypesRead): Promise<readonly JournalEvent[]>
}
