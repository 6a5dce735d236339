import type { JsonObject } from '../model/json.ts'
import type { Scope } from '../model/principal.ts'
import type { Place } from '../model/problem.ts'
import type { MapState, State, StateMachine, TaskState, WaitState } from './machine.ts'
import type { Step } from './step.ts'

/**
 * The machine that the steps of a workflow are (design 4): every step runs once over all switches, except push and
 * verify, which run per switch inside a Map over waves; with `atomic: change` one confirm over all switches follows.
 */
export function toMachine(steps: readonly Step[], concurrency: number, end: Place): StateMachine {
  let waits = 0
  const states = steps.flatMap((step): State[] => {
    if (step.name === 'wait') {
      waits += 1
      return [
        {
          kind: 'Wait',
          name: waits === 1 ? 'Wait' : `Wait${waits}`,
          at: step.at,
          seconds: step.input,
        } satisfies WaitState,
      ]
    }
    return statesOf(step, steps, concurrency)
  })
  return chain([...states, { kind: 'Succeed', name: 'Done', at: end }])
}

function statesOf(step: Exclude<Step, { name: 'wait' }>, steps: readonly Step[], concurrency: number): State[] {
  const { at } = step
  switch (step.name) {
    case 'snapshot':
      return [task('Snapshot', 'snapshot', 'task.snapshot', { state: step.input.state }, at)]
    case 'plan':
      return [task('Plan', 'plan', 'task.plan', {}, at)]
    case 'approve':
      return [task('Approve', 'approve', 'plan.read', { expires: step.input.expires }, at)]
    case 'push':
      return [task('CheckBase', 'recheck', 'task.snapshot', {}, at), rollOut(step, steps, concurrency)]
    case 'verify':
      return []
    case 'confirm':
      return [
        task('CheckReady', 'ready', 'task.verify', {}, at),
        map('ConfirmAll', { from: 'targets' }, concurrency, [task('Confirm', 'confirm', 'task.confirm', {}, at)], at),
      ]
  }
}

function rollOut({ at }: Step, steps: readonly Step[], concurrency: number): MapState {
  const verify = steps.find((step) => step.name === 'verify')
  const body = [task('Push', 'push', 'task.push', {}, at)]
  if (verify !== undefined) {
    const { within, stableFor, every } = verify.input
    body.push(task('Verify', 'verify', 'task.verify', { within, stableFor, every }, verify.at))
  }
  return map('RollOutWaves', { from: 'waves' }, 1, [map('RollOutWave', { from: 'wave' }, concurrency, body, at)], at)
}

function task(name: string, called: string, scope: Scope, input: JsonObject, at: Place): TaskState {
  return { kind: 'Task', name, at, task: called, input, scope }
}

function map(
  name: string,
  items: MapState['items'],
  maxConcurrency: number,
  body: readonly State[],
  at: Place,
): MapState {
  return { kind: 'Map', name, at, items, maxConcurrency, iterator: chain(body) }
}

/** States one after the other. */
function chain(states: readonly State[]): StateMachine {
  const linked = states.map((state, index): State => {
    const next = states[index + 1]?.name
    return next === undefined || state.kind === 'Succeed' || state.kind === 'Fail' ? state : { ...state, next }
  })
  return {
    version: 1,
    startAt: linked[0]?.name ?? '',
    states: Object.fromEntries(linked.map((state) => [state.name, state])),
  }
}
