import { definedMembers } from '../../model/defined-members.ts'
import { EosflowError } from '../../model/error.ts'
import type { Json } from '../../model/json.ts'
import { mostFailures } from '../plan/left-out-switch.ts'
import type { EventBody } from '../record/event/event.ts'
import type { MapState, Source } from '../workflow/machine/machine.ts'
import { QueryFault } from '../workflow/query/language/query-fault.ts'
import { failuresSoFar, shareBase } from './absence.ts'
import { childPath, devicesAt, mapsAround } from './scope-path.ts'
import type { ExecutionState, ScopeState } from './state.ts'
import { fieldOf, type TransitionContext } from './transition-context.ts'

export async function beginMap(moment: TransitionContext, state: MapState): Promise<EventBody> {
  const { language, sight, path } = moment
  const { effective } = await language.begin(state.flow, sight)
  const items = await itemsOf(moment, state, effective)
  const count = async (name: string, source: Source) =>
    Number(await language.read(source, fieldOf(name, source), 'count', sight, effective))
  const maxConcurrency = await count('MaxConcurrency', state.maxConcurrency)
  const tolerated = await toleranceOf(moment, state, items.length, effective)
  const inputs = state.selector === undefined ? undefined : await selected(moment, state, items, effective)
  return {
    type: 'MapStarted',
    path,
    state: state.name,
    items,
    ...definedMembers({ inputs }),
    maxConcurrency,
    ...(tolerated === 0 ? {} : { tolerated }),
  }
}

async function toleranceOf(
  { execution, language, sight, path }: TransitionContext,
  state: MapState,
  items: number,
  effective: Json,
) {
  const { toleratedFailureCount: count, toleratedFailurePercentage: percentage } = state
  const limits: number[] = []
  if (count?.from === 'budget') limits.push(budgetLeft(execution, path, count.failures))
  else if (count !== undefined) {
    const field = fieldOf('ToleratedFailureCount', count)
    limits.push(Number(await language.read(count, field, 'count', sight, effective)))
  }
  if (percentage !== undefined) {
    const field = fieldOf('ToleratedFailurePercentage', percentage)
    const share = Number(await language.read(percentage, field, 'any', sight, effective))
    if (!(share >= 0 && share <= 100)) {
      throw new QueryFault('States.Runtime', 'ToleratedFailurePercentage must be between 0 and 100.')
    }
    limits.push(Math.floor((share / 100) * items))
  }
  return limits.length === 0 ? 0 : Math.min(...limits)
}

function budgetLeft(execution: ExecutionState, path: string, failures: number | `${number}%`) {
  const { plan } = execution
  if (devicesAt(execution, path).some((name) => plan?.canaries.includes(name))) return 0
  return Math.max(0, mostFailures(failures, shareBase(execution)) - failuresSoFar(execution).size)
}

async function itemsOf(
  moment: TransitionContext,
  { name, items }: MapState,
  effective: Json,
): Promise<readonly Json[]> {
  const { execution, language, sight, path } = moment
  switch (items.from) {
    case 'waves':
      return wavesOf(execution, name).map((wave) => [...wave])
    case 'targets':
      return wavesOf(execution, name)
        .flat()
        .filter((device) => isConcerned(execution, device))
    case 'wave': {
      const wave = mapsAround(execution, path).find(({ state }) => state.items.from === 'waves')?.item
      if (!Array.isArray(wave)) throw new EosflowError('bug', `state ${name} is in no wave`)
      return wave.filter((device) => isConcerned(execution, String(device)))
    }
    case 'input':
      return language.read({ from: 'literal', value: effective }, 'input', 'array', sight, effective) as Promise<
        readonly Json[]
      >
    default: {
      const field = items.from === 'path' ? 'ItemsPath' : 'Items'
      return (await language.read(items, field, 'array', sight, effective)) as readonly Json[]
    }
  }
}

export function isConcerned({ ends, failed, kept }: ExecutionState, device: string): boolean {
  return !ends.has(device) && !failed.has(device) && !kept.has(device)
}

function wavesOf({ plan }: ExecutionState, state: string) {
  if (plan === undefined) throw new EosflowError('bug', `state ${state} needs a plan`)
  return plan.waves
}

async function selected(
  moment: TransitionContext,
  state: MapState,
  items: readonly Json[],
  effective: Json,
): Promise<readonly Json[]> {
  const { language, sight } = moment
  const selector: Source = { from: 'template', value: state.selector ?? null }
  const inputs: Json[] = []
  for (const [index, value] of items.entries()) {
    const context = { ...sight.context, Map: { Item: { Index: index, Value: value } } }
    inputs.push(await language.read(selector, 'ItemSelector', 'any', { ...sight, context }, effective))
  }
  return inputs
}

/** An item that failed within the tolerance gives null. */
export function childOutputs(execution: ExecutionState, path: string, { children, state }: ScopeState): Json {
  return (children?.inputs ?? []).map((_, index) => {
    const child = execution.scopes.get(childPath(path, state ?? '', index))
    return child?.result === 'done' ? (child.output ?? null) : null
  })
}
