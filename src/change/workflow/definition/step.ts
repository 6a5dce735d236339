import { z } from 'zod'
import type { Place, Problem, ValueOrProblems } from '../../../model/error.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { accept, keyPlaceOf, type LocatedValue, locatedAt, placeOf, refuse } from '../../../text/source/located.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import { parseWith } from '../../../text/source/yaml.ts'
import type { WorkflowKey } from './workflow-key.ts'
import { STEP_INPUTS, STEPS_NOT_BUILT, type StepName, stepInputs } from './workflow-schema.ts'

const OWN_INPUTS = {
  recheck: z.strictObject({
    always: z.boolean().default(false).describe('Compare even when only one switch changes.'),
  }),
  ready: z.strictObject({}),
  save: z.strictObject({}),
  rollback: z.strictObject({}),
} as const

/** The inputs of tasks that are constant, with the keys that features bring. */
export function taskInputs(keys: readonly WorkflowKey[]): ConstantInputs {
  const { wait: _, ...steps } = stepInputs(keys)
  return { ...steps, ...OWN_INPUTS }
}

type ConstantInputs = Omit<typeof STEP_INPUTS, 'wait'> & typeof OWN_INPUTS

export type ConstantTask = keyof ConstantInputs

type TaskInput<Name extends ConstantTask> = z.output<ConstantInputs[Name]>

export function argumentsOf<Name extends ConstantTask>(name: Name, input: TaskInput<Name>): JsonObject {
  const own: readonly string[] = OWN[name] ?? []
  return Object.fromEntries(Object.entries(input).filter(([key]) => own.includes(key)))
}

const OWN: Partial<Readonly<Record<ConstantTask, readonly string[]>>> = {
  snapshot: ['state', 'neighbors'],
  approve: ['expires'],
  verify: ['within', 'stableFor', 'every', 'latency'],
  recheck: ['always'],
}

type StepInputs = { readonly [Name in StepName]: z.output<(typeof STEP_INPUTS)[Name]> }

export type WorkflowStep = {
  readonly [Name in StepName]: {
    readonly name: Name
    readonly input: StepInputs[Name]
    readonly at: Place
    readonly located: LocatedValue
  }
}[StepName]

/** Reads the list under `steps:`, each step by its own schema. The second list holds every fault. */
export function readSteps(
  list: LocatedValue,
  keys: readonly WorkflowKey[],
): {
  readonly steps: readonly WorkflowStep[]
  readonly problems: readonly Problem[]
} {
  const items = Array.isArray(list.value) ? (list.value as readonly Json[]) : []
  const inputs = stepInputs(keys)
  const read = items.map((_, index) => readStep(locatedAt(list, [index]) ?? list, inputs))
  return {
    steps: read.flatMap((step) => (step.ok ? [step.value] : [])),
    problems: read.flatMap((step) => (step.ok ? [] : step.problems)),
  }
}

function readStep(item: LocatedValue, inputs: typeof STEP_INPUTS) {
  const named = nameOf(item)
  if (!named.ok) return named
  const { name, at, input } = named.value
  const schema: z.ZodType = inputs[name]
  const parsed = parseWith(schema, input)
  if (!parsed.ok) return parsed
  return accept({ name, input: parsed.value, at, located: input } as WorkflowStep)
}

function nameOf(item: LocatedValue): ValueOrProblems<{ name: StepName; at: Place; input: LocatedValue }> {
  const { value } = item
  const at = placeOf(item)
  if (typeof value === 'string') return known(value, at, { ...item, value: {} })
  const names = isJsonObject(value) ? Object.keys(value) : []
  const [name] = names
  if (name === undefined || names.length > 1) {
    const hint = 'write one step per item: `- plan`, or `- push: { confirmWithin: 10m }`'
    return refuse({
      code: 'bad-step',
      message: names.length > 1 ? `one item holds ${names.length} steps: ${names.join(', ')}` : 'this is not a step',
      at,
      hint,
    })
  }
  const input = locatedAt(item, [name]) ?? item
  return known(name, keyPlaceOf(item, [name]), input.value === null ? { ...input, value: {} } : input)
}

function known(
  name: string,
  at: Place,
  input: LocatedValue,
): ValueOrProblems<{ name: StepName; at: Place; input: LocatedValue }> {
  if (Object.hasOwn(STEP_INPUTS, name)) return accept({ name: name as StepName, at, input })
  if (STEPS_NOT_BUILT.includes(name)) {
    const hint = 'delete it: what eosflow cannot do yet is refused, never ignored'
    return refuse({ code: 'not-built-yet', message: `the step \`${name}\` is not built yet`, at, hint })
  }
  const hint = didYouMean(name, Object.keys(STEP_INPUTS))
  return refuse({ code: 'unknown-step', message: `there is no step \`${name}\``, at, hint })
}

export function placeIn({ located, at }: WorkflowStep, key: string, what: 'key' | 'value' = 'value'): Place {
  if (locatedAt(located, [key]) === undefined) return at
  return what === 'key' ? keyPlaceOf(located, [key]) : placeOf(located, [key])
}
