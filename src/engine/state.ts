import type { DeviceHistory } from '../device/history.ts'
import type { Outcome } from '../journal/event.ts'
import type { DeviceEnd } from '../model/act.ts'
import type { ErrorRecord } from '../model/error.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { Principal } from '../model/principal.ts'
import type { StateMachine } from '../workflow/machine.ts'

/** One run of one machine: the root, or one item of a Map. */
export interface ScopeState {
  /** The state it is in; absent before the first one is entered. */
  readonly state?: string
  /** How far it is within that state. `left`: the state is over and its `next` is to be entered. */
  readonly phase: 'fresh' | 'entered' | 'started' | 'waiting' | 'succeeded' | 'left'
  readonly result: 'open' | 'done' | 'failed'
  readonly attempt: number
  /** The items of the Map it is in. */
  readonly items?: readonly Json[]
  /** When the Wait it is in is over, milliseconds since the epoch. */
  readonly until?: number
  readonly output?: JsonObject
  readonly error?: ErrorRecord
}

/** A scope that has not begun. */
export const FRESH: ScopeState = { phase: 'fresh', result: 'open', attempt: 0 }

/** What has become of the plan in this execution. */
export interface PlanState {
  readonly digest: string
  /** The plan as an artefact. */
  readonly ref: string
  readonly waves: readonly (readonly string[])[]
  readonly unchanged: readonly string[]
}

/** Everything an execution is, folded from its journal. There is no other state. */
export interface ExecutionState {
  readonly id: string
  /** The journal position it is folded up to. */
  readonly seq: number
  readonly status: 'new' | 'running' | 'compensating' | 'ended'
  readonly purpose: 'plan' | 'run'
  readonly workflow: string
  readonly file: string
  readonly definition: string
  readonly params: JsonObject
  readonly requester: Principal | undefined
  readonly machine: StateMachine
  readonly targets: readonly string[]
  /** The saved plan that answers snapshot and plan, as an artefact. */
  readonly planFile: string | undefined
  readonly plan: PlanState | undefined
  /** Scopes by path. */
  readonly scopes: Readonly<Record<string, ScopeState>>
  readonly devices: Readonly<Record<string, DeviceHistory>>
  /** Where switches ended that were put back. */
  readonly ends: Readonly<Record<string, { readonly end: DeviceEnd; readonly detail: string }>>
  /** The nonce of the approval that this execution has used. */
  readonly approval: string | undefined
  readonly compensation: { readonly reason: 'failure' | 'cancelled'; readonly error: ErrorRecord } | undefined
  readonly outcome: Outcome | undefined
}

/** An execution of which nothing is on record yet. */
export function newExecution(id: string): ExecutionState {
  return {
    id,
    seq: 0,
    status: 'new',
    purpose: 'run',
    workflow: '',
    file: '',
    definition: '',
    params: {},
    requester: undefined,
    machine: { version: 1, startAt: '', states: {} },
    targets: [],
    planFile: undefined,
    plan: undefined,
    scopes: {},
    devices: {},
    ends: {},
    approval: undefined,
    compensation: undefined,
    outcome: undefined,
  }
}
