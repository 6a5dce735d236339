import { Map as PersistentMap, Set as PersistentSet } from 'immutable'
import type { DeviceHistory } from '../../eos/device/history.ts'
import type { DeviceEnd } from '../../model/act.ts'
import type { ChangeTerms } from '../../model/change-terms.ts'
import type { ErrorRecord } from '../../model/error.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { NetworkReading } from '../../model/network-reading.ts'
import type { Principal } from '../../model/principal.ts'
import type { ProbeReading, SeenStandings } from '../../model/probe.ts'
import type { EventBody, JournalEvent, NotedRecords, Outcome } from '../record/event/event.ts'
import type { StateMachine, TaskState } from '../workflow/machine/machine.ts'
import { ONE_SITE, type SitesState } from './sites.ts'

export type Phase =
  | 'fresh'
  /** The state begins: its data is to be computed. */
  | 'entered'
  /** The task's arguments are on record; nothing was begun. */
  | 'scheduled'
  /** The task, the items, the branches or the pause are under way. */
  | 'started'
  /** Somebody outside has to answer. */
  | 'waiting'
  /** The work is done; the output is to be computed. */
  | 'succeeded'
  /** The work failed; Retry and Catch are to be asked. */
  | 'faulted'
  /** Time passes before the next attempt. */
  | 'backoff'
  /** The state is over and `next` is to be entered. */
  | 'left'

export interface Children {
  readonly items: readonly Json[]
  readonly inputs: readonly Json[]
  readonly maxConcurrency: number
  readonly tolerated: number
  readonly begun: number
  readonly ended: number
  readonly failed: number
  readonly firstFailed?: number
}

export interface Entry {
  readonly state: string
  readonly input: Json
  readonly variables: JsonObject
}

export interface ScopeState {
  readonly machine: StateMachine
  /** The state it is in; absent before the first one is entered. */
  readonly state?: string
  readonly phase: Phase
  readonly result: 'open' | 'done' | 'failed' | 'aborted'
  readonly visit: number
  readonly input: Json
  /** When the state was entered, milliseconds since the epoch. */
  readonly enteredAt: number
  readonly attempt: number
  readonly spent: readonly number[]
  readonly variables: JsonObject
  readonly arguments?: Json
  readonly children?: Children
  /** When the pause is over, milliseconds since the epoch. */
  readonly until?: number
  readonly deadline?: number
  /** Within how many milliseconds a sign of life is due, and when the next one is. */
  readonly heartbeat?: { readonly every: number; readonly due: number }
  /** The digest of the token that is waited for, and since which journal position an answer counts. */
  readonly token?: { readonly digest: string; readonly since: number }
  readonly output?: Json
  readonly error?: ErrorRecord
  readonly inDoubt?: true
  readonly next?: string
  /** The root's last `recheck`, when it stands right before the present state. */
  readonly precheck?: Entry
}

export interface Write {
  readonly path: string
  readonly state: string
  readonly visit: number
  readonly devices: readonly string[]
  readonly arguments: Json
  readonly input: Json
  readonly result?: Json
  readonly undone?: 'begun' | 'done' | 'failed'
  readonly entry: Entry
}

/** The shares of budgets under which one switch is changed, and whether it has been put back since they were taken. */
export interface SharesOfSwitch {
  readonly shares: readonly string[]
  readonly isOver: boolean
}

export interface PlanState {
  readonly digest: string
  readonly ref: string
  readonly waves: readonly (readonly string[])[]
  readonly unchanged: readonly string[]
  /** The switches whose failure is never tolerated. */
  readonly canaries: readonly string[]
}

export interface ExecutionState extends AroundRecord {
  readonly id: string
  readonly seq: number
  readonly records: number
  readonly status: 'new' | 'running' | 'compensating' | 'ended'
  readonly purpose: 'plan' | 'run'
  readonly workflow: string
  readonly file: string
  readonly definition: string
  /** The commit that the workflow and its files are of; undefined where they are those of the folder. */
  readonly commit: string | undefined
  readonly bundle: string | undefined
  readonly params: JsonObject
  readonly requester: Principal | undefined
  /** The `traceparent` on its record; undefined where it is in no trace. */
  readonly trace: string | undefined
  readonly machine: StateMachine
  readonly input: Json
  readonly context: JsonObject
  /** When it was started, or redriven last; milliseconds since the epoch. */
  readonly startedAt: number
  readonly redriven: number
  /** Whether it was open in a backup from which its store was restored, and somebody has gone on with it since. */
  readonly isRestored: boolean
  readonly mayBeCopy: boolean
  /** The journal position at which another controller took it up last; 0 when the first one runs it. */
  readonly resumed: number
  readonly targets: readonly string[]
  readonly asked: { readonly only?: string; readonly exact?: true }
  readonly planFile: string | undefined
  readonly snapshot: string | undefined
  readonly plan: PlanState | undefined
  readonly noted: NotedRecords
  readonly scopes: PersistentMap<string, ScopeState>
  readonly writes: PersistentMap<string, Write>
  readonly devices: PersistentMap<string, DeviceHistory>
  readonly ends: PersistentMap<string, { readonly end: DeviceEnd; readonly detail: string }>
  readonly isLeftInDoubt: boolean
  /** What was found of the network of switches that were put back: `awaited` until it is read. */
  readonly networks: PersistentMap<string, 'awaited' | NetworkReading>
  /** What is measured of the pairs that are probed; undefined before the first timed commit, and where none is. */
  readonly probes: ProbesState | undefined
  readonly shares: PersistentMap<string, SharesOfSwitch>
  readonly noWait: boolean
  /** The execution that it takes back by an undo that was approved before, the plan that its own is made again of, and what the change file says that asked for it; undefined for every other one. */
  readonly undoes?: string | undefined
  readonly rebases?: string | undefined
  readonly changeFile?: ChangeTerms | undefined
  readonly failed: PersistentSet<string>
  readonly leftOut: PersistentMap<string, { readonly by: 'maxFailures' | 'skip-unreachable'; readonly message: string }>
  readonly skipUnreachable: boolean
  readonly kept: PersistentSet<string>
  /** Where its root has come to the approval of the plan, last; undefined before that. */
  readonly approving: Entry | undefined
  readonly approval: string | undefined
  readonly compensation:
    | { readonly reason: 'failure' | 'cancelled' | 'timed-out'; readonly error: ErrorRecord }
    | undefined
  readonly sites: SitesState
  readonly outcome: Outcome | undefined
  readonly output: Json | undefined
}

export function freshScope(machine: StateMachine, input: Json): ScopeState {
  return {
    machine,
    phase: 'fresh',
    result: 'open',
    visit: 0,
    input,
    enteredAt: 0,
    attempt: 0,
    spent: [],
    variables: {},
  }
}

export function newExecution(id: string): ExecutionState {
  return {
    id,
    seq: 0,
    records: 0,
    status: 'new',
    purpose: 'run',
    workflow: '',
    file: '',
    definition: '',
    commit: undefined,
    bundle: undefined,
    params: {},
    requester: undefined,
    trace: undefined,
    machine: { version: 3, startAt: '', states: {} },
    input: {},
    context: {},
    startedAt: 0,
    redriven: 0,
    isRestored: false,
    mayBeCopy: false,
    resumed: 0,
    targets: [],
    asked: {},
    planFile: undefined,
    snapshot: undefined,
    plan: undefined,
    noted: {},
    scopes: PersistentMap(),
    writes: PersistentMap(),
    devices: PersistentMap(),
    ends: PersistentMap(),
    isLeftInDoubt: false,
    networks: PersistentMap(),
    probes: undefined,
    shares: PersistentMap(),
    noWait: false,
    failed: PersistentSet(),
    leftOut: PersistentMap(),
    skipUnreachable: false,
    kept: PersistentSet(),
    approval: undefined,
    approving: undefined,
    compensation: undefined,
    sites: ONE_SITE,
    outcome: undefined,
    output: undefined,
  }
}

type AroundResult = Extract<JournalEvent, { type: 'AroundActed' }>['result']

export interface AroundEntry {
  readonly begin?: AroundResult
  readonly beginSaid?: string
  readonly id?: string
  readonly end?: AroundResult
  readonly said?: string
}

export interface LeftAround {
  readonly name: string
  readonly id?: string
  readonly reason: string
}

export interface AroundState {
  readonly phase: 'begins' | 'ends'
  readonly outcome?: Outcome
  readonly names: readonly string[]
  readonly entries: Readonly<Record<number, AroundEntry>>
}

export interface AroundRecord {
  /** What is done at other services around the change; undefined before that begins. */
  readonly around?: AroundState | undefined
  /** The silences that were begun before a redrive and could not be ended; absent before one. */
  readonly leftAround?: readonly LeftAround[]
}

/** What is on record of one pair, since when (milliseconds since the epoch), and whether whoever wrote it came to rest then. */
export interface KeptReading {
  readonly reading: ProbeReading
  readonly at: number
  readonly hasRested: boolean
}

export interface ProbesState {
  readonly isMeasuring: boolean
  /** When the first timed commit followed, milliseconds since the epoch. */
  readonly since: number
  readonly until?: number
  readonly readings: readonly KeptReading[]
  /** What rounds have seen of sessions and ports; absent where they have read of none. */
  readonly seen?: SeenStandings
}

/** A commit timer that an execution has started and that nobody has ended since, as far as the record tells. */
export interface StartedTimer {
  readonly device: string
  /** When it runs out, milliseconds since the epoch by the controller's clock. */
  readonly until: number
}

export function startedTimers({ status, devices, ends }: ExecutionState): readonly StartedTimer[] {
  if (status === 'ended') return []
  return [...devices]
    .flatMap(([device, { reached, phase, armedAt, timer }]) => {
      const isOpen = (reached === 'arm' && phase !== 'ended') || phase === 'confirming'
      if (!isOpen || ends.has(device) || armedAt === undefined || timer === undefined) return []
      return [{ device, until: armedAt + timer * 1000 }]
    })
    .toSorted((a, b) => a.until - b.until)
}

export type Effect =
  | { readonly effect: 'record'; readonly event: EventBody }
  /** A state is entered whose task is due at once: one record where its data has values. */
  | { readonly effect: 'enter'; readonly path: string; readonly state: string }
  /**
   * A transition whose data is to be computed by the state's query language: how the state begins, what it leaves, what a
   * catcher leaves (`handler` is its position), or until when a retrier waits.
   */
  | {
      readonly effect: 'evaluate'
      readonly path: string
      readonly step: 'begin' | 'finish' | 'catch' | 'retry'
      readonly handler: number
    }
  /** Start a task; `begun` when that is on record already and nobody knows how it went. */
  | {
      readonly effect: 'task'
      readonly key: string
      readonly path: string
      readonly state: TaskState
      readonly attempt: number
      readonly devices: readonly string[]
      readonly begun: boolean
    }
  /** A task is to end at its next safe point, because its time is over or because a sibling has failed. A write is waited for. */
  | {
      readonly effect: 'end'
      readonly why: 'timed-out' | 'sibling-failed'
      readonly key: string
      readonly event: EventBody
    }
  /** Look again at `until`, milliseconds since the epoch. */
  | { readonly effect: 'wake'; readonly path: string; readonly until: number }
  /** Wait for what an outside system sends about a token. */
  | { readonly effect: 'listen'; readonly path: string; readonly digest: string }
  /** Put one switch back. */
  | { readonly effect: 'undo'; readonly key: string; readonly device: string }
  /** Read the network of one switch that was put back, until it is as before or its time is over. */
  | { readonly effect: 'network'; readonly key: string; readonly device: string }
  /** Put on record what was measured of the pairs that are probed: nothing is asked any more. */
  | { readonly effect: 'probes'; readonly key: string }
  /** End at other services what was begun there around the change. */
  | { readonly effect: 'around'; readonly key: string }
  /** Take back a write that no switch carries. */
  | { readonly effect: 'takeBack'; readonly key: string; readonly write: Write }
