import { causeOf, nameOf } from '../../change/engine/fault.ts'
import { parentOf } from '../../change/engine/scope-path.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { transitionsOf } from '../../change/record/transitions.ts'
import { integrationOf, resourceOf, type TaskStep, taskEventName } from '../../change/workflow/asl/part.ts'
import { type State, type StateMachine, statesIn, type TaskState } from '../../change/workflow/machine/machine.ts'
import type { ErrorRecord } from '../../model/error.ts'
import { definedMembers, type Json, type JsonObject } from '../../model/json.ts'

export type HistoryEvent = {
  readonly id: number
  readonly previousEventId: number
  /** ISO 8601 in UTC. */
  readonly timestamp: string
  readonly type: string
} & { readonly [details: `${string}EventDetails`]: JsonObject }

function payload(name: 'input' | 'output', value: Json): JsonObject {
  return { [name]: JSON.stringify(value), [`${name}Details`]: { truncated: false } }
}

/** The member that holds the details of a type of event: `PassStateEntered` and `stateEnteredEventDetails`. */
export function detailsKey(type: string): `${string}EventDetails` {
  const shared = /State(?:Entered|Exited)$/.exec(type)?.[0] ?? type
  return `${shared.charAt(0).toLowerCase()}${shared.slice(1)}EventDetails`
}

const STEPS: Readonly<Partial<Record<JournalEvent['type'], TaskStep>>> = {
  TaskScheduled: 'Scheduled',
  TaskStarted: 'Started',
  TaskSubmitted: 'Submitted',
  TaskSucceeded: 'Succeeded',
  TaskFailed: 'Failed',
  TaskTimedOut: 'TimedOut',
}

function taskEvent(
  event: Extract<JournalEvent, { path: string }>,
  states: ReadonlyMap<string, State>,
): { readonly type: string; readonly details?: JsonObject } | undefined {
  const step = STEPS[event.type]
  const state = states.get(event.state)
  if (step === undefined || state?.kind !== 'Task') return undefined
  // A task that was ended because a sibling failed is told as an aborted state.
  if (event.type === 'TaskFailed' && event.error.kind === 'cancelled') return undefined
  const type = taskEventName(state.task, step)
  const kind = resourceOf(state.task)?.kind ?? 'service'
  const details = { ...(kind === 'service' ? integrationOf(state.task) : {}), ...detailsOf(event, state, kind) }
  return Object.keys(details).length === 0 ? { type } : { type, details }
}

function detailsOf(
  event: Extract<JournalEvent, { path: string }>,
  { task }: TaskState,
  kind: 'lambda' | 'activity' | 'service',
): JsonObject {
  switch (event.type) {
    case 'TaskScheduled': {
      const given =
        kind === 'service'
          ? { region: 'us-east-1', parameters: JSON.stringify(event.arguments) }
          : { resource: task, ...payload('input', event.arguments) }
      const { timeoutSeconds: timeout, heartbeatSeconds: heartbeat } = event
      return {
        ...given,
        ...definedMembers({ timeoutInSeconds: timeout }),
        ...(heartbeat === undefined || kind === 'lambda' ? {} : { heartbeatInSeconds: heartbeat }),
      }
    }
    case 'TaskSubmitted':
      return event.output === undefined ? {} : payload('output', event.output)
    case 'TaskSucceeded':
      return payload('output', event.output)
    case 'TaskFailed':
    case 'TaskTimedOut':
      return errorDetails(event.error)
    default:
      return {}
  }
}

function errorDetails(error: ErrorRecord): JsonObject {
  const [name, cause] = [nameOf(error), causeOf(error)]
  return { ...(name == null ? {} : { error: name }), ...(cause == null ? {} : { cause }) }
}

interface Scope {
  last: number
  input: Json
  state?: State
  entered: number
  children?: { readonly inputs: readonly Json[]; readonly started: number }
  isFailing: boolean
}

type Told<Type extends JournalEvent['type']> = Extract<JournalEvent, { type: Type }>

/** The role that a state machine is run under, as it is shown: no real one is taken. */
export const ROLE_ARN = 'arn:aws:iam::111111111111:role/StateMachineRole'

const ENDS = { failure: 'Failed', 'timed-out': 'TimedOut', cancelled: 'Aborted' } as const

export function historyOf(events: readonly JournalEvent[], machine: StateMachine): HistoryEvent[] {
  const history: HistoryEvent[] = []
  // No name stands twice in a definition.
  const known = new Map(statesIn(machine).map(({ state }) => [state.name, state]))
  const scopes = new Map<string, Scope>()
  const causes = new Map<string, string>()
  let reason: Told<'CompensationStarted'>['reason'] = 'failure'
  let now = ''
  for (const event of events.flatMap(transitionsOf)) tell(event)
  return history

  function tell(event: JournalEvent) {
    now = event.at
    switch (event.type) {
      case 'ExecutionStarted':
        started(event)
        break
      case 'CompensationStarted':
        reason = event.reason
        break
      case 'ExecutionEnded':
        ended(event)
        break
      case 'StateEntered':
        entered(event)
        break
      case 'StateExited':
        exited(event)
        break
      case 'StateFailed':
        failed(event)
        break
      case 'StateAborted':
        aborted(event)
        break
      case 'MapStarted':
        branched(event, event.inputs ?? event.items, { length: event.items.length })
        break
      case 'ParallelStarted':
        parallel(event)
        break
      case 'MapFailed':
      case 'ParallelFailed':
        stateFailing(event)
        break
      case 'RetryScheduled':
        scopeAt(event.path).isFailing = false
        break
      case 'EvaluationFailed':
        unevaluated(event)
        break
      default:
        task(event)
    }
  }

  function started({ input = null }: Told<'ExecutionStarted'>) {
    const root: Scope = { last: 0, input, entered: 0, isFailing: false }
    scopes.set('', root)
    emit(root, 'ExecutionStarted', { ...payload('input', input), roleArn: ROLE_ARN })
    root.last = 0
  }

  function ended({ error, output = null }: Told<'ExecutionEnded'>) {
    const root = scopeAt('')
    if (error === undefined) emit(root, 'ExecutionSucceeded', payload('output', output))
    else emit(root, `Execution${ENDS[reason]}`, errorOf(error))
  }

  function entered({ path, state: name }: Told<'StateEntered'>) {
    const state = known.get(name)
    const scope = scopes.get(path) ?? begunChild(path)
    if (state === undefined) return
    scope.state = state
    scope.isFailing = false
    delete scope.children
    scope.entered = emit(scope, `${state.kind}StateEntered`, { name, ...payload('input', scope.input) })
  }

  function begunChild(path: string): Scope {
    const parent = parentOf(path)
    const holder = scopeAt(parent?.path ?? '')
    const index = parent?.index ?? 0
    const child: Scope = {
      last: holder.children?.started ?? 0,
      input: holder.children?.inputs[index] ?? null,
      entered: 0,
      isFailing: false,
    }
    scopes.set(path, child)
    if (holder.state?.kind === 'Map') emit(child, 'MapIterationStarted', { name: holder.state.name, index })
    return child
  }

  function exited({ path, output = null, assigned, next, caught }: Told<'StateExited'>) {
    const scope = scopeAt(path)
    const { state } = scope
    if (state === undefined) return
    if (caught !== undefined) tellFailing(scope)
    else tellJoined(scope)
    scope.input = output
    emit(scope, `${state.kind}StateExited`, {
      name: state.name,
      ...payload('output', output),
      ...(assigned === undefined ? {} : assignedDetails(assigned)),
    })
    const follows = next ?? ('next' in state ? state.next : undefined)
    if (follows === undefined) endedChild(path, 'Succeeded')
  }

  function failed({ path }: Told<'StateFailed'>) {
    tellFailing(scopeAt(path))
    endedChild(path, 'Failed')
  }

  function aborted({ path }: Told<'StateAborted'>) {
    tellAborted(scopeAt(path))
    endedChild(path, 'Aborted')
  }

  function branched(
    { path, state }: Told<'MapStarted' | 'ParallelStarted'>,
    inputs: readonly Json[],
    details: JsonObject | undefined,
  ) {
    const scope = scopeAt(path)
    for (const index of inputs.keys()) forget(path, state, index)
    const kind = scope.state?.kind ?? 'Map'
    scope.children = { inputs, started: emit(scope, `${kind}StateStarted`, details) }
  }

  function parallel(event: Told<'ParallelStarted'>) {
    const state = known.get(event.state)
    const branches = state?.kind === 'Parallel' ? state.branches : []
    branched(
      event,
      branches.map(() => event.input),
      undefined,
    )
  }

  function forget(path: string, state: string, index: number) {
    for (const known of scopes.keys()) {
      const parent = known === '' ? undefined : parentOf(known)
      if (parent?.path === path && parent.state === state && parent.index === index) scopes.delete(known)
    }
  }

  function stateFailing({ type, path, state }: Told<'MapFailed' | 'ParallelFailed'>) {
    scopeAt(path).isFailing = true
    if (type === 'MapFailed') return
    for (const [known, child] of scopes) {
      const parent = known === '' ? undefined : parentOf(known)
      if (parent?.path === path && parent.state === state && child.isFailing) tellAborted(child)
    }
  }

  function unevaluated({ path, state, error, location }: Told<'EvaluationFailed'>) {
    const scope = scopeAt(path)
    const { cause: plain } = error
    const cause = `An error occurred while executing the state '${state}' (entered at the event id #${scope.entered}). ${plain ?? error.message}`
    causes.set(plain ?? error.message, cause)
    if (error.name !== 'States.QueryEvaluationError') return
    const isBranching = scope.state?.kind === 'Map' || scope.state?.kind === 'Parallel'
    if (isBranching && scope.children === undefined) scope.isFailing = true
    tellJoined(scope)
    const where = location === undefined ? {} : { location }
    emit(scope, 'EvaluationFailed', { error: error.name, cause, ...where, state })
  }

  function task(event: JournalEvent) {
    const told = 'path' in event ? taskEvent(event, known) : undefined
    if (told === undefined || !('path' in event)) return
    const scope = scopeAt(event.path)
    if (event.type === 'TaskFailed' || event.type === 'TaskTimedOut') scope.isFailing = true
    emit(scope, told.type, told.details)
  }

  function tellJoined(scope: Scope) {
    const kind = scope.state?.kind
    if (scope.children === undefined || (kind !== 'Map' && kind !== 'Parallel')) return
    delete scope.children
    emit(scope, `${kind}StateSucceeded`)
  }

  function tellFailing(scope: Scope) {
    const kind = scope.state?.kind
    if (scope.isFailing && (kind === 'Map' || kind === 'Parallel')) emit(scope, `${kind}StateFailed`)
    delete scope.children
  }

  function tellAborted(scope: Scope) {
    const kind = scope.state?.kind
    if (kind === 'Task' || kind === 'Wait' || kind === 'Map' || kind === 'Parallel') {
      emit(scope, `${kind}StateAborted`)
    }
  }

  function endedChild(path: string, how: 'Succeeded' | 'Failed' | 'Aborted') {
    const parent = parentOf(path)
    if (parent === undefined) return
    const [scope, holder] = [scopeAt(path), scopeAt(parent.path)]
    if (holder.state?.kind === 'Map') {
      emit(scope, `MapIteration${how}`, { name: holder.state.name, index: parent.index })
    }
    holder.last = scope.last
  }

  function errorOf(error: ErrorRecord): JsonObject {
    const [name, cause] = [nameOf(error), causeOf(error)]
    const told = typeof cause === 'string' ? (causes.get(cause) ?? cause) : cause
    return { ...(name == null ? {} : { error: name }), ...(told == null ? {} : { cause: told }) }
  }

  function scopeAt(path: string) {
    return scopes.get(path) ?? { last: 0, input: null, entered: 0, isFailing: false }
  }

  function emit(scope: Scope, type: string, details?: JsonObject) {
    const id = history.length + 1
    const event: HistoryEvent = { id, previousEventId: scope.last, timestamp: now, type }
    history.push(details === undefined ? event : { ...event, [detailsKey(type)]: details })
    scope.last = id
    return id
  }
}

function assignedDetails(assigned: JsonObject): JsonObject {
  const texts = Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)])
  return { assignedVariables: Object.fromEntries(texts), assignedVariablesDetails: { truncated: false } }
}
