import type { ValueOrProblems } from '../../../model/problem.ts'
import { accept, refuse } from '../../../text/source/checked.ts'
import type { State, StateMachine, TaskState } from '../machine/machine.ts'
import { holdsTask, machineHolds } from '../machine/walk.ts'
import { type Duration, isUnjudged, longestOf, longestWay, NO_TIME, type UnjudgedState } from './duration.ts'

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
