import type { EventBody } from '../src/journal/event.ts'
import type { Json } from '../src/model/json.ts'
import type { Prepared } from '../src/plan/prepare.ts'
import { OPERATOR } from './change-under-test.ts'

/** The first record of an execution. */
export function beginningOf(id: string, prepared: Prepared, purpose: 'plan' | 'run', now: number): EventBody {
  const { workflow, params, devices, digest } = prepared
  return {
    type: 'ExecutionStarted',
    purpose,
    workflow: workflow.name,
    file: workflow.file,
    definition: digest,
    interpreter: 2,
    machine: workflow.machine as unknown as Json,
    params,
    input: params,
    context: {
      Execution: { Id: id, Name: id, Input: params, StartTime: new Date(now).toISOString(), RedriveCount: 0 },
      StateMachine: { Id: workflow.file, Name: workflow.name },
    },
    requester: OPERATOR,
    targets: devices.map(({ name }) => name),
  }
}
