import type { JsonObject } from '../model/json.ts'
import type { Scope } from '../model/principal.ts'
import type { Place } from '../model/problem.ts'

interface Named {
  readonly name: string
  /** Where the workflow file says so, for every message about this state. */
  readonly at: Place
}

/** Calls one task. Inside a Map over switches it acts on the item's switch, elsewhere on all selected switches. */
export interface TaskState extends Named {
  readonly kind: 'Task'
  readonly task: string
  readonly input: JsonObject
  /** What the execution's identity must be allowed to do when this state starts. */
  readonly scope: Scope
  /** The state that follows; absent at the end of its machine. */
  readonly next?: string
}

/** Runs the iterator once per item. `waves` are the plan's waves, `wave` the switches of the enclosing wave, `targets` all switches that the plan changes. */
export interface MapState extends Named {
  readonly kind: 'Map'
  readonly items: { readonly from: 'targets' | 'waves' | 'wave' }
  readonly maxConcurrency: number
  readonly iterator: StateMachine
  readonly next?: string
}

/** Lets time pass. */
export interface WaitState extends Named {
  readonly kind: 'Wait'
  readonly seconds: number
  readonly next?: string
}

/** Ends its machine well. */
export interface SucceedState extends Named {
  readonly kind: 'Succeed'
}

/** Ends its machine badly. */
export interface FailState extends Named {
  readonly kind: 'Fail'
  readonly error: string
  readonly cause: string
}

/** One state, in the vocabulary of Amazon States Language. */
export type State = TaskState | MapState | WaitState | SucceedState | FailState

/** The compiled workflow: plain JSON data, so that it can be digested, journalled and read years later. */
export interface StateMachine {
  readonly version: 1
  readonly startAt: string
  readonly states: Readonly<Record<string, State>>
}
