import { causeOf, nameOf } from '../../change/engine/fault.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { resourceOf } from '../../change/workflow/asl/resource.ts'
import { integrationOf, type TaskStep, taskEventName } from '../../change/workflow/asl/task-event-names.ts'
import type { State, TaskState } from '../../change/workflow/machine/machine.ts'
import type { ErrorRecord } from '../../model/error.ts'
import type { JsonObject } from '../../model/json.ts'
import { payload } from './history-event.ts'

const STEPS: Readonly<Partial<Record<JournalEvent['type'], TaskStep>>> = {
  TaskScheduled: 'Scheduled',
  TaskStarted: 'Started',
  TaskSubmitted: 'Submitted',
  TaskSucceeded: 'Succeeded',
  TaskFailed: 'Failed',
  TaskTimedOut: 'TimedOut',
}

/** An event of a task as Step Functions tells it; undefined for what it does not tell. */
export function taskEvent(
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
        ...(timeout === undefined ? {} : { timeoutInSeconds: timeout }),
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
