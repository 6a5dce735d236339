import type { Problem } from '../../../model/error.ts'
import { isJsonObject } from '../../../model/json.ts'
import {
  factsOf,
  holdsTask,
  isOverSwitches,
  type MapState,
  machineHolds,
  type NestedState,
  type State,
  type StateMachine,
  statesIn,
  type TaskState,
} from '../machine/machine.ts'

const REQUIRED = ['snapshot', 'plan', 'push', 'verify', 'ready', 'confirm', 'save'] as const

// They act on the whole change, so that they stand in no Map.
const ONCE: readonly string[] = ['snapshot', 'plan', 'approve', 'ready']

const SWITCH_WRITES: readonly string[] = ['plan', 'push', 'confirm', 'save', 'rollback']

/**
 * What is wrong with where states stand: tasks of one switch outside a Map over switches, Maps over switches where there
 * are none or not once, two branches that write to switches, and writes that would be repeated or tolerated blindly.
 */
export function placeProblems(machine: StateMachine): readonly Problem[] {
  const states = statesIn(machine)
  return [
    ...missing(states, machine),
    ...states.flatMap((one) => [...taskProblems(one), ...mapProblems(one), ...writeProblems(one.state)]),
    ...earlyProblems(states),
  ]
}

function missing(states: readonly NestedState[], machine: StateMachine): Problem[] {
  const at = machine.states[machine.startAt]?.at
  if (at === undefined) return []
  const called = (task: string) =>
    states.flatMap(({ state }) => (state.kind === 'Task' && state.task === task ? [state] : []))[0]
  return REQUIRED.filter((task) => called(task) === undefined).map((task) => ({
    code: 'missing-task',
    message: `no state calls the task \`${task}\``,
    at: (task === 'save' ? called('confirm')?.at : undefined) ?? at,
    hint:
      task === 'save'
        ? SAVE_HINT
        : `a change needs ${REQUIRED.join(', ')}: write a Task with \`Resource: eosflow:${task}\``,
  }))
}

// `confirm` saved as well in workflows of before.
const SAVE_HINT =
  '`confirm` no longer saves: behind the Map that confirms put a Map with `Items: targets` whose state has `Resource: eosflow:save`, so that all switches are confirmed before the first is saved'

function taskProblems({ state, around }: NestedState): Problem[] {
  if (state.kind !== 'Task') return []
  const facts = factsOf(state.task)
  const maps = around.filter((one) => one.kind === 'Map')
  const inner = maps.filter(isOverSwitches).at(-1)
  if (facts?.perSwitch === true && (inner === undefined || inner.items.from === 'waves')) {
    return [
      problem(
        state,
        'outside-switches',
        `\`${state.name}\` calls \`${state.task}\`, which acts on one switch, outside a Map over switches`,
        'put it into a Map with `Items: wave` (inside one with `Items: waves`) or `Items: targets`',
      ),
    ]
  }
  const [outermost] = around
  if (state.task === 'plan' && outermost?.kind === 'Parallel') {
    const message = `\`${state.name}\` makes the plan inside \`${outermost.name}\`, and a dry run ends with the plan`
    return [problem(state, 'inside-parallel', message, 'move it out: the plan is made before or behind the branches')]
  }
  if (ONCE.includes(state.task) && maps.length > 0) {
    return [
      problem(
        state,
        'inside-map',
        `\`${state.name}\` calls \`${state.task}\`, which is for the whole change, inside the Map \`${maps.at(-1)?.name}\``,
        'move it out of the Map; `signal` asks for a word of somebody in the middle of a rollout',
      ),
    ]
  }
  return []
}

function mapProblems({ state, around }: NestedState): Problem[] {
  if (state.kind !== 'Map' || !isOverSwitches(state)) return []
  const maps = around.filter((one) => one.kind === 'Map')
  const { from } = state.items
  const placed = from === 'wave' ? strayWave(state, maps) : nestedMap(state, maps)
  return [...placed, ...(from === 'waves' ? wavesAtOnce(state) : unlimited(state))]
}

function strayWave(state: MapState, maps: readonly MapState[]): Problem[] {
  const [outer, ...others] = maps
  if (outer?.items.from === 'waves' && others.length === 0) return []
  const message = `\`${state.name}\` goes over the switches of a wave, and is in no Map over waves`
  return [problem(state, 'misplaced-map', message, 'put it into a Map with `Items: waves`, or write `Items: targets`')]
}

function unlimited(state: MapState): Problem[] {
  if (state.maxConcurrency.from === 'literal') return []
  const message = `how many switches \`${state.name}\` goes over at a time must be known beforehand`
  return [problem(state, 'concurrency-unknown', message, 'write `MaxConcurrency` as a number, or delete it')]
}

function nestedMap(state: MapState, maps: readonly MapState[]): Problem[] {
  const [outer] = maps
  if (outer === undefined) return []
  const message = `\`${state.name}\` goes over switches inside the Map \`${outer.name}\`, once for each of its items`
  return [problem(state, 'misplaced-map', message, 'move it out of that Map')]
}

function wavesAtOnce(state: MapState): Problem[] {
  const { items, maxConcurrency: most } = state
  if (items.from !== 'waves' || (most.from === 'literal' && most.value === 1)) return []
  return [problem(state, 'waves-at-once', 'waves come one after the other', 'write `MaxConcurrency: 1`, or delete it')]
}

function writeProblems(state: State): Problem[] {
  if (state.kind === 'Task') return retriedWrite(state)
  if (state.kind !== 'Map' && state.kind !== 'Parallel') return []
  return [...retriedAround(state), ...(state.kind === 'Map' ? toleratedWrite(state) : parallelWrites(state))]
}

function retriedWrite(state: TaskState): Problem[] {
  if (state.effect === 'read' || state.retry.length === 0 || canBeRepeated(state)) return []
  return [
    problem(
      state,
      'retried-write',
      `\`${state.name}\` would repeat a write that nobody can ask about`,
      'delete `Retry`; or use PUT or DELETE, or say `repeatable: true` if the service does each request once',
    ),
  ]
}

// Tasks that write to switches ask the switch before they repeat; of services, some requests may come twice (RFC 9110, section 9.2.2).
function canBeRepeated({ task, flow }: TaskState) {
  if (SWITCH_WRITES.includes(task)) return true
  const given = flow.language === 'jsonata' && isJsonObject(flow.arguments) ? flow.arguments : {}
  return given.repeatable === true || given.method === 'PUT' || given.method === 'DELETE'
}

function retriedAround(state: Exclude<State, TaskState>): Problem[] {
  if (!('retry' in state) || state.retry.length === 0 || !holdsTask(state, ({ effect }) => effect !== 'read')) return []
  return [
    problem(
      state,
      'retried-write',
      `\`${state.name}\` would repeat the writes inside it, those that succeeded too`,
      'move `Retry` to the states that read',
    ),
  ]
}

function toleratedWrite(state: MapState): Problem[] {
  const tolerates = state.toleratedFailureCount !== undefined || state.toleratedFailurePercentage !== undefined
  if (!tolerates || !holdsTask(state, writesToSwitches)) return []
  const hint = 'delete the tolerated failures: all switches are confirmed, or none'
  return [
    problem(state, 'tolerated-write', `\`${state.name}\` tolerates failures of states that write to switches`, hint),
  ]
}

function parallelWrites(state: Extract<State, { kind: 'Parallel' }>): Problem[] {
  const writing = state.branches.filter((branch) => machineHolds(branch, writesToSwitches))
  if (writing.length < 2) return []
  const message = `${writing.length} branches of \`${state.name}\` write to switches at the same time`
  return [problem(state, 'parallel-writes', message, 'let one branch write, or put them one after the other')]
}

// A task that must not be in a Map with those before it.
const EARLY = [
  {
    task: 'confirm',
    behind: ['push'],
    what: 'confirms',
    before: 'verified',
    hint: 'confirm in a separate Map behind it, with `Items: targets`: all switches are confirmed, or none',
  },
  {
    task: 'save',
    behind: ['push', 'confirm'],
    what: 'saves',
    before: 'confirmed',
    hint: 'save in a separate Map behind the one that confirms, with `Items: targets`: commit timers run while a switch is saved',
  },
]

function earlyProblems(states: readonly NestedState[]): Problem[] {
  return EARLY.flatMap(({ task: name, behind, what, before, hint }) =>
    states.flatMap(({ state, around }) => {
      const outer = around.find((one) => one.kind === 'Map')
      if (state.kind !== 'Task' || state.task !== name || outer === undefined) return []
      if (!holdsTask(outer, ({ task }) => behind.includes(task))) return []
      const message = `\`${state.name}\` ${what} inside \`${outer.name}\`, before all switches are ${before}`
      return [problem(state, `${name}-early`, message, hint)]
    }),
  )
}

const writesToSwitches = ({ task }: TaskState) => SWITCH_WRITES.includes(task)

function problem({ at }: State, code: string, message: string, hint: string): Problem {
  return { code, message, at, hint }
}
