import type { Json } from '../model/json.ts'
import type { Place } from '../model/problem.ts'
import type { MapState, State, StateMachine, TaskState, WaitState } from './machine.ts'
import type { Step } from './step.ts'
import { TASKS, type TaskName } from './task-table.ts'

/**
 * The machine that the steps of a workflow are (design 4): every step runs once over all switches, except push and
 * verify, which run per switch inside a Map over waves; with `atomic: change` one confirm over all switches follows.
 */
export function toMachine(steps: readonly Step[], concurrency: number, end: Place): StateMachine {
  let waits = 0
  const states = steps.flatMap((step): State[] => {
    if (step.name === 'wait') {
      waits += 1
      return [wait(waits === 1 ? 'Wait' : `Wait${waits}`, step.input, step.at)]
    }
    return statesOf(step, steps, concurrency)
  })
  return chain([...states, { kind: 'Succeed', name: 'Done', at: end, flow: { language: 'jsonata' } }])
}

function statesOf(step: Exclude<Step, { name: 'wait' }>, steps: readonly Step[], concurrency: number): State[] {
  const { at } = step
  switch (step.name) {
    case 'snapshot':
      return [task('Snapshot', 'snapshot', { state: step.input.state }, at)]
    case 'plan':
      return [task('Plan', 'plan', {}, at)]
    case 'approve':
      return [task('Approve', 'approve', { expires: step.input.expires }, at)]
    case 'push':
      return [task('CheckBase', 'recheck', {}, at), rollOut(step, steps, concurrency)]
    case 'verify':
      return []
    case 'confirm':
      return [
        task('CheckReady', 'ready', {}, at),
        map('ConfirmAll', { from: 'targets' }, concurrency, [task('Confirm', 'confirm', {}, at)], at),
      ]
  }
}

function rollOut({ at }: Step, steps: readonly Step[], concurrency: number): MapState {
  const verify = steps.find((step) => step.name === 'verify')
  const body = [task('Push', 'push', {}, at)]
  if (verify !== undefined) {
    const { within, stableFor, every } = verify.input
    body.push(task('Verify', 'verify', { within, stableFor, every }, verify.at))
  }
  return map('RollOutWaves', { from: 'waves' }, 1, [map('RollOutWave', { from: 'wave' }, concurrency, body, at)], at)
}

function task(name: string, called: TaskName, input: Json, at: Place): TaskState {
  const { scope, effect, undo } = TASKS[called]
  return {
    kind: 'Task',
    name,
    at,
    flow: { language: 'jsonata', arguments: input },
    task: called,
    scope,
    effect,
    undo: { by: undo },
    token: false,
    retry: [],
    catch: [],
  }
}

function map(
  name: string,
  items: MapState['items'],
  maxConcurrency: number,
  body: readonly State[],
  at: Place,
): MapState {
  return {
    kind: 'Map',
    name,
    at,
    flow: { language: 'jsonata' },
    items,
    maxConcurrency: { from: 'literal', value: maxConcurrency },
    iterator: chain(body),
    retry: [],
    catch: [],
  }
}

function wait(name: string, seconds: number, at: Place): WaitState {
  return { kind: 'Wait', name, at, flow: { language: 'jsonata' }, seconds: { from: 'literal', value: seconds } }
}

/** States one after the other. */
function chain(states: readonly State[]): StateMachine {
  const linked = states.map((state, index): State => {
    const next = states[index + 1]?.name
    return next === undefined || state.kind === 'Succeed' || state.kind === 'Fail' || state.kind === 'Choice'
      ? state
      : { ...state, next }
  })
  return {
    version: 2,
    startAt: linked[0]?.name ?? '',
    states: Object.fromEntries(linked.map((state) => [state.name, state])),
  }
}
