import { causeOf, nameOf } from '../../change/engine/fault.ts'
import { parentOf } from '../../change/engine/scope-path.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { transitionsOf } from '../../change/record/transitions.ts'
import { resourceOf } from '../../change/workflow/asl/resource.ts'
import { integrationOf, type TaskStep, taskEventName } from '../../change/workflow/asl/task-event-names.ts'
import type { State, StateMachine, TaskState } from '../../change/workflow/machine/machine.ts'
import { statesIn } from '../../change/workflow/machine/walk.ts'
import { definedMembers } from '../../model/defined-members.ts'
import type { ErrorRecord } from '../../model/error.ts'
import type { Json, JsonObject } from '../../model/json.ts'

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
  const teller = new Teller(machine)
  for (const event of events) teller.tell(event)
  return teller.history
}

class Teller {
  readonly history: HistoryEvent[] = []
  readonly #states: ReadonlyMap<string, State>
  readonly #scopes = new Map<string, Scope>()
  readonly #causes = new Map<string, string>()
  #reason: Told<'CompensationStarted'>['reason'] = 'failure'
  #at = ''

  constructor(machine: StateMachine) {
    // No name stands twice in a definition.
    this.#states = new Map(statesIn(machine).map(({ state }) => [state.name, state]))
  }

  tell(event: JournalEvent): void {
    for (const one of transitionsOf(event)) this.#told(one)
  }

  #told(event: JournalEvent): void {
    this.#at = event.at
    switch (event.type) {
      case 'ExecutionStarted':
        this.#started(event)
        break
      case 'CompensationStarted':
        this.#reason = event.reason
        break
      case 'ExecutionEnded':
        this.#ended(event)
        break
      case 'StateEntered':
        this.#entered(event)
        break
      case 'StateExited':
        this.#exited(event)
        break
      case 'StateFailed':
        this.#failed(event)
        break
      case 'StateAborted':
        this.#aborted(event)
        break
      case 'MapStarted':
        this.#branched(event, event.inputs ?? event.items, { length: event.items.length })
        break
      case 'ParallelStarted':
        this.#parallel(event)
        break
      case 'MapFailed':
      case 'ParallelFailed':
        this.#stateFailing(event)
        break
      case 'RetryScheduled':
        this.#scope(event.path).isFailing = false
        break
      case 'EvaluationFailed':
        this.#unevaluated(event)
        break
      default:
        this.#task(event)
    }
  }

  #started({ input = null }: Told<'ExecutionStarted'>): void {
    const root: Scope = { last: 0, input, entered: 0, isFailing: false }
    this.#scopes.set('', root)
    this.#emit(root, 'ExecutionStarted', { ...payload('input', input), roleArn: ROLE_ARN })
    root.last = 0
  }

  #ended({ error, output = null }: Told<'ExecutionEnded'>): void {
    const root = this.#scope('')
    if (error === undefined) this.#emit(root, 'ExecutionSucceeded', payload('output', output))
    else this.#emit(root, `Execution${ENDS[this.#reason]}`, this.#errorOf(error))
  }

  #entered({ path, state: name }: Told<'StateEntered'>): void {
    const state = this.#states.get(name)
    const scope = this.#scopes.get(path) ?? this.#begunChild(path)
    if (state === undefined) return
    scope.state = state
    scope.isFailing = false
    delete scope.children
    scope.entered = this.#emit(scope, `${state.kind}StateEntered`, { name, ...payload('input', scope.input) })
  }

  #begunChild(path: string): Scope {
    const parent = parentOf(path)
    const holder = this.#scope(parent?.path ?? '')
    const index = parent?.index ?? 0
    const child: Scope = {
      last: holder.children?.started ?? 0,
      input: holder.children?.inputs[index] ?? null,
      entered: 0,
      isFailing: false,
    }
    this.#scopes.set(path, child)
    if (holder.state?.kind === 'Map') this.#emit(child, 'MapIterationStarted', { name: holder.state.name, index })
    return child
  }

  #exited({ path, output = null, assigned, next, caught }: Told<'StateExited'>): void {
    const scope = this.#scope(path)
    const { state } = scope
    if (state === undefined) return
    if (caught !== undefined) this.#tellFailing(scope)
    else this.#tellJoined(scope)
    scope.input = output
    this.#emit(scope, `${state.kind}StateExited`, {
      name: state.name,
      ...payload('output', output),
      ...(assigned === undefined ? {} : assignedDetails(assigned)),
    })
    const follows = next ?? ('next' in state ? state.next : undefined)
    if (follows === undefined) this.#endedChild(path, 'Succeeded')
  }

  #failed({ path }: Told<'StateFailed'>): void {
    this.#tellFailing(this.#scope(path))
    this.#endedChild(path, 'Failed')
  }

  #aborted({ path }: Told<'StateAborted'>): void {
    this.#tellAborted(this.#scope(path))
    this.#endedChild(path, 'Aborted')
  }

  #branched(
    { path, state }: Told<'MapStarted' | 'ParallelStarted'>,
    inputs: readonly Json[],
    details: JsonObject | undefined,
  ): void {
    const scope = this.#scope(path)
    for (const index of inputs.keys()) this.#forget(path, state, index)
    const kind = scope.state?.kind ?? 'Map'
    scope.children = { inputs, started: this.#emit(scope, `${kind}StateStarted`, details) }
  }

  #parallel(event: Told<'ParallelStarted'>): void {
    const state = this.#states.get(event.state)
    const branches = state?.kind === 'Parallel' ? state.branches : []
    this.#branched(
      event,
      branches.map(() => event.input),
      undefined,
    )
  }

  #forget(path: string, state: string, index: number): void {
    for (const known of this.#scopes.keys()) {
      const parent = known === '' ? undefined : parentOf(known)
      if (parent?.path === path && parent.state === state && parent.index === index) this.#scopes.delete(known)
    }
  }

  #stateFailing({ type, path, state }: Told<'MapFailed' | 'ParallelFailed'>): void {
    this.#scope(path).isFailing = true
    if (type === 'MapFailed') return
    for (const [known, child] of this.#scopes) {
      const parent = known === '' ? undefined : parentOf(known)
      if (parent?.path === path && parent.state === state && child.isFailing) this.#tellAborted(child)
    }
  }

  #unevaluated({ path, state, error, location }: Told<'EvaluationFailed'>): void {
    const scope = this.#scope(path)
    const { cause: plain } = error
    const cause = `An error occurred while executing the state '${state}' (entered at the event id #${scope.entered}). ${plain ?? error.message}`
    this.#causes.set(plain ?? error.message, cause)
    if (error.name !== 'States.QueryEvaluationError') return
    const isBranching = scope.state?.kind === 'Map' || scope.state?.kind === 'Parallel'
    if (isBranching && scope.children === undefined) scope.isFailing = true
    this.#tellJoined(scope)
    const where = location === undefined ? {} : { location }
    this.#emit(scope, 'EvaluationFailed', { error: error.name, cause, ...where, state })
  }

  #task(event: JournalEvent): void {
    const told = 'path' in event ? taskEvent(event, this.#states) : undefined
    if (told === undefined || !('path' in event)) return
    const scope = this.#scope(event.path)
    if (event.type === 'TaskFailed' || event.type === 'TaskTimedOut') scope.isFailing = true
    this.#emit(scope, told.type, told.details)
  }

  #tellJoined(scope: Scope): void {
    const kind = scope.state?.kind
    if (scope.children === undefined || (kind !== 'Map' && kind !== 'Parallel')) return
    delete scope.children
    this.#emit(scope, `${kind}StateSucceeded`)
  }

  #tellFailing(scope: Scope): void {
    const kind = scope.state?.kind
    if (scope.isFailing && (kind === 'Map' || kind === 'Parallel')) this.#emit(scope, `${kind}StateFailed`)
    delete scope.children
  }

  #tellAborted(scope: Scope): void {
    const kind = scope.state?.kind
    if (kind === 'Task' || kind === 'Wait' || kind === 'Map' || kind === 'Parallel') {
      this.#emit(scope, `${kind}StateAborted`)
    }
  }

  #endedChild(path: string, how: 'Succeeded' | 'Failed' | 'Aborted'): void {
    const parent = parentOf(path)
    if (parent === undefined) return
    const [scope, holder] = [this.#scope(path), this.#scope(parent.path)]
    if (holder.state?.kind === 'Map') {
      this.#emit(scope, `MapIteration${how}`, { name: holder.state.name, index: parent.index })
    }
    holder.last = scope.last
  }

  #errorOf(error: ErrorRecord): JsonObject {
    const [name, cause] = [nameOf(error), causeOf(error)]
    const told = typeof cause === 'string' ? (this.#causes.get(cause) ?? cause) : cause
    return { ...(name == null ? {} : { error: name }), ...(told == null ? {} : { cause: told }) }
  }

  #scope(path: string): Scope {
    return this.#scopes.get(path) ?? { last: 0, input: null, entered: 0, isFailing: false }
  }

  #emit(scope: Scope, type: string, details?: JsonObject): number {
    const id = this.history.length + 1
    const event: HistoryEvent = { id, previousEventId: scope.last, timestamp: this.#at, type }
    this.history.push(details === undefined ? event : { ...event, [detailsKey(type)]: details })
    scope.last = id
    return id
  }
}

function assignedDetails(assigned: JsonObject): JsonObject {
  const texts = Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)])
  return { assignedVariables: Object.fromEntries(texts), assignedVariablesDetails: { truncated: false } }
}
