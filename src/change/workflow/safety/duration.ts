import type { ValueOrProblems } from '../../../model/error.ts'
import { isJsonObject } from '../../../model/json.ts'
import { accept, refuse } from '../../../text/source/located.ts'
import {
  endsWell,
  holdsTask,
  isOverSwitches,
  type MapState,
  machineHolds,
  machinesIn,
  type Retrier,
  type Source,
  type State,
  type StateMachine,
  TASKS,
  type TaskState,
  waysOn,
} from '../machine/machine.ts'

/** How long commit timers run at most: the longest way from the state that pushes to the one that confirms, both whole. What cannot be judged is refused, since nobody could say whether the timers hold. */
export function armedTime(machine: StateMachine, concurrency: number): ValueOrProblems<Duration> {
  const time = between(machine, concurrency)
  if (!isUnjudged(time)) return accept(time)
  const { state, why } = time
  return refuse({
    code: 'timer-unknown',
    message: `commit timers run while \`${state.name}\` is under way, and nobody can say for how long: ${why}`,
    at: state.at,
    hint: 'move it before `push` or behind `confirm`, or give it a constant time',
  })
}

function between(machine: StateMachine, concurrency: number): Duration | UnjudgedState {
  const states = Object.values(machine.states)
  const pushing = states.filter((state) => holdsTask(state, isPush))
  const confirming = states.filter((state) => holdsTask(state, isConfirm))
  const shared = pushing.find((state) => confirming.includes(state))
  if (shared !== undefined) return inside(shared, concurrency)
  const ways = pushing.flatMap(({ name }) =>
    confirming.map((confirm) => longestWay(machine, name, concurrency, confirm.name)),
  )
  return longestOf(ways)
}

function inside(state: State, concurrency: number): Duration | UnjudgedState {
  if (state.kind !== 'Parallel') return NO_TIME
  const branch = state.branches.find((one) => machineHolds(one, isPush) && machineHolds(one, isConfirm))
  return branch === undefined ? { state, why: 'one branch pushes and another confirms' } : between(branch, concurrency)
}

const isPush = ({ task }: TaskState) => task === 'push'
const isConfirm = ({ task }: TaskState) => task === 'confirm'

/** For how many seconds the network may take to be good, unless the workflow says so or the soak is derived. */
export const DEFAULT_WITHIN = 180

/** For how many seconds it must stay good where nothing more is known: the shortest soak that is derived for lines that can touch traffic. */
export const DEFAULT_STABLE_FOR = 30

/** Seconds for which it must stay good after lines that can touch no traffic, unless the workflow says so. */
export const QUIET_STABLE_FOR = 10

/**
 * How long something takes at most, in seconds, as far as it can be judged before the waves are known: `constant`, and
 * what is spent once per wave and once per round of switches in a wave.
 */
export interface Duration {
  readonly constant: number
  readonly perWave: number
  readonly perRound: number
}

export interface UnjudgedState {
  readonly state: State
  readonly why: string
}

/** How long a state takes at most with all its retries, or which state in it cannot be judged. A round is as many switches as `concurrency` says. */
export function durationOf(state: State, concurrency: number): Duration | UnjudgedState {
  const once = durationOnce(state, concurrency)
  if (isUnjudged(once) || !('retry' in state)) return once
  const attempts = 1 + state.retry.reduce((sum, { maxAttempts }) => sum + maxAttempts, 0)
  const pauses = state.retry.reduce((sum, retrier) => sum + pausesOf(retrier), 0)
  return plus(times(once, attempts), { ...NO_TIME, constant: pauses })
}

/** The longest way from one state of a machine to another, both included; without `to`, to any good end. */
export function longestWay(
  machine: StateMachine,
  from: string,
  concurrency: number,
  to?: string,
): Duration | UnjudgedState {
  const onWay = statesBetween(machine, from, to)
  const nextOf = (name: string) => (name === to ? [] : nextNames(machine, name).filter((next) => onWay.has(next)))
  const until = new Map<string, Duration>()
  const ends: (Duration | UnjudgedState)[] = []
  const ordered = new Set(inOrder(onWay, nextOf))
  for (const name of ordered) {
    const state = machine.states[name]
    const own = state === undefined ? NO_TIME : durationOf(state, concurrency)
    if (isUnjudged(own)) return own
    const here = plus(until.get(name) ?? NO_TIME, own)
    ends.push(here)
    for (const next of nextOf(name)) until.set(next, maximum(until.get(next) ?? NO_TIME, here))
  }
  const [looped] = [...onWay].filter((name) => !ordered.has(name))
  const state = machine.states[looped ?? '']
  return state === undefined ? longestOf(ends) : { state, why: 'a way leads back to it' }
}

export function isUnjudged(duration: Duration | UnjudgedState): duration is UnjudgedState {
  return 'why' in duration
}

export const NO_TIME: Duration = { constant: 0, perWave: 0, perRound: 0 }

function durationOnce(state: State, concurrency: number) {
  switch (state.kind) {
    case 'Task':
      return taskDuration(state)
    case 'Wait': {
      const seconds = literal(state.seconds)
      if (seconds !== undefined) return { ...NO_TIME, constant: seconds }
      return { state, why: 'it waits for as long as an expression or a timestamp says' }
    }
    case 'Map':
      return mapDuration(state, concurrency)
    case 'Parallel':
      return longestOf(machinesIn(state).map((branch) => longestWay(branch, branch.startAt, concurrency)))
    default:
      return NO_TIME
  }
}

function taskDuration(state: TaskState): Duration | UnjudgedState {
  const limit = literal(state.timeoutSeconds)
  if (limit !== undefined) return { ...NO_TIME, constant: limit }
  if (state.task === 'verify') return verifyDuration(state)
  if (state.task === 'http' && !state.token) return { ...NO_TIME, constant: requestSeconds(state) }
  if (Object.hasOwn(TASKS, state.task) && state.task !== 'approve' && !state.token) return NO_TIME
  return { state, why: 'it waits for an answer from outside without a constant `TimeoutSeconds`' }
}

// What is left out is three minutes; the plan judges the timer again when it has derived more.
function verifyDuration(state: TaskState): Duration | UnjudgedState {
  const input = state.flow.language === 'jsonata' ? state.flow.arguments : undefined
  const within = isJsonObject(input) && input.within !== undefined ? given(state, 'within') : DEFAULT_WITHIN
  return within === undefined ? { state, why: 'it has no constant `within`' } : { ...NO_TIME, constant: within }
}

// A request takes 30 s at most unless it says otherwise, and never more than 300 s: the `http` task sees to it.
function requestSeconds(state: TaskState) {
  if (state.flow.language !== 'jsonata' || !isJsonObject(state.flow.arguments)) return 300
  return state.flow.arguments.timeoutSeconds === undefined ? 30 : (given(state, 'timeoutSeconds') ?? 300)
}

function given({ flow }: TaskState, name: string) {
  const input = flow.language === 'jsonata' && isJsonObject(flow.arguments) ? flow.arguments : {}
  const value = input[name]
  return typeof value === 'number' ? value : undefined
}

function mapDuration(state: MapState, concurrency: number) {
  const inner = longestWay(state.iterator, state.iterator.startAt, concurrency)
  if (isUnjudged(inner)) return inner
  if (state.items.from === 'waves') return { constant: 0, perWave: inner.constant, perRound: inner.perRound }
  if (isOverSwitches(state)) {
    const own = literal(state.maxConcurrency) || Number.POSITIVE_INFINITY
    return { constant: 0, perWave: 0, perRound: inner.constant * Math.max(1, Math.ceil(concurrency / own)) }
  }
  if (inner.constant === 0) return NO_TIME
  return { state, why: 'nobody knows beforehand over how many items it goes' }
}

function statesBetween(machine: StateMachine, from: string, to: string | undefined): ReadonlySet<string> {
  const states = Object.values(machine.states)
  const goals = states.filter((state) => (to === undefined ? endsWell(state) : state.name === to))
  const before = new Map<string, string[]>()
  for (const { name } of states) {
    for (const next of nextNames(machine, name)) before.set(next, (before.get(next) ?? []).concat(name))
  }
  const leading = closure(
    goals.map(({ name }) => name),
    (name) => before.get(name) ?? [],
  )
  const reached = closure([from], (name) => (name === to ? [] : nextNames(machine, name)))
  return new Set([...reached].filter((name) => leading.has(name)))
}

function inOrder(names: ReadonlySet<string>, nextOf: (name: string) => readonly string[]) {
  const open = new Map([...names].map((name) => [name, 0]))
  const count = (name: string, by: number) => {
    const left = (open.get(name) ?? 0) + by
    open.set(name, left)
    return left
  }
  for (const name of names) for (const next of nextOf(name)) count(next, 1)
  const order = [...names].filter((name) => open.get(name) === 0)
  for (const name of order) for (const next of nextOf(name)) if (count(next, -1) === 0) order.push(next)
  return order
}

function closure(names: readonly string[], follow: (name: string) => readonly string[]): ReadonlySet<string> {
  const found = new Set(names)
  for (const name of found) for (const next of follow(name)) found.add(next)
  return found
}

function nextNames({ states }: StateMachine, name: string) {
  const state = states[name]
  return state === undefined ? [] : [...new Set(waysOn(state).map(({ next }) => next))]
}

function pausesOf({ intervalSeconds, maxAttempts, backoffRate, maxDelaySeconds = Number.POSITIVE_INFINITY }: Retrier) {
  const pauses = Array.from({ length: Math.min(maxAttempts, 1000) }, (_, index) =>
    Math.min(maxDelaySeconds, intervalSeconds * backoffRate ** index),
  )
  return Math.ceil(pauses.reduce((sum, pause) => sum + pause, 0))
}

function literal(source: Source | undefined) {
  return source?.from === 'literal' && typeof source.value === 'number' ? source.value : undefined
}

export function longestOf(ways: readonly (Duration | UnjudgedState)[]): Duration | UnjudgedState {
  return ways.reduce((a, b) => (isUnjudged(a) ? a : isUnjudged(b) ? b : maximum(a, b)), NO_TIME)
}

const maximum = (a: Duration, b: Duration) => combined(a, b, Math.max)

const plus = (a: Duration, b: Duration) => combined(a, b, (one, other) => one + other)

function combined(a: Duration, b: Duration, by: (one: number, other: number) => number): Duration {
  return {
    constant: by(a.constant, b.constant),
    perWave: by(a.perWave, b.perWave),
    perRound: by(a.perRound, b.perRound),
  }
}

function times({ constant, perWave, perRound }: Duration, factor: number): Duration {
  return { constant: constant * factor, perWave: perWave * factor, perRound: perRound * factor }
}
