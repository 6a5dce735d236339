import { Map as PersistentMap, Set as PersistentSet } from 'immutable'
import type { DeviceHistory } from '../../eos/device/history.ts'
import type { DeviceEnd } from '../../model/act.ts'
import type { ChangeTerms } from '../../model/change-terms.ts'
import type { ErrorRecord } from '../../model/error.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import type { NetworkReading } from '../../model/network-reading.ts'
import type { Principal } from '../../model/principal.ts'
import type { Outcome } from '../record/event/event.ts'
import type { StateMachine } from '../workflow/machine/machine.ts'
import type { AroundRecord } from './around-state.ts'
import type { ProbesState } from './probe-state.ts'
import { ONE_SITE, type SitesState } from './sites.ts'

/** How far a scope is within its state. */
export type Phase =
  /** Nothing was entered yet. */
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

/** The items of a Map or the branches of a Parallel, counted. */
export interface Children {
  /** What `Map.Item.Value` says; empty for a Parallel. */
  readonly items: readonly Json[]
  /** What each of them is given. */
  readonly inputs: readonly Json[]
  /** 0 is without limit. */
  readonly maxConcurrency: number
  /** How many may fail. */
  readonly tolerated: number
  readonly begun: number
  readonly ended: number
  readonly failed: number
  /** Which of them failed first. */
  readonly firstFailed?: number
}

/** Where a redriven execution begins again. */
export interface Entry {
  readonly state: string
  readonly input: Json
  readonly variables: JsonObject
}

/** One run of one machine: the root, one item of a Map, or one branch of a Parallel. */
export interface ScopeState {
  readonly machine: StateMachine
  /** The state it is in; absent before the first one is entered. */
  readonly state?: string
  readonly phase: Phase
  readonly result: 'open' | 'done' | 'failed' | 'aborted'
  /** The journal position at which the state was entered: one visit of it. */
  readonly visit: number
  /** What the state was given. */
  readonly input: Json
  /** When the state was entered, milliseconds since the epoch. */
  readonly enteredAt: number
  /** Attempts that were scheduled in this visit. */
  readonly attempt: number
  /** Attempts that each retrier has granted in this visit. */
  readonly spent: readonly number[]
  /** This scope's own variables. */
  readonly variables: JsonObject
  readonly arguments?: Json
  readonly children?: Children
  /** When the pause is over, milliseconds since the epoch. */
  readonly until?: number
  /** When the task's time is over. */
  readonly deadline?: number
  /** Within how many milliseconds a sign of life is due, and when the next one is. */
  readonly heartbeat?: { readonly every: number; readonly due: number }
  /** The digest of the token that is waited for, and since which journal position an answer counts. */
  readonly token?: { readonly digest: string; readonly since: number }
  /** What the work gave, then what the state leaves. */
  readonly output?: Json
  readonly error?: ErrorRecord
  /** Whether an attempt of this visit, or of the one that a redrive repeats, was begun and nobody knows how it went. */
  readonly inDoubt?: true
  /** The state that follows. */
  readonly next?: string
  /** The root's last `recheck`, when it stands right before the present state. */
  readonly precheck?: Entry
}

/** A write that was begun, until it is taken back. */
export interface Write {
  readonly path: string
  readonly state: string
  readonly visit: number
  readonly devices: readonly string[]
  readonly arguments: Json
  readonly input: Json
  /** What it gave; absent when nobody knows whether it was done. */
  readonly result?: Json
  /** `begun`: the call that takes it back was begun. */
  readonly undone?: 'begun' | 'done' | 'failed'
  /** Where the root stood. */
  readonly entry: Entry
}

/** The shares of budgets under which one switch is changed, and whether it has been put back since they were taken. */
export interface SharesOfSwitch {
  readonly shares: readonly string[]
  readonly isOver: boolean
}

/** What has become of the plan in this execution. */
export interface PlanState {
  readonly digest: string
  /** The plan as an artefact. */
  readonly ref: string
  readonly waves: readonly (readonly string[])[]
  readonly unchanged: readonly string[]
  /** The switches whose failure is never tolerated. */
  readonly canaries: readonly string[]
}

/** Everything an execution is, folded from its journal. There is no other state. */
export interface ExecutionState extends AroundRecord {
  readonly id: string
  /** The journal position it is folded up to. */
  readonly seq: number
  /** How many records it is folded from. */
  readonly records: number
  readonly status: 'new' | 'running' | 'compensating' | 'ended'
  readonly purpose: 'plan' | 'run'
  readonly workflow: string
  readonly file: string
  readonly definition: string
  /** The commit that the workflow and its files are of; undefined where they are those of the folder. */
  readonly commit: string | undefined
  /** The digest of the published bundle that they are of. */
  readonly bundle: string | undefined
  readonly params: JsonObject
  readonly requester: Principal | undefined
  /** The `traceparent` on its record; undefined where it is in no trace. */
  readonly trace: string | undefined
  readonly machine: StateMachine
  readonly input: Json
  /** `Execution` and `StateMachine` of the context object. */
  readonly context: JsonObject
  /** When it was started, or redriven last; milliseconds since the epoch. */
  readonly startedAt: number
  readonly redriven: number
  /** Whether it was open in a backup from which its store was restored, and somebody has gone on with it since. */
  readonly isRestored: boolean
  /** Whether somebody has gone on with it whose record may be a copy of the one that was written first. */
  readonly mayBeCopy: boolean
  /** The journal position at which another controller took it up last; 0 when the first one runs it. */
  readonly resumed: number
  readonly targets: readonly string[]
  /** How they were asked for. */
  readonly asked: { readonly only?: string; readonly exact?: true }
  /** The saved plan that answers snapshot and plan, as an artefact. */
  readonly planFile: string | undefined
  /** What the snapshot before the plan has read, as an artefact. */
  readonly snapshot: string | undefined
  readonly plan: PlanState | undefined
  /** What the outside judges said before the first change, as an artefact. */
  readonly judged: string | undefined
  /** Scopes by path. */
  readonly scopes: PersistentMap<string, ScopeState>
  /** Writes by the key of the visit. */
  readonly writes: PersistentMap<string, Write>
  readonly devices: PersistentMap<string, DeviceHistory>
  /** Where switches ended that were put back. */
  readonly ends: PersistentMap<string, { readonly end: DeviceEnd; readonly detail: string }>
  /** Whether a switch ended unknown, or what a call has written was not taken back: no failure is tolerated any more. */
  readonly isLeftInDoubt: boolean
  /** What was found of the network of switches that were put back: `awaited` until it is read. */
  readonly networks: PersistentMap<string, 'awaited' | NetworkReading>
  /** What is measured of the pairs that are probed; undefined before the first timed commit, and where none is. */
  readonly probes: ProbesState | undefined
  /** The shares of budgets under which switches are changed. */
  readonly shares: PersistentMap<string, SharesOfSwitch>
  /** Whether it waits for no budget that is full. */
  readonly noWait: boolean
  /** The execution that it takes back by an undo that was approved before, the plan that its own is made again of, and what the change file says that asked for it; undefined for every other one. */
  readonly undoes?: string | undefined
  readonly rebases?: string | undefined
  readonly changeFile?: ChangeTerms | undefined
  /** The switches whose own iteration has failed: nothing more is done with them. */
  readonly failed: PersistentSet<string>
  /** The switches that did not answer and that the execution goes on without, and why. */
  readonly leftOut: PersistentMap<string, { readonly by: 'maxFailures' | 'skip-unreachable'; readonly message: string }>
  /** Whether switches that do not answer are left out of the plan, however many. */
  readonly skipUnreachable: boolean
  /** The switches whose change stays, whatever fails later. */
  readonly kept: PersistentSet<string>
  /** Where its root has come to the approval of the plan, last; undefined before that. */
  readonly approving: Entry | undefined
  /** The nonce of the approval that this execution has used. */
  readonly approval: string | undefined
  readonly compensation:
    | { readonly reason: 'failure' | 'cancelled' | 'timed-out'; readonly error: ErrorRecord }
    | undefined
  /** What it has to do with a change over several sites. */
  readonly sites: SitesState
  readonly outcome: Outcome | undefined
  readonly output: Json | undefined
}

/** A scope that has not begun. */
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

/** An execution of which nothing is on record yet. */
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
    judged: undefined,
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
