import { UNTOUCHED } from '../device/history.ts'
import type { EventBody, Outcome } from '../journal/event.ts'
import type { DeviceEnd } from '../model/act.ts'
import type { ExecutionState } from './state.ts'

/** Where each selected switch ended, as far as it was read. */
export function deviceEnds(execution: ExecutionState): Readonly<Record<string, DeviceEnd>> {
  return Object.fromEntries(execution.targets.map((name) => [name, deviceEnd(execution, name)]))
}

function deviceEnd(execution: ExecutionState, name: string): DeviceEnd {
  const undone = execution.ends[name]
  if (undone !== undefined) return undone.end
  const { phase, reached } = execution.devices[name] ?? UNTOUCHED
  if (phase === 'saved') return 'changed'
  if (reached !== 'nothing') return 'unknown'
  return execution.plan?.unchanged.includes(name) === true ? 'unchanged' : 'untouched'
}

/** Whether a person has to decide before an execution goes on. */
export function waitsForApproval({ status, scopes }: ExecutionState): boolean {
  return status === 'running' && Object.values(scopes).some(({ phase }) => phase === 'waiting')
}

/** The last event of an execution. */
export function endOf(execution: ExecutionState, outcome: Outcome): Extract<EventBody, { type: 'ExecutionEnded' }> {
  const error = execution.compensation?.error
  return { type: 'ExecutionEnded', outcome, devices: deviceEnds(execution), ...(error === undefined ? {} : { error }) }
}

/** How an execution ends whose last state is done: never well while a switch was not read back. */
export function outcomeOfCompletion(execution: ExecutionState): Outcome {
  return Object.values(deviceEnds(execution)).includes('unknown') ? 'unknown' : 'succeeded'
}

/** How an execution ends after its undos: what is unknown wins, and nothing is called rolled back that was not read. */
export function outcomeOfCompensation(execution: ExecutionState): Outcome {
  const ends = Object.values(deviceEnds(execution))
  if (ends.includes('unknown') || ends.includes('changed')) return 'unknown'
  if (execution.compensation?.reason === 'cancelled') return 'cancelled'
  if (ends.includes('reverted')) return 'rolled-back'
  return execution.compensation?.error.kind === 'bug' || execution.compensation?.error.kind === 'store'
    ? 'failed'
    : 'refused'
}
