import { isJsonObject } from '../../model/json.ts'
import type { MapState, Retrier, Source, State, StateMachine, TaskState } from '../machine.ts'
import { TASKS } from '../task-table.ts'
import { isOverSwitches, machinesIn, waysOn } from '../walk.ts'

/**
 * How long something takes at most, in seconds, as far as it can be judged before the waves are known: `constant`, and
 * what is spent once per wave and once per round of switches in a wave.
 */
export interface Duration {
  readonly constant: number
  readonly perWave: number
  readonly perRound: number
}

/** A state whose duration nobody can judge, and why. */
export interface Unjudged {
  readonly state: State
  readonly why: string
}

/**
 * How long a state takes at most with all its retries, or which state in it cannot be judged. A round is as many switches
 * as `concurrency` says. The own work of tasks that act on switches is in the reserve of the timer.
 */
export function durationOf(state: State, concurrency: number): Duration | Unjudged {
  const once = durationOnce(state, concurrency)
  if (isUnjudged(once) || !('retry' in state)) return once
  const attempts = 1 + state.retry.reduce((sum, { maxAttempts }) => sum + maxAttempts, 0)
  const pauses = state.retry.reduce((sum, retrier) => sum + pausesOf(retrier), 0)
  return plus(times(once, attempts), { ...NO_TIME, constant: pauses })
}

/**
 * The longest way from one state of a machine to another, both included; without `to`, to any good end. Loops on the
 * way cannot be judged.
 */
export function longestWay(machine: StateMachine, from: string, concurrency: number, to?: string): Duration | Unjudged {
  const useful = leadingTo(machine, to)
  const known = new Map<string, Duration | Unjudged>()
  const open = new Set<string>()
  const longest = (name: string): Duration | Unjudged => {
    const state = machine.states[name]
    const done = known.get(name)
    if (done !== undefined || state === undefined) return done ?? NO_TIME
    if (open.has(name)) return { state, why: 'a way leads back to it' }
    open.add(name)
    const next = name === to ? [] : waysOn(state).map((way) => way.next)
    const rest = next.filter((one) => useful.has(one)).map(longest)
    const result = sum([durationOf(state, concurrency), longestOf(rest)])
    open.delete(name)
    known.set(name, result)
    return result
  }
  return longest(from)
}

/** Whether a duration could not be judged. */
export function isUnjudged(duration: Duration | Unjudged): duration is Unjudged {
  return 'why' in duration
}

/** No time at all. */
export const NO_TIME: Duration = { constant: 0, perWave: 0, perRound: 0 }

function durationOnce(state: State, concurrency: number): Duration | Unjudged {
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

function taskDuration(state: TaskState): Duration | Unjudged {
  const limit = literal(state.timeoutSeconds)
  if (limit !== undefined) return { ...NO_TIME, constant: limit }
  if (state.task === 'verify') return { ...NO_TIME, constant: given(state, 'within') ?? 0 }
  if (state.task === 'http' && !state.token) return { ...NO_TIME, constant: requestSeconds(state) }
  if (Object.hasOwn(TASKS, state.task) && state.task !== 'approve' && !state.token) return NO_TIME
  return { state, why: 'it waits for an answer from outside without a constant `TimeoutSeconds`' }
}

/** A request takes 30 s at most unless it says otherwise, and never more than 300 s: the `http` task sees to it. */
function requestSeconds(state: TaskState): number {
  if (state.flow.language !== 'jsonata' || !isJsonObject(state.flow.arguments)) return 300
  return state.flow.arguments.timeoutSeconds === undefined ? 30 : (given(state, 'timeoutSeconds') ?? 300)
}

/** A number among the arguments of a task, where it is constant. */
function given({ flow }: TaskState, name: string): number | undefined {
  const input = flow.language === 'jsonata' && isJsonObject(flow.arguments) ? flow.arguments : {}
  const value = input[name]
  return typeof value === 'number' ? value : undefined
}

function mapDuration(state: MapState, concurrency: number): Duration | Unjudged {
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

/** The names from which `to`, or without it a good end, can be reached. */
function leadingTo(machine: StateMachine, to: string | undefined): ReadonlySet<string> {
  const isGoal = (state: State): boolean =>
    to === undefined
      ? state.kind === 'Succeed' ||
        ('next' in state ? state.next === undefined : !('choices' in state || state.kind === 'Fail'))
      : state.name === to
  const useful = new Set(
    Object.values(machine.states)
      .filter(isGoal)
      .map(({ name }) => name),
  )
  for (let before = -1; before < useful.size; ) {
    before = useful.size
    for (const state of Object.values(machine.states)) {
      if (waysOn(state).some(({ next }) => useful.has(next))) useful.add(state.name)
    }
  }
  return useful
}

function pausesOf({
  intervalSeconds,
  maxAttempts,
  backoffRate,
  maxDelaySeconds = Number.POSITIVE_INFINITY,
}: Retrier): number {
  const pauses = Array.from({ length: Math.min(maxAttempts, 1000) }, (_, index) =>
    Math.min(maxDelaySeconds, intervalSeconds * backoffRate ** index),
  )
  return Math.ceil(pauses.reduce((sum, pause) => sum + pause, 0))
}

function literal(source: Source | undefined): number | undefined {
  return source?.from === 'literal' && typeof source.value === 'number' ? source.value : undefined
}

/** The longest of several ways, or the first that cannot be judged. */
export function longestOf(ways: readonly (Duration | Unjudged)[]): Duration | Unjudged {
  return fold(ways, (a, b) => ({
    constant: Math.max(a.constant, b.constant),
    perWave: Math.max(a.perWave, b.perWave),
    perRound: Math.max(a.perRound, b.perRound),
  }))
}

function sum(parts: readonly (Duration | Unjudged)[]): Duration | Unjudged {
  return fold(parts, plus)
}

function fold(
  parts: readonly (Duration | Unjudged)[],
  combine: (a: Duration, b: Duration) => Duration,
): Duration | Unjudged {
  let result = NO_TIME
  for (const part of parts) {
    if (isUnjudged(part)) return part
    result = combine(result, part)
  }
  return result
}

function plus(a: Duration, b: Duration): Duration {
  return { constant: a.constant + b.constant, perWave: a.perWave + b.perWave, perRound: a.perRound + b.perRound }
}

function times({ constant, perWave, perRound }: Duration, factor: number): Duration {
  return { constant: constant * factor, perWave: perWave * factor, perRound: perRound * factor }
}
