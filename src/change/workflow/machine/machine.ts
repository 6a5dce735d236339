import type { Place } from '../../../model/error.ts'
import type { Json, JsonObject } from '../../../model/json.ts'
import type { Scope } from '../../../model/principal.ts'

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

export type Transition =
  | { readonly by: 'next' | 'default'; readonly next: string }
  | { readonly by: 'choice' | 'catch'; readonly next: string; readonly index: number }

/** Every way on from a state, in the order of the file; none where its machine ends. */
export function waysOn(state: State): readonly Transition[] {
  if (state.kind === 'Succeed' || state.kind === 'Fail') return []
  if (state.kind === 'Choice') {
    const rules = state.choices.map(({ next }, index): Transition => ({ by: 'choice', next, index }))
    return state.default === undefined ? rules : [...rules, { by: 'default', next: state.default }]
  }
  const caught =
    'catch' in state ? state.catch.map(({ next }, index): Transition => ({ by: 'catch', next, index })) : []
  return state.next === undefined ? caught : [{ by: 'next', next: state.next }, ...caught]
}

export function endsWell(state: State): boolean {
  if (state.kind === 'Succeed') return true
  return state.kind !== 'Fail' && state.kind !== 'Choice' && state.next === undefined
}

export function machinesIn(state: State): readonly StateMachine[] {
  if (state.kind === 'Parallel') return state.branches
  return state.kind === 'Map' ? [state.iterator] : []
}

export interface NestedState {
  readonly state: State
  readonly around: readonly (MapState | ParallelState)[]
}

/** Every state of a machine and of the machines inside it, in the order of the file. */
export function statesIn(machine: StateMachine, around: NestedState['around'] = []): readonly NestedState[] {
  return Object.values(machine.states).flatMap((state) => [
    { state, around },
    ...(state.kind === 'Map' || state.kind === 'Parallel'
      ? machinesIn(state).flatMap((inner) => statesIn(inner, [...around, state]))
      : []),
  ])
}

export function reachable(machine: StateMachine): ReadonlySet<string> {
  const seen = new Set<string>()
  const pending = [machine.startAt]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const state = machine.states[name]
    if (seen.has(name) || state === undefined) continue
    seen.add(name)
    pending.push(...waysOn(state).map(({ next }) => next))
  }
  return seen
}

export function isOverSwitches({ items }: MapState): boolean {
  return items.from === 'targets' || items.from === 'waves' || items.from === 'wave'
}

export function holdsTask(state: State, is: (task: TaskState) => boolean): boolean {
  if (state.kind === 'Task') return is(state)
  return machinesIn(state).some((machine) => machineHolds(machine, is))
}

export function machineHolds(machine: StateMachine, is: (task: TaskState) => boolean): boolean {
  return Object.values(machine.states).some((state) => holdsTask(state, is))
}

export interface TaskFacts {
  readonly scope: Scope
  readonly effect: TaskState['effect']
  /** How its work is taken back unless the state says otherwise. */
  readonly undo: 'rollback' | 'none'
  readonly token: boolean
  /** Whether it acts on one switch, so that it stands only in a Map over switches. */
  readonly perSwitch: boolean
  /** Whether its output names what the switches showed before the change. */
  readonly givesSnapshot?: true
  readonly endsDryRun?: true
  readonly asksApproval?: true
  /** Whether a redrive of the state right behind it begins with it: what it was given is kept. */
  readonly keepsInput?: true
}

/** `plan` writes because it opens a config session on each switch; it aborts that session itself, so there is nothing to undo. */
export const TASKS = {
  snapshot: {
    scope: 'task.snapshot',
    effect: 'read',
    undo: 'none',
    token: false,
    perSwitch: false,
    givesSnapshot: true,
  },
  plan: { scope: 'task.plan', effect: 'write', undo: 'none', token: false, perSwitch: false, endsDryRun: true },
  approve: { scope: 'plan.read', effect: 'read', undo: 'none', token: false, perSwitch: false, asksApproval: true },
  recheck: { scope: 'task.snapshot', effect: 'read', undo: 'none', token: false, perSwitch: false, keepsInput: true },
  push: { scope: 'task.push', effect: 'write', undo: 'rollback', token: false, perSwitch: true },
  verify: { scope: 'task.verify', effect: 'read', undo: 'none', token: false, perSwitch: true },
  ready: { scope: 'task.verify', effect: 'read', undo: 'none', token: false, perSwitch: false },
  confirm: { scope: 'task.confirm', effect: 'write', undo: 'rollback', token: false, perSwitch: true },
  save: { scope: 'task.confirm', effect: 'write', undo: 'rollback', token: false, perSwitch: true },
  rollback: { scope: 'task.rollback', effect: 'write', undo: 'none', token: false, perSwitch: true },
  http: { scope: 'task.exec', effect: 'write', undo: 'none', token: false, perSwitch: false },
  signal: { scope: 'execution.read', effect: 'read', undo: 'none', token: true, perSwitch: false },
} as const satisfies Readonly<Record<string, TaskFacts>>

export type TaskName = keyof typeof TASKS

/** The facts about a task; undefined for a name that is not in {@link TASKS}. */
export function factsOf(task: string): TaskFacts | undefined {
  return Object.hasOwn(TASKS, task) ? TASKS[task as TaskName] : undefined
}

export const PUT_BACK = 'rollback' satisfies TaskName

export const READING = { task: 'snapshot', scope: TASKS.snapshot.scope } as const
