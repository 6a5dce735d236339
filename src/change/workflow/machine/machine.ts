import type { Json, JsonObject } from '../../../model/json.ts'
import type { Scope } from '../../../model/principal.ts'
import type { Place } from '../../../model/problem.ts'

export type Flow =
  | {
      readonly language: 'jsonata'
      readonly arguments?: Json
      readonly output?: Json
      readonly assign?: JsonObject
    }
  | {
      readonly language: 'jsonpath'
      readonly inputPath?: string | null
      readonly parameters?: Json
      readonly result?: Json
      readonly resultSelector?: Json
      readonly resultPath?: string | null
      readonly outputPath?: string | null
      readonly assign?: JsonObject
    }

export type Source =
  | { readonly from: 'literal'; readonly value: Json }
  | { readonly from: 'template'; readonly value: Json }
  | { readonly from: 'path'; readonly path: string }

export interface Retrier {
  readonly errorEquals: readonly string[]
  readonly intervalSeconds: number
  readonly maxAttempts: number
  readonly backoffRate: number
  readonly maxDelaySeconds?: number
  readonly jitter: 'FULL' | 'NONE'
}

export interface Catcher {
  readonly errorEquals: readonly string[]
  readonly next: string
  readonly flow: Flow
}

interface Named {
  readonly name: string
  readonly at: Place
  readonly flow: Flow
}

interface Flowing {
  readonly next?: string
}

interface Handling {
  readonly retry: readonly Retrier[]
  readonly catch: readonly Catcher[]
}

export type Undo =
  | { readonly by: 'rollback' }
  /** `arguments` see the state's own `$states.input` and `$states.result`. */
  | { readonly by: 'task'; readonly task: string; readonly arguments: Json }
  | { readonly by: 'none' }

export interface TaskState extends Named, Flowing, Handling {
  readonly kind: 'Task'
  readonly task: string
  readonly scope: Scope
  /** `read` may be repeated at any time; `write` and `irreversible` are never repeated before the task's probe has asked. */
  readonly effect: 'read' | 'write' | 'irreversible'
  readonly undo: Undo
  readonly token: boolean
  readonly timeoutSeconds?: Source
  readonly heartbeatSeconds?: Source
}

export interface MapState extends Named, Flowing, Handling {
  readonly kind: 'Map'
  readonly items: { readonly from: 'targets' | 'waves' | 'wave' } | Source | { readonly from: 'input' }
  readonly selector?: Json
  readonly maxConcurrency: Source
  /** Both absent: none. A budget is that of the whole rollout: what failed before counts. */
  readonly toleratedFailureCount?: Source | { readonly from: 'budget'; readonly failures: number | `${number}%` }
  readonly toleratedFailurePercentage?: Source
  /** What an iteration has written stays when the iteration is done, whatever fails later (`atomic: wave` and `device`). */
  readonly settles?: true
  readonly iterator: StateMachine
}

export interface ParallelState extends Named, Flowing, Handling {
  readonly kind: 'Parallel'
  readonly branches: readonly StateMachine[]
}

export interface ChoiceRule {
  readonly when:
    | { readonly language: 'jsonata'; readonly condition: Json }
    | { readonly language: 'jsonpath'; readonly rule: JsonObject }
  readonly next: string
  readonly flow: Flow
}

export interface ChoiceState extends Named {
  readonly kind: 'Choice'
  readonly choices: readonly ChoiceRule[]
  readonly default?: string
}

export interface WaitState extends Named, Flowing {
  readonly kind: 'Wait'
  readonly seconds?: Source
  readonly timestamp?: Source
}

export interface PassState extends Named, Flowing {
  readonly kind: 'Pass'
}

export interface SucceedState extends Named {
  readonly kind: 'Succeed'
}

export interface FailState extends Named {
  readonly kind: 'Fail'
  readonly error?: Source
  readonly cause?: Source
}

export type State =
  | TaskState
  | MapState
  | ParallelState
  | ChoiceState
  | WaitState
  | PassState
  | SucceedState
  | FailState

/** The compiled workflow: plain JSON data, so that it can be digested, journalled and read years later. */
export interface StateMachine {
  readonly version: 3
  readonly startAt: string
  readonly states: Readonly<Record<string, State>>
  readonly timeoutSeconds?: number
  /** The state areas in which the network is read behind a put-back, and for how long; only at the root. */
  readonly putBack?: { readonly areas: readonly string[]; readonly withinSeconds: number }
  /** The largest input, output or result that a state may have, bytes of JSON in UTF-8; only at the root. */
  readonly payloadBytes?: number
}
