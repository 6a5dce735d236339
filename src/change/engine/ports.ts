import type { Fleet } from '../../eos/device/device.ts'
import type { ArmTerms } from '../../model/arm-terms.ts'
import type { AroundSpec, SecretSpec, TicketSpec } from '../../model/around.ts'
import type { Clock, Random } from '../../model/clock.ts'
import type { EosflowError } from '../../model/error.ts'
import type { HttpPort } from '../../model/http-port.ts'
import type { Json } from '../../model/json.ts'
import type { LazyMap } from '../../model/once.ts'
import type { Principal } from '../../model/principal.ts'
import type { ProbeSpec } from '../../model/probe.ts'
import type { QuestionPlaces } from '../plan/definition.ts'
import type { IntendedLines } from '../plan/intended.ts'
import type { LeftOutSwitch } from '../plan/left-out-switch.ts'
import type { Plan } from '../plan/plan.ts'
import type { JudgedEvidence } from '../plan/seal.ts'
import type { ApprovalJudgement, ApprovalStage, ShownChange } from '../policy/approval-case.ts'
import type { DecisionRecord, EventBody, JournalEvent, NotedRecords, RecordOfFeature } from '../record/event/event.ts'
import type { TypesRead } from '../record/event/record-text.ts'
import type { Room } from '../record/room.ts'
import type { Artefacts, Journal } from '../record/store/journal.ts'
import type { CheckPort, NeighborEvidence, OpenFeature } from '../task/act/context.ts'
import type { AnsweredCount, Pulse } from '../task/act/pulse.ts'
import type { RenderedChange } from '../task/act/rendered-change.ts'
import type { TaskState } from '../workflow/machine/machine.ts'
import type { Ledger } from './ledger.ts'
import type { ExecutionState } from './state.ts'

export interface StateStart {
  readonly state: TaskState
  readonly devices: readonly string[]
}

export type Ruling =
  | { readonly effect: 'allow'; readonly decision?: DecisionRecord }
  | {
      readonly effect: 'deny'
      readonly error: EosflowError
      readonly record: Extract<EventBody, { readonly type: 'AccessDenied' }>
    }

/** Rules at once if it has no one to ask. */
export type Authority = (start: StateStart, execution: ExecutionState) => Ruling | Promise<Ruling>

/** Asks each in its order: the first that denies, denies, and no later one is asked. */
export function rulingsInOrder(rulings: readonly Authority[]): Authority {
  return async (start, execution) => {
    let allowed: Ruling = { effect: 'allow' }
    for (const ruling of rulings) {
      const asked = ruling(start, execution)
      const made = asked instanceof Promise ? await asked : asked
      if (made.effect === 'deny') return made
      if (made.decision !== undefined) allowed = made
    }
    return allowed
  }
}

/** Asks before a state's task begins. What takes a change back is never asked about: the push was allowed only together with it. */
export async function requireAllowed(
  authority: Authority | undefined,
  ledger: Ledger,
  path: string,
  start: StateStart,
): Promise<DecisionRecord | undefined> {
  const ruling = await authority?.(start, ledger.state)
  if (ruling?.effect !== 'deny') return ruling?.decision
  const { name } = start.state
  await ledger.append({ ...ruling.record, place: path === '' ? name : `${name} in ${path}` })
  throw ruling.error
}

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
  readonly token: string | undefined
  readonly signal: AbortSignal
}

export type TaskAnswer =
  | { readonly answer: 'done'; readonly output: Json }
  | { readonly answer: 'submitted'; readonly output?: Json }
  | { readonly answer: 'waiting'; readonly plan: string }

export interface BegunWrite {
  readonly path: string
  readonly state: TaskState
  readonly arguments: Json
  readonly input: Json
  readonly result?: Json
  readonly devices: readonly string[]
  readonly visit: number
  /** Whether taking it back was begun before and nobody knows how that went. */
  readonly recover: boolean
}

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
  /** `isOrderly`: the execution rests, or has ended; else its journal may not be written. */
  rest(isOrderly: boolean): Promise<void>
  takeBack(write: BegunWrite, signal: AbortSignal): Promise<void>
}

/** A task token that is waited for: its digest, and the journal position since which an answer counts. */
export interface AwaitedToken {
  readonly digest: string
  readonly since: number
}

export interface Inbox {
  /** Resolves with the `SignalSent` events about these tokens, in order, as soon as there is one; rejects with the signal's reason. */
  wait(tokens: readonly AwaitedToken[], signal: AbortSignal): Promise<readonly JournalEvent[]>
  readonly isAttended: boolean
  token(execution: string, key: string): { readonly token: string; readonly digest: string }
}

export interface EnginePorts {
  readonly journal: Journal
  readonly room: Room
  readonly clock: Clock
  readonly random: Random
  readonly inbox: Inbox
  readonly authority?: Authority
  readonly fabric?: LazyMap
  /** Why an execution that runs may only be restored, from its first turn on: this process cannot keep what its plan or its record demands. */
  readonly unfit?: EosflowError
  tasks(ledger: Ledger): TaskPort
}

export interface Planner {
  /** Throws `stale` when the workflow's files are not those the execution began with. */
  render(device: string): Promise<RenderedChange>
  /** Throws `unreachable` when too many did not; `guard` when the change may not be made at all; `not-authorised` where a gate denies it. */
  make(
    evidence: readonly JudgedEvidence[],
    neighbors?: readonly NeighborEvidence[],
    leftOut?: readonly LeftOutSwitch[],
  ): Promise<Plan>
  /** What is on record of the lines that these switches were meant to have, by name; empty where the change takes one back that was made. */
  intended(devices: readonly string[]): Promise<ReadonlyMap<string, IntendedLines>>
  /** Which execution of this store has confirmed another running-config of a switch since a time (ISO 8601), in words; undefined where none has. */
  changedSince?(device: string, since: string, running: string): Promise<string | undefined>
  /** Throws `stale` as {@link Planner.render}. */
  readonly askedAt?: () => QuestionPlaces
  /** Whether switches are asked what is behind what changes. */
  readonly behind?: boolean
  readonly takesBack?: boolean
  readonly key: string
  readonly scrub?: (text: string) => string
}

export interface ApprovalQuestion {
  readonly moment: ApprovalStage
  readonly plan: Plan
  readonly recomputed: string
  readonly execution: string
  readonly starter: Principal | undefined
  readonly isAsked: boolean
  readonly change?: ShownChange
}

export interface Approvals {
  /** `decided`: by how many decisions. */
  judge(question: ApprovalQuestion): Promise<ApprovalJudgement & { readonly decided?: number }>
  /** `why`: why none of the decisions on record will do. */
  ask(plan: Plan, why: string, signal: AbortSignal): Promise<'decided' | 'nobody'>
}

/** The part of an execution's record that a feature reads and writes. */
export interface FeatureRecord {
  /** The newest of each type that counts for this run. */
  noted(): NotedRecords
  append(event: Extract<EventBody, { readonly type: RecordOfFeature }>): Promise<void>
}

/** A feature that is opened once for an execution in a process. */
export interface OpensFeature {
  readonly name: string
  open(record: FeatureRecord): OpenFeature
  /** By which it is waited for: that of the services it asks. */
  readonly clock: Pick<Clock, 'sleep'>
}

export interface AroundMark {
  readonly execution: string
  readonly key: string
}

export interface AroundPort {
  /** Whether a ticket, or the pending secret that the change puts onto switches, allows the change now, and what is said of it. */
  ask(spec: TicketSpec | SecretSpec): Promise<{ readonly allows: boolean; readonly said: string }>
  /** Does once what is to be there before the first push; gives what the service calls it. */
  begin(spec: AroundSpec, mark: AroundMark): Promise<string>
  /** Finds what was begun with this mark; undefined where there is nothing. */
  find(spec: AroundSpec, mark: AroundMark): Promise<string | undefined>
  /** `isInDoubt`: more may have been begun than `id` names. */
  end(
    spec: AroundSpec,
    mark: AroundMark & { readonly id?: string; readonly isInDoubt: boolean },
    execution: ExecutionState,
  ): Promise<string>
}

export interface BudgetPort {
  /** Resolves once this execution has the shares of all these switches, which are under change together, or where no budget counts them: on record, with their leases. Throws `busy` where it is not, and `stale` where they are more than a budget allows. */
  take(
    ledger: Ledger,
    wanted: { readonly devices: readonly string[]; readonly seconds: number; readonly signal: AbortSignal },
  ): Promise<void>
}

export interface ChangePorts {
  readonly texts: Artefacts
  readonly room: Room
  readonly clock: Clock
  readonly random: Random
  readonly fleet: Fleet
  readonly http: HttpPort
  readonly planning: Planner
  readonly checks: CheckPort
  /** The pairs that are asked while the change is in force; absent where there is none. */
  readonly probes?: readonly ProbeSpec[]
  /** In the order in which they are asked. */
  readonly features?: readonly OpensFeature[]
  readonly around?: AroundPort
  readonly approvals: Approvals
  readonly settled?: Plan
  readonly inventory?: readonly string[]
  readonly authority?: Authority
  /** What is demanded before a switch is armed. */
  readonly armTerms?: ArmTerms
  readonly heldBy?: (device: string) => Promise<string | undefined>
  readonly budgets?: BudgetPort
  readonly pulse?: (note: Pulse) => void
  readonly answered?: (count: AnsweredCount) => void
  /** The ids of all executions of the store, or of at most so many, newest first. */
  executionIds(most?: number): Promise<readonly string[]>
  /** Throws `store` when they are not as they were written. */
  readExecution(execution: string, types?: TypesRead): Promise<readonly JournalEvent[]>
}
