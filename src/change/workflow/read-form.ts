import type { z } from 'zod'
import type { Place, Problem, ValueOrProblems } from '../../model/error.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
import {
  accept,
  acceptUnless,
  keyPlaceOf,
  type LocatedValue,
  locatedAt,
  type Path,
  placeOf,
  refuse,
  textPlaceOf,
} from '../../text/source/located.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import { parseWith } from '../../text/source/yaml.ts'
import type { Dialect, TaskBinding } from './asl/part.ts'
import { readMachine } from './asl/read-machine.ts'
import {
  callProblems,
  type KnownTask,
  ownCeilingProblems,
  type RolloutShape,
  rolloutIn,
  rolloutOfStatesProblems,
} from './check-calls.ts'
import { argumentsOf, type ConstantTask, readSteps, taskInputs, type WorkflowStep } from './definition/step.ts'
import type { WorkflowKey } from './definition/workflow-key.ts'
import { STEP_INPUTS, type StepName } from './definition/workflow-schema.ts'
import {
  isOverSwitches,
  type MapState,
  machinesIn,
  type State,
  type StateMachine,
  statesIn,
  TASKS,
  type TaskState,
} from './machine/machine.ts'
import { armedTime, DEFAULT_WITHIN, NO_TIME } from './safety/duration.ts'
import { type Form, formless, stepNamed } from './safety/form.ts'
import { machineProblems } from './safety/machine-problems.ts'
import { statesSchema } from './schema/states-schema.ts'
import { concurrencyOf } from './timers.ts'
import { soaksIn, toMachine } from './to-machine.ts'

const PREFIX = 'eosflow:'

const CALLBACK = '.waitForTaskToken'

/** What `states:` of a workflow file takes: JSONata only, our own tasks, and what Amazon States Language cannot say of a change. */
export const workflowDialect: Dialect = {
  type: 'STANDARD',
  languages: ['JSONata'],
  extensions: true,
  resource: (resource: string, at: Place) => {
    const binding = BINDINGS.get(resource)
    if (binding !== undefined) return accept(binding)
    const hint = didYouMean(resource, [...BINDINGS.keys()])
    return refuse({ code: 'unknown-task', message: `there is no task \`${resource}\``, at, hint })
  },
}

const BINDINGS: ReadonlyMap<string, TaskBinding> = new Map(
  Object.entries(TASKS).flatMap(([task, { scope, effect, undo, token }]): [string, TaskBinding][] => {
    const binding: TaskBinding = { task, scope, effect, undo: { by: undo }, token }
    const called: [string, TaskBinding] = [`${PREFIX}${task}`, binding]
    return task === 'http' ? [called, [`${PREFIX}${task}${CALLBACK}`, { ...binding, token: true }]] : [called]
  }),
)

interface StatesForm {
  readonly machine: StateMachine
  readonly steps: readonly WorkflowStep[]
  readonly written: ReadonlyMap<string, LocatedValue>
}

// `concurrency` is for Maps over switches that name none.
function readStates(
  file: LocatedValue,
  concurrency: number,
  keys: readonly WorkflowKey[],
): ValueOrProblems<StatesForm> {
  const states = locatedAt(file, ['states']) ?? file
  const start = locatedAt(file, ['startAt'])
  const shape = [...problemsOfShape(states), ...transitionProblems(start, states)]
  if (start === undefined) return acceptUnless([noStart(states), ...shape], () => NO_FORM)
  const read = readMachine(asMachine(file), workflowDialect)
  if (!read.ok || shape.length > 0) {
    const told = shape.length > 0 ? TOLD_BY_SHAPE : TOLD_BETTER
    const beyond = (read.ok ? [] : read.problems).filter(({ code }) => !told.includes(code)).map(withHint)
    return acceptUnless([...shape, ...beyond], () => NO_FORM)
  }
  const written = writtenStates(states)
  const tasks = statesIn(read.value).flatMap(({ state }) => (state.kind === 'Task' ? [state] : []))
  const shapes = taskInputs(keys)
  const inputs = tasks.map((task) => inputOf(task, written.get(task.name) ?? file, shapes))
  const problems = [...inputs.flatMap((input) => input?.problems ?? []), ...differing(inputs)]
  const given = new Map(inputs.flatMap((input) => (input?.value === undefined ? [] : [[input.task.name, input.value]])))
  return acceptUnless(problems, () => ({
    machine: completed(read.value, { concurrency, given, written }),
    steps: inputs.flatMap((input) => input?.step ?? []),
    written,
  }))
}

const TOLD_BETTER: readonly string[] = ['missing-transition-target']

const TOLD_BY_SHAPE: readonly string[] = [...TOLD_BETTER, 'schema-validation-failed', 'missing-end-state']

function withHint(problem: Problem): Problem {
  const hint = problem.hint ?? HINTS[problem.code] ?? 'the fields of each state are in docs/workflow.md, under states'
  return { ...problem, hint }
}

const HINTS: Readonly<Record<string, string>> = {
  'missing-end-state': 'end one of its states: `End: true`, or a state with `Type: Succeed`',
  'duplicate-state-name': 'rename one of them: names are unique in the whole file',
  'invalid-jsonata-expression': 'see its brackets and quotes: an expression is JSONata between `{%` and `%}`',
}

const NO_FORM: StatesForm = { machine: { version: 3, startAt: '', states: {} }, steps: [], written: new Map() }

function noStart(states: LocatedValue): Problem {
  const hint = 'add `startAt:` with the name of the first state'
  return { code: 'missing-key', message: 'the key `startAt` is missing', at: keyPlaceOf(states), hint }
}

function problemsOfShape(states: LocatedValue): readonly Problem[] {
  const parsed = parseWith(statesSchema, states)
  return parsed.ok ? [] : parsed.problems
}

function asMachine(file: LocatedValue): LocatedValue {
  const renamed = [
    ['StartAt', 'startAt'],
    ['States', 'states'],
  ] as const
  const found = renamed.flatMap(([to, from]) => {
    const member = locatedAt(file, [from])
    return member === undefined ? [] : [[to, member] as const]
  })
  const states = locatedAt(file, ['states'])?.spot ?? file.spot
  return {
    ...file,
    value: Object.fromEntries(found.map(([key, { value }]) => [key, value])),
    spot: { ...states, members: new Map(found.map(([key, { spot }]) => [key, spot])) },
  }
}

function writtenStates(states: LocatedValue | undefined): ReadonlyMap<string, LocatedValue> {
  if (states === undefined || !isJsonObject(states.value)) return new Map()
  return new Map(
    Object.entries(states.value).flatMap(([name, value]) => {
      const state = locatedAt(states, [name])
      if (state === undefined) return []
      const inner = writtenMachines(value).flatMap((path) => [...writtenStates(locatedAt(state, [...path, 'States']))])
      return [[name, state] as const, ...inner]
    }),
  )
}

interface Input {
  readonly task: TaskState
  readonly problems: readonly Problem[]
  readonly value?: Json
  readonly step?: WorkflowStep
}

function inputOf(task: TaskState, written: LocatedValue, shapes: ReturnType<typeof taskInputs>): Input | undefined {
  if (!Object.hasOwn(shapes, task.task)) return undefined
  const name = task.task as ConstantTask
  const given = locatedAt(written, ['Arguments']) ?? {
    ...written,
    value: {},
    spot: { value: written.spot.value, members: new Map() },
  }
  const expressions = expressionsIn(given)
  if (expressions.length > 0) return { task, problems: expressions.map((one) => notConstant(task, one)) }
  const schema: z.ZodType = shapes[name]
  const parsed = parseWith(schema, given)
  if (!parsed.ok) return { task, problems: parsed.problems }
  const input = parsed.value as never
  const value = argumentsOf(name, input)
  if (!Object.hasOwn(STEP_INPUTS, name)) return { task, problems: [], value }
  const step = { name, input, at: placeOf(written), located: given } as unknown as WorkflowStep
  return { task, problems: [], value, step }
}

function expressionsIn(located: LocatedValue): readonly LocatedValue[] {
  const { value } = located
  if (typeof value === 'string') return value.startsWith('{%') && value.endsWith('%}') ? [located] : []
  if (value === null || typeof value !== 'object') return []
  return Object.keys(value).flatMap((key) => {
    const member = locatedAt(located, [Array.isArray(value) ? Number(key) : key])
    return member === undefined ? [] : expressionsIn(member)
  })
}

function notConstant({ name, task }: TaskState, expression: LocatedValue): Problem {
  return {
    code: 'not-constant',
    message: `what \`${name}\` gives to \`${task}\` must be constant: the plan is made of it before any expression has a value`,
    at: placeOf(expression),
    hint: 'write the value itself; a check may use parameters: `{{ name }}`',
  }
}

function differing(inputs: readonly (Input | undefined)[]): Problem[] {
  const steps = inputs.flatMap((input) => input?.step ?? [])
  return steps.flatMap(({ name, input, at, located }) => {
    const first = steps.find((other) => other.name === name)
    if (first === undefined || JSON.stringify(first.input) === JSON.stringify(input)) return []
    const message = `two states give \`${name}\` different arguments, and a plan has room for one`
    return [
      {
        code: 'different-arguments',
        message,
        at: located.spot.key === undefined ? at : keyPlaceOf(located),
        hint: 'give both the same',
      },
    ]
  })
}

interface Completion {
  readonly concurrency: number
  readonly given: ReadonlyMap<string, Json>
  readonly written: ReadonlyMap<string, LocatedValue>
}

function completed(machine: StateMachine, completion: Completion): StateMachine {
  const states = Object.values(machine.states).map((state) => completedState(state, completion))
  return { ...machine, states: Object.fromEntries(states.map((state) => [state.name, state])) }
}

function completedState(state: State, completion: Completion): State {
  if (state.kind === 'Task') return completedTask(state, completion)
  if (state.kind === 'Parallel') {
    return { ...state, branches: machinesIn(state).map((branch) => completed(branch, completion)) }
  }
  if (state.kind !== 'Map') return state
  return { ...withConcurrency(state, completion.concurrency), iterator: completed(state.iterator, completion) }
}

function withConcurrency(state: MapState, concurrency: number): MapState {
  const { items, maxConcurrency: most } = state
  if (!isOverSwitches(state) || most.from !== 'literal' || most.value !== 0) return state
  return { ...state, maxConcurrency: { from: 'literal', value: items.from === 'waves' ? 1 : concurrency } }
}

// A GET changes nothing, whoever answers it (RFC 9110, section 9.2.1).
function completedTask(state: TaskState, { given, written }: Completion): TaskState {
  const value = given.get(state.name)
  if (value !== undefined)
    return { ...state, flow: { ...state.flow, language: 'jsonata', arguments: value } as TaskState['flow'] }
  const raw = written.get(state.name)?.value
  if (state.task !== 'http' || !isJsonObject(raw) || raw.Effect !== undefined) return state
  const method = isJsonObject(raw.Arguments) ? raw.Arguments.method : undefined
  return method === 'GET' || method === 'HEAD' ? { ...state, effect: 'read' } : state
}

function transitionProblems(start: LocatedValue | undefined, states: LocatedValue | undefined): readonly Problem[] {
  if (states === undefined || !isJsonObject(states.value)) return []
  const names = Object.keys(states.value)
  const members = names.flatMap((name) => locatedAt(states, [name]) ?? [])
  const targets = [start, ...members.flatMap(targetsIn)].filter((target) => target !== undefined)
  return [
    ...targets.flatMap((target) => unknownState(target, names)),
    ...members.flatMap((state) =>
      writtenMachines(state.value).flatMap((path) =>
        transitionProblems(locatedAt(state, [...path, 'StartAt']), locatedAt(state, [...path, 'States'])),
      ),
    ),
  ]
}

function unknownState(target: LocatedValue, names: readonly string[]): Problem[] {
  const { value } = target
  if (typeof value !== 'string' || names.includes(value)) return []
  const message = `there is no state \`${value}\` here`
  return [{ code: 'unknown-state', message, at: textPlaceOf(target), hint: didYouMean(value, names) }]
}

function targetsIn(state: LocatedValue) {
  const inLists = ['Choices', 'Catch'].flatMap((list) =>
    indices(isJsonObject(state.value) ? state.value[list] : undefined).map((index) => [list, index, 'Next']),
  )
  return [['Next'], ['Default'], ...inLists].flatMap((path) => locatedAt(state, path) ?? [])
}

function writtenMachines(state: Json): readonly Path[] {
  if (!isJsonObject(state)) return []
  return [['ItemProcessor'], ...indices(state.Branches).map((index) => ['Branches', index])]
}

function indices(list: Json | undefined) {
  return Array.isArray(list) ? [...list.keys()] : []
}

const ORDER: readonly StepName[] = ['snapshot', 'plan', 'approve', 'push', 'verify', 'confirm']
const REQUIRED: readonly StepName[] = ['snapshot', 'plan', 'push', 'verify', 'confirm']

function orderProblems(steps: readonly WorkflowStep[], listAt: Place): readonly Problem[] {
  return [...missing(steps, listAt), ...repeated(steps), ...tooEarly(steps), ...betweenPushAndVerify(steps)]
}

function missing(steps: readonly WorkflowStep[], at: Place): Problem[] {
  return REQUIRED.filter((name) => !steps.some((step) => step.name === name)).map((name) => ({
    code: 'missing-step',
    message: `the step \`${name}\` is missing`,
    at,
    hint: `the order is ${ORDER.join(', ')}; only approve may be left out`,
  }))
}

function repeated(steps: readonly WorkflowStep[]): Problem[] {
  return steps
    .filter(({ name }, index) => name !== 'wait' && steps.findIndex((other) => other.name === name) < index)
    .map(({ name, at }) => ({
      code: 'repeated-step',
      message: `the step \`${name}\` is there twice`,
      at,
      hint: 'delete one of the two',
    }))
}

function tooEarly(steps: readonly WorkflowStep[]): Problem[] {
  const ranked = steps.filter(({ name }) => name !== 'wait')
  return ranked.flatMap(({ name, at }, index) => {
    const before = ranked.slice(index + 1).find((later) => ORDER.indexOf(later.name) < ORDER.indexOf(name))
    if (before === undefined) return []
    const hint = `move \`${before.name}\` before \`${name}\`: the order is ${ORDER.join(', ')}`
    return [{ code: 'step-order', message: `\`${name}\` comes before \`${before.name}\``, at, hint }]
  })
}

function betweenPushAndVerify(steps: readonly WorkflowStep[]): Problem[] {
  const push = steps.findIndex(({ name }) => name === 'push')
  const next = steps[push + 1]
  if (push < 0 || next?.name !== 'wait') return []
  const hint = 'move it behind `verify`, or use `stableFor`'
  return [
    {
      code: 'step-order',
      message: 'no step may be between `push` and `verify`: the commit timer runs',
      at: next.at,
      hint,
    },
  ]
}

/** Reads `steps:` or `states:` of a workflow file. */
export function readForm(file: LocatedValue, tasks: readonly KnownTask[], keys: readonly WorkflowKey[]): Form {
  const rollout = rolloutIn(file)
  const steps = locatedAt(file, ['steps'])
  const states = locatedAt(file, ['states'])
  const startAt = locatedAt(file, ['startAt'])
  if (states !== undefined && steps === undefined) {
    const form = formOfStates(file, rollout.concurrency, tasks, keys)
    return { ...form, problems: [...form.problems, ...rolloutOfStatesProblems(file)] }
  }
  if (steps !== undefined && states === undefined && startAt === undefined) return formOfSteps(steps, rollout, keys)
  return formless(steps === undefined ? noForm(file) : twoForms(file, states === undefined ? 'startAt' : 'states'))
}

function noForm(file: LocatedValue): Problem {
  const hint = 'add it, for example `steps: ["snapshot","plan","push","..."]`; or `startAt` and `states`'
  return { code: 'missing-key', message: 'the key `steps` is missing', at: placeOf(file), hint }
}

function twoForms(file: LocatedValue, key: string): Problem {
  const message = `\`${key}\` is beside \`steps\`: a workflow has one of its two forms`
  return { code: 'two-forms', message, at: keyPlaceOf(file, [key]), hint: `delete \`steps\`, or \`${key}\`` }
}

function formOfSteps(list: LocatedValue, rollout: RolloutShape, keys: readonly WorkflowKey[]): Form {
  const { steps, problems } = readSteps(list, keys)
  const place = keyPlaceOf(list)
  const verify = stepNamed(steps, 'verify')
  const perRound = verify === undefined ? 0 : (verify.input.within ?? DEFAULT_WITHIN)
  return {
    kind: 'steps',
    steps,
    machine: toMachine(steps, rollout, place),
    concurrency: rollout.concurrency,
    armed: { constant: soaksIn(steps).reduce((sum, { input }) => sum + input, 0), perWave: 0, perRound },
    problems: problems.length > 0 ? problems : orderProblems(steps, place),
  }
}

function formOfStates(
  file: LocatedValue,
  concurrency: number,
  tasks: readonly KnownTask[],
  keys: readonly WorkflowKey[],
): Form {
  const read = readStates(file, concurrency, keys)
  if (!read.ok) return { ...formless(...read.problems), kind: 'states' }
  const { machine, steps, written } = read.value
  const calls = statesIn(machine).flatMap(({ state }) =>
    state.kind === 'Task' ? taskProblems(state, written.get(state.name) ?? file, tasks) : [],
  )
  const pushedAtATime = concurrencyOf(machine, 'push') ?? concurrency
  const unsafe = machineProblems(machine, written)
  const armed = armedTime(machine, pushedAtATime)
  return {
    kind: 'states',
    steps,
    machine,
    concurrency: pushedAtATime,
    armed: armed.ok ? armed.value : NO_TIME,
    problems: [...calls, ...unsafe, ...(armed.ok || unsafe.length > 0 ? [] : armed.problems)],
  }
}

function taskProblems(state: TaskState, written: LocatedValue, tasks: readonly KnownTask[]) {
  return [...callProblems(state, written, tasks), ...ownCeilingProblems(state, written)]
}
