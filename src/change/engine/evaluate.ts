import { Buffer } from 'node:buffer'
import type { Clock, Random } from '../../model/clock.ts'
import { EosflowError, type ErrorRecord } from '../../model/error.ts'
import { definedMembers, isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import type { LazyMap } from '../../model/once.ts'
import { TASK_TOKEN } from '../../model/task-token.ts'
import { mostFailures } from '../plan/left-out-switch.ts'
import type { EventBody } from '../record/event/event.ts'
import type {
  ChoiceState,
  FailState,
  MapState,
  Source,
  State,
  TaskState,
  WaitState,
} from '../workflow/machine/machine.ts'
import { jsonataLanguage } from '../workflow/query/jsonata/language.ts'
import { jsonpathLanguage } from '../workflow/query/jsonpath/language.ts'
import type { SeenInventory } from '../workflow/query/language/inventory-names.ts'
import { type ExpressionScope, QueryFault, type QueryLanguage } from '../workflow/query/language/language.ts'
import { failuresSoFar, shareBase } from './absence.ts'
import { delayOf, errorOutput, faultOf } from './fault.ts'
import { scopeAt } from './fold-scope.ts'
import { childPath, devicesAt, mapsAround, parentOf, stateOf } from './scope-path.ts'
import type { Effect, ExecutionState, ScopeState } from './state.ts'

export interface EvaluationPorts {
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly random: Random
  /** All switches of the inventory, by their names; absent where there is none. */
  readonly fabric?: LazyMap
}

export function evaluationPorts({
  clock,
  random,
  fabric,
}: { readonly clock: Clock } & Pick<EvaluationPorts, 'random' | 'fabric'>): EvaluationPorts {
  return { now: clock.now(), random, ...definedMembers({ fabric }) }
}

interface TransitionContext {
  readonly execution: ExecutionState
  readonly path: string
  readonly scope: ScopeState
  readonly state: State
  readonly language: QueryLanguage
  readonly sight: ExpressionScope
}

function transitionContextOf(execution: ExecutionState, path: string, ports: EvaluationPorts): TransitionContext {
  const scope = scopeAt(execution, path)
  const state = stateOf(scope, path)
  const token = state.kind === 'Task' && state.token ? TASK_TOKEN : undefined
  const language = languageOf(state.flow.language)
  const sight: ExpressionScope = {
    input: scope.input,
    context: contextObject(execution, path, scope, token),
    variables: visibleVariables(execution, path),
    now: ports.now,
    random: ports.random,
    ...(ports.fabric === undefined ? {} : { inventory: seenAt(execution, path, ports.fabric) }),
  }
  return { execution, path, scope, state, language, sight }
}

function seenAt(execution: ExecutionState, path: string, fabric: LazyMap): SeenInventory {
  const [name, ...others] = devicesAt(execution, path)
  if (name === undefined || others.length > 0) return { fabric }
  return {
    fabric,
    get device() {
      const device = fabric.member(name)
      return device?.kind === 'map' ? device : undefined
    },
  }
}

export function languageOf(name: 'jsonata' | 'jsonpath'): QueryLanguage {
  return name === 'jsonata' ? jsonataLanguage : jsonpathLanguage
}

// A field as messages name it: its `Path` form where a path gives the value.
function fieldOf(name: string, source: { readonly from: string }): string {
  return source.from === 'path' ? `${name}Path` : name
}

/** `Task.Token` is only there for states that wait for one. */
export function contextObject(
  execution: ExecutionState,
  path: string,
  scope: ScopeState,
  token: string | undefined,
): JsonObject {
  const [nearest] = mapsAround(execution, path)
  const state = scope.machine.states[scope.state ?? '']
  const isRetried = state !== undefined && 'retry' in state
  const { Execution, ...others } = execution.context
  return {
    ...(isJsonObject(Execution) ? { Execution: redrivenAs(Execution, execution.redriven) } : {}),
    ...others,
    State: {
      Name: scope.state ?? '',
      EnteredTime: new Date(scope.enteredAt).toISOString(),
      ...(isRetried ? { RetryCount: scope.attempt } : {}),
    },
    ...(token === undefined ? {} : { Task: { Token: token } }),
    ...(nearest === undefined ? {} : { Map: { Item: { Index: nearest.index, Value: nearest.item } } }),
  }
}

function redrivenAs(began: JsonObject, count: number) {
  return 'RedriveCount' in began ? { ...began, RedriveCount: count } : began
}

export function visibleVariables(execution: ExecutionState, path: string): JsonObject {
  const own = scopeAt(execution, path).variables
  const parent = parentOf(path)
  return parent === undefined ? own : { ...visibleVariables(execution, parent.path), ...own }
}

/** Throws the state's error when a value is larger than the machine lets values be: States.DataLimitExceeded. */
export function requirePayload({ machine }: ExecutionState, value: Json, what: string): void {
  const limit = machine.payloadBytes
  if (limit === undefined || isSmall(value)) return
  const bytes = Buffer.byteLength(JSON.stringify(value))
  if (bytes <= limit) return
  throw new QueryFault(
    'States.DataLimitExceeded',
    `The ${what} of ${bytes} bytes exceeds the ${limit} that a state may have.`,
  )
}

function isSmall(value: Json) {
  if (typeof value === 'string') return value.length < 1000
  return (
    typeof value !== 'object' ||
    value === null ||
    (Array.isArray(value) ? value.length : Object.keys(value).length) === 0
  )
}

/** Its values are journalled, so that no expression is ever evaluated again for a transition that has happened. */
export async function evaluate(
  execution: ExecutionState,
  { path, step, handler }: Extract<Effect, { effect: 'evaluate' }>,
  ports: EvaluationPorts,
): Promise<readonly EventBody[]> {
  const moment = transitionContextOf(execution, path, ports)
  try {
    switch (step) {
      case 'begin':
        return [await begin(moment)]
      case 'finish':
        return [await finish(moment, await resultOf(moment))]
      case 'catch':
        return [await caught(moment, handler)]
      case 'retry':
        return [retried(moment, handler, ports)]
    }
  } catch (error) {
    return [faulted(moment, error)]
  }
}

async function begin(moment: TransitionContext): Promise<EventBody> {
  const { state, language, sight, path } = moment
  switch (state.kind) {
    case 'Task':
      return beginTask(moment, state)
    case 'Map':
      return beginMap(moment, state)
    case 'Parallel': {
      const begun = await language.begin(state.flow, sight)
      return { type: 'ParallelStarted', path, state: state.name, input: begun.arguments }
    }
    case 'Choice':
      return choose(moment, state)
    case 'Wait':
      return pause(moment, state)
    case 'Fail':
      return fail(moment, state)
    case 'Pass':
    case 'Succeed':
      return finish(moment, undefined)
  }
}

async function resultOf({ execution, path, scope, state }: TransitionContext) {
  if (state.kind === 'Task') return scope.output ?? null
  return state.kind === 'Map' || state.kind === 'Parallel' ? childOutputs(execution, path, scope) : undefined
}

async function finish(moment: TransitionContext, result: Json | undefined): Promise<EventBody> {
  const { state, language, sight } = moment
  const seen = result === undefined ? sight : { ...sight, result }
  const through = result === undefined ? (await language.begin(state.flow, sight)).arguments : result
  return left(moment, await language.finish(state.flow, seen, through), {})
}

function left(
  { execution, path, state }: TransitionContext,
  { output, assigned }: { readonly output: Json; readonly assigned: JsonObject },
  more: { readonly next?: string; readonly caught?: number },
): EventBody {
  requirePayload(execution, output, 'output')
  return {
    type: 'StateExited',
    path,
    state: state.name,
    output,
    ...(Object.keys(assigned).length === 0 ? {} : { assigned }),
    ...more,
  }
}

async function choose(moment: TransitionContext, state: ChoiceState): Promise<EventBody> {
  const { language, sight, path } = moment
  const begun = await language.begin(state.flow, sight)
  for (const [index, rule] of state.choices.entries()) {
    if (!(await language.holds(rule.when, index, sight, begun.effective))) continue
    const done = await language.finish(rule.flow, sight, begun.arguments, `Choices[${index}]/`)
    return left(moment, done, { next: rule.next })
  }
  if (state.default !== undefined) {
    return left(moment, await language.finish(state.flow, sight, begun.arguments), { next: state.default })
  }
  const cause = 'No choice rule matched, and there is no default.'
  const error: ErrorRecord = { kind: 'state-failed', name: 'States.NoChoiceMatched', message: cause, cause }
  return { type: 'StateFailed', path, state: state.name, error }
}

async function pause({ language, sight, path, state }: TransitionContext, wait: WaitState): Promise<EventBody> {
  const { effective } = await language.begin(wait.flow, sight)
  const { seconds, timestamp } = wait
  const until =
    seconds !== undefined
      ? sight.now +
        Number(await language.read(seconds, fieldOf('Seconds', seconds), 'seconds', sight, effective)) * 1000
      : timestamp !== undefined
        ? Date.parse(
            String(await language.read(timestamp, fieldOf('Timestamp', timestamp), 'timestamp', sight, effective)),
          )
        : sight.now
  return { type: 'WaitStarted', path, state: state.name, until: new Date(until).toISOString() }
}

async function fail(
  { language, sight, path, state }: TransitionContext,
  { error, cause, flow }: FailState,
): Promise<EventBody> {
  const { effective } = await language.begin(flow, sight)
  const name =
    error === undefined ? undefined : await language.read(error, fieldOf('Error', error), 'string', sight, effective)
  const why =
    cause === undefined ? undefined : await language.read(cause, fieldOf('Cause', cause), 'string', sight, effective)
  const record: ErrorRecord = {
    kind: 'state-failed',
    message: [name, why].filter((part) => part !== undefined).join(': ') || `${state.name} says so`,
    ...(name === undefined ? {} : { name: String(name) }),
    ...(why === undefined ? {} : { cause: String(why) }),
  }
  return { type: 'StateFailed', path, state: state.name, error: record }
}

async function caught(moment: TransitionContext, handler: number): Promise<EventBody> {
  const { scope, state, language, sight } = moment
  const catcher = 'catch' in state ? state.catch[handler] : undefined
  if (catcher === undefined) throw new Error(`no catcher ${handler} in ${state.name}`)
  const output = errorOutput(scope.error ?? { kind: 'bug', message: 'caught nothing' })
  const done = await language.finish(catcher.flow, { ...sight, errorOutput: output }, output, `Catch[${handler}]/`)
  return left(moment, done, { next: catcher.next, caught: handler })
}

function retried(
  { path, scope, state }: TransitionContext,
  handler: number,
  { now, random }: EvaluationPorts,
): EventBody {
  const retrier = 'retry' in state ? state.retry[handler] : undefined
  if (retrier === undefined) throw new Error(`no retrier ${handler} in ${state.name}`)
  const delay = delayOf(retrier, (scope.spent[handler] ?? 0) + 1)
  const until = now + (retrier.jitter === 'FULL' ? Math.floor(random.fraction() * delay) : delay)
  return {
    type: 'RetryScheduled',
    path,
    state: state.name,
    retrier: handler,
    attempt: scope.attempt + 1,
    until: new Date(until).toISOString(),
    error: scope.error ?? { kind: 'bug', message: 'retried nothing' },
  }
}

function faulted({ path, state }: TransitionContext, thrown: unknown): EventBody {
  const location = thrown instanceof QueryFault ? thrown.location : undefined
  return {
    type: 'EvaluationFailed',
    path,
    state: state.name,
    error: faultOf(thrown),
    ...definedMembers({ location }),
  }
}

async function beginTask(moment: TransitionContext, state: TaskState): Promise<EventBody> {
  const { execution, language, sight, path, scope } = moment
  const begun = await language.begin(state.flow, sight)
  requirePayload(execution, begun.arguments, 'arguments')
  const limit = async (name: string, source: Source | undefined) => {
    if (source === undefined) return undefined
    return Number(await language.read(source, fieldOf(name, source), 'count', sight, begun.effective))
  }
  const timeoutSeconds = await limit('TimeoutSeconds', state.timeoutSeconds)
  const heartbeatSeconds = await limit('HeartbeatSeconds', state.heartbeatSeconds)
  const [device, ...others] = devicesAt(execution, path)
  return {
    type: 'TaskScheduled',
    path,
    state: state.name,
    attempt: scope.attempt + 1,
    arguments: begun.arguments,
    ...definedMembers({ timeoutSeconds, heartbeatSeconds }),
    ...(device === undefined || others.length > 0 ? {} : { device }),
  }
}

async function beginMap(moment: TransitionContext, state: MapState): Promise<EventBody> {
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

// An item that failed within the tolerance gives null.
function childOutputs(execution: ExecutionState, path: string, { children, state }: ScopeState): Json {
  return (children?.inputs ?? []).map((_, index) => {
    const child = execution.scopes.get(childPath(path, state ?? '', index))
    return child?.result === 'done' ? (child.output ?? null) : null
  })
}
