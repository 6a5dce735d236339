import type { Place } from '../../model/error.ts'
import { definedMembers, type Json } from '../../model/json.ts'
import type { RolloutShape } from './check-calls.ts'
import { argumentsOf, type WorkflowStep } from './definition/step.ts'
import {
  type MapState,
  type State,
  type StateMachine,
  TASKS,
  type TaskName,
  type TaskState,
  type WaitState,
} from './machine/machine.ts'
import { stepNamed } from './safety/form.ts'

type StepOf<Name extends WorkflowStep['name']> = Extract<WorkflowStep, { name: Name }>

interface Source {
  readonly steps: readonly WorkflowStep[]
  readonly rollout: RolloutShape
  readonly soaks: readonly StepOf<'wait'>[]
  readonly nameOf: (step: WorkflowStep) => string
}

/** The machine that the steps of a workflow are (ADR 0016): every step runs once over all switches, except push and verify, which run per switch inside a Map over waves. What is confirmed together is `atomic`: all switches by one confirm behind that Map, those of a wave at the end of the wave, or each switch right after its verification. */
export function toMachine(steps: readonly WorkflowStep[], rollout: RolloutShape, end: Place): StateMachine {
  const waits = steps.filter(({ name }) => name === 'wait')
  const source: Source = {
    steps,
    rollout,
    soaks: soaksIn(steps),
    nameOf: (step) => (waits.indexOf(step) > 0 ? `Wait${waits.indexOf(step) + 1}` : 'Wait'),
  }
  const states = steps.flatMap((step) => statesOf(step, source))
  return chain([...states, { kind: 'Succeed', name: 'Done', at: end, flow: { language: 'jsonata' } }])
}

export function soaksIn(steps: readonly WorkflowStep[]): readonly StepOf<'wait'>[] {
  const from = steps.findIndex(({ name }) => name === 'push')
  const to = steps.findIndex(({ name }) => name === 'confirm')
  return steps.slice(from, to).filter((step): step is StepOf<'wait'> => step.name === 'wait')
}

function statesOf(step: WorkflowStep, source: Source): State[] {
  const { at } = step
  const isOneUnit = source.rollout.atomic === 'change'
  switch (step.name) {
    case 'snapshot':
      return [task('Snapshot', 'snapshot', argumentsOf('snapshot', step.input), at)]
    case 'plan':
      return [task('Plan', 'plan', {}, at)]
    case 'approve':
      return [task('Approve', 'approve', { expires: step.input.expires }, at)]
    case 'push':
      return [task('CheckBase', 'recheck', {}, at), rollOut(step, source)]
    case 'verify':
      return []
    case 'wait':
      return isOneUnit || !source.soaks.includes(step) ? [wait(step, source)] : []
    case 'confirm':
      return isOneUnit ? [ready(step, source), ...confirmEach('All', 'targets', step, source)] : []
  }
}

function rollOut({ at }: WorkflowStep, source: Source): MapState {
  const { steps, rollout, soaks } = source
  const body = [task('Push', 'push', {}, at), ...verifying(steps, rollout)]
  const confirm = stepNamed(steps, 'confirm')
  const isByDevice = rollout.atomic === 'device' && confirm !== undefined
  const isByWave = rollout.atomic === 'wave' && confirm !== undefined
  if (isByDevice) {
    const looked = soaks.length === 0 ? [] : [...soaks.map((soak) => wait(soak, source)), ready(confirm, source)]
    body.push(...looked, task('Confirm', 'confirm', {}, confirm.at), task('Save', 'save', {}, confirm.at))
  }
  const wave: MapState = {
    ...map('RollOutWave', { from: 'wave' }, rollout.concurrency, body, at),
    ...(rollout.maxFailures === 0
      ? {}
      : { toleratedFailureCount: { from: 'budget', failures: rollout.maxFailures } as const }),
    ...(isByDevice ? { settles: true as const } : {}),
  }
  const behind = isByWave
    ? [
        ...soaks.map((soak) => wait(soak, source)),
        ready(confirm, source),
        ...confirmEach('Wave', 'wave', confirm, source),
      ]
    : []
  return {
    ...map('RollOutWaves', { from: 'waves' }, 1, [wave, ...behind], at),
    ...(isByWave ? { settles: true as const } : {}),
  }
}

function verifying(steps: readonly WorkflowStep[], { hasCanary }: RolloutShape): State[] {
  const verify = stepNamed(steps, 'verify')
  if (verify === undefined) return []
  const { within, stableFor, every, latency } = verify.input
  const given = {
    ...(within === undefined || hasCanary ? {} : { within }),
    ...(stableFor === undefined || hasCanary ? {} : { stableFor }),
    every,
    ...definedMembers({ latency }),
  }
  return [task('Verify', 'verify', given, verify.at)]
}

// A single switch was looked at in its last round, unless time has passed since.
function ready({ at }: WorkflowStep, { soaks }: Source): TaskState {
  return task('CheckReady', 'ready', soaks.length === 0 ? {} : { always: true }, at)
}

function confirmEach(
  what: 'All' | 'Wave',
  from: 'targets' | 'wave',
  { at }: WorkflowStep,
  { rollout: { concurrency } }: Source,
): readonly MapState[] {
  return [
    map(`Confirm${what}`, { from }, concurrency, [task('Confirm', 'confirm', {}, at)], at),
    map(`Save${what}`, { from }, concurrency, [task('Save', 'save', {}, at)], at),
  ]
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

function wait(step: StepOf<'wait'>, { nameOf }: Source): WaitState {
  return {
    kind: 'Wait',
    name: nameOf(step),
    at: step.at,
    flow: { language: 'jsonata' },
    seconds: { from: 'literal', value: step.input },
  }
}

function chain(states: readonly State[]): StateMachine {
  const linked = states.map((state, index) => {
    const next = states[index + 1]?.name
    return next === undefined || state.kind === 'Succeed' || state.kind === 'Fail' || state.kind === 'Choice'
      ? state
      : { ...state, next }
  })
  return {
    version: 3,
    startAt: linked[0]?.name ?? '',
    states: Object.fromEntries(linked.map((state) => [state.name, state])),
  }
}
