import type { Json, JsonObject } from '../../../model/json.ts'
import type { Scope } from '../../../model/principal.ts'
import type { Place } from '../../../model/problem.ts'

/**
 * How data goes through a state: what the work is given, and what becomes of its result. The members keep the names of
 * Amazon States Language; which of them a state may have is the reader's affair (states-language.net, "Input and Output
 * Processing"). What is absent has the language's default.
 */
export type Flow =
  | {
      readonly language: 'jsonata'
      /** Strings of the form `{% … %}` in it are evaluated, at any depth. */
      readonly arguments?: Json
      readonly output?: Json
      readonly assign?: JsonObject
    }
  | {
      readonly language: 'jsonpath'
      /** A path; null selects `{}`. */
      readonly inputPath?: string | null
      /** A payload template: members whose key ends in `.$` are evaluated. */
      readonly parameters?: Json
      /** The literal result of a Pass. */
      readonly result?: Json
      readonly resultSelector?: Json
      /** A reference path; null discards the result. */
      readonly resultPath?: string | null
      readonly outputPath?: string | null
      readonly assign?: JsonObject
    }

/** Where one value of a state comes from. A template is JSONata or a payload template, as the state's flow says; a path is JSONPath. */
export type Source =
  | { readonly from: 'literal'; readonly value: Json }
  | { readonly from: 'template'; readonly value: Json }
  | { readonly from: 'path'; readonly path: string }

/** Retries after named errors. A budget is its own: each retrier counts the attempts that it has granted. */
export interface Retrier {
  readonly errorEquals: readonly string[]
  readonly intervalSeconds: number
  readonly maxAttempts: number
  readonly backoffRate: number
  readonly maxDelaySeconds?: number
  readonly jitter: 'FULL' | 'NONE'
}

/** Where a machine goes on after named errors. */
export interface Catcher {
  readonly errorEquals: readonly string[]
  readonly next: string
  readonly flow: Flow
}

interface Named {
  readonly name: string
  /** Where the file says so, for every message about this state. */
  readonly at: Place
  readonly flow: Flow
}

interface Flowing {
  /** The state that follows; absent at the end of its machine. */
  readonly next?: string
}

interface Handling {
  readonly retry: readonly Retrier[]
  readonly catch: readonly Catcher[]
}

/** How the work of a write is taken back: by the rollback of its switches, by another call, or not at all (which the plan then says). */
export type Undo =
  | { readonly by: 'rollback' }
  /** `arguments` see the state's own `$states.input` and `$states.result`. */
  | { readonly by: 'task'; readonly task: string; readonly arguments: Json }
  | { readonly by: 'none' }

/** Calls one task. Inside a Map over switches it acts on the item's switch, elsewhere on all selected switches. */
export interface TaskState extends Named, Flowing, Handling {
  readonly kind: 'Task'
  /** The name of a built-in task; in a raw ASL machine the resource as written. */
  readonly task: string
  /** What the execution's identity must be allowed to do when this state starts. */
  readonly scope: Scope
  /** `read` may be repeated at any time; `write` and `irreversible` are never repeated before the task's probe has asked. */
  readonly effect: 'read' | 'write' | 'irreversible'
  readonly undo: Undo
  /** Whether the task's answer comes from outside, by a task token. */
  readonly token: boolean
  readonly timeoutSeconds?: Source
  readonly heartbeatSeconds?: Source
}

/**
 * Runs the iterator once per item. `waves` are the plan's waves, `wave` the switches of the enclosing wave, `targets` all
 * switches that the plan changes; only those bind tasks to switches, and they pass over switches that were put back.
 */
export interface MapState extends Named, Flowing, Handling {
  readonly kind: 'Map'
  readonly items: { readonly from: 'targets' | 'waves' | 'wave' } | Source | { readonly from: 'input' }
  /** What an iteration is given instead of its item. */
  readonly selector?: Json
  /** 0 is without limit. */
  readonly maxConcurrency: Source
  /** How many iterations may fail. Both absent: none. A budget is that of the whole rollout: what failed before counts. */
  readonly toleratedFailureCount?: Source | { readonly from: 'budget'; readonly failures: number | `${number}%` }
  readonly toleratedFailurePercentage?: Source
  /** What an iteration has written stays when the iteration is done, whatever fails later (`atomic: wave` and `device`). */
  readonly settles?: true
  readonly iterator: StateMachine
}

/** Runs its branches side by side on copies of the same input. */
export interface ParallelState extends Named, Flowing, Handling {
  readonly kind: 'Parallel'
  readonly branches: readonly StateMachine[]
}

/** One way out of a Choice. A JSONPath rule is kept as the language writes it. */
export interface ChoiceRule {
  readonly when:
    | { readonly language: 'jsonata'; readonly condition: Json }
    | { readonly language: 'jsonpath'; readonly rule: JsonObject }
  readonly next: string
  /** Output and assignments of this rule. */
  readonly flow: Flow
}

/** Goes on where the first rule that holds says, else at the default. */
export interface ChoiceState extends Named {
  readonly kind: 'Choice'
  readonly choices: readonly ChoiceRule[]
  readonly default?: string
}

/** Lets time pass. */
export interface WaitState extends Named, Flowing {
  readonly kind: 'Wait'
  readonly seconds?: Source
  /** ISO 8601. Exactly one of the two is there. */
  readonly timestamp?: Source
}

/** Only moves data. */
export interface PassState extends Named, Flowing {
  readonly kind: 'Pass'
}

/** Ends its machine well. */
export interface SucceedState extends Named {
  readonly kind: 'Succeed'
}

/** Ends its machine badly. */
export interface FailState extends Named {
  readonly kind: 'Fail'
  readonly error?: Source
  readonly cause?: Source
}

/** One state, in the vocabulary of Amazon States Language. */
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
  /** How long an execution of the whole machine may take; only at the root. */
  readonly timeoutSeconds?: number
  /** The state areas in which the network is read behind a put-back, and for how long; only at the root. Absent: it is not. */
  readonly putBack?: { readonly areas: readonly string[]; readonly withinSeconds: number }
  /** The largest input, output or result that a state may have, bytes of JSON in UTF-8; only at the root. */
  readonly payloadBytes?: number
}
