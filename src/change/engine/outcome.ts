import { UNTOUCHED } from '../../eos/device/history.ts'
import type { DeviceEnd } from '../../model/act.ts'
import type { ErrorRecord } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import type { EventBody, Outcome } from '../record/event/event.ts'
import { haveAllSucceeded, mayPush, maySave } from './sites.ts'
import type { ExecutionState } from './state.ts'

export function deviceEnds(execution: ExecutionState): Readonly<Record<string, DeviceEnd>> {
  const unchanged = new Set(execution.plan?.unchanged)
  const isUnchanged = (name: string) => unchanged.has(name)
  return Object.fromEntries(execution.targets.map((name) => [name, deviceEnd(execution, name, isUnchanged)]))
}

export function changedSwitches(execution: ExecutionState): readonly string[] {
  return Object.entries(deviceEnds(execution)).flatMap(([name, end]) => (end === 'changed' ? [name] : []))
}

/** Who asks for all uses {@link deviceEnds}. */
export function deviceEnd(
  execution: ExecutionState,
  name: string,
  isUnchanged = (one: string) => execution.plan?.unchanged.includes(one) === true,
): DeviceEnd {
  const undone = execution.ends.get(name)
  if (undone !== undefined) return undone.end
  const { phase, reached, isOld, unrecorded } = execution.devices.get(name) ?? UNTOUCHED
  if (phase === 'saved') return isOld === true ? 'unknown' : 'changed'
  if (reached !== 'nothing' || unrecorded !== undefined || mayPush(execution.sites)) return 'unknown'
  return isUnchanged(name) ? 'unchanged' : 'untouched'
}

/** Whether a person has to decide before an execution goes on. */
export function waitsForApproval({ status, scopes, sites }: ExecutionState): boolean {
  if (sites.part !== undefined) return false
  return status === 'running' && scopes.some(({ phase, token }) => phase === 'waiting' && token === undefined)
}

/** Whether an outside system has to answer before an execution goes on. */
export function waitsForSignal({ status, scopes }: ExecutionState): boolean {
  return status === 'running' && scopes.some(({ phase, token }) => phase === 'waiting' && token !== undefined)
}

/** Why an execution ended badly, or is about to; undefined where a stop came too late and it has succeeded. */
export function errorOf({
  compensation,
  outcome,
}: Pick<ExecutionState, 'compensation' | 'outcome'>): ErrorRecord | undefined {
  return outcome === 'succeeded' ? undefined : compensation?.error
}

export function isStoppedTooLate({ compensation, sites }: Pick<ExecutionState, 'compensation' | 'sites'>): boolean {
  return compensation?.reason === 'cancelled' && maySave(sites)
}

export function endOf(execution: ExecutionState, outcome: Outcome): Extract<EventBody, { type: 'ExecutionEnded' }> {
  const error = errorOf({ ...execution, outcome })
  const output = execution.scopes.get('')
  return {
    type: 'ExecutionEnded',
    outcome,
    devices: deviceEnds(execution),
    records: execution.records,
    ...definedMembers({ error }),
    ...(output?.result === 'done' && error === undefined ? { output: output.output ?? null } : {}),
  }
}

/**
 * How an execution ends whose last state is done: never well while a switch was not read back. Switches that its own
 * handling of errors has put back are failures that the workflow tolerates, unless nothing of the change remains.
 */
export function outcomeOfCompletion(execution: ExecutionState): Outcome {
  const ends = Object.values(deviceEnds(execution))
  if (ends.includes('unknown') || execution.writes.some(({ undone }) => undone === 'failed')) return 'unknown'
  if (!ends.includes('reverted')) return execution.failed.isEmpty() ? 'succeeded' : 'tolerated'
  return ends.includes('changed') ? 'tolerated' : 'rolled-back'
}

/** How an execution ends after its undos: what is unknown wins, and nothing is called rolled back that was not read. Units of the rollout that were done before keep their change. */
export function outcomeOfCompensation(execution: ExecutionState): Outcome {
  const ends = Object.values(deviceEnds(execution))
  const isIncomplete = execution.writes.some(({ undone }) => undone === 'failed')
  const isTooLate = isStoppedTooLate(execution) && haveAllSucceeded(execution.sites)
  if (isTooLate && !isIncomplete && !ends.includes('unknown')) return 'succeeded'
  const isLeft = Object.entries(deviceEnds(execution)).some(
    ([name, end]) => end === 'changed' && !execution.kept.has(name),
  )
  if (ends.includes('unknown') || isLeft || isIncomplete) return 'unknown'
  if (execution.compensation?.reason === 'cancelled') return 'cancelled'
  if (ends.includes('reverted') || ends.includes('changed')) return 'rolled-back'
  return execution.compensation?.error.kind === 'bug' || execution.compensation?.error.kind === 'store'
    ? 'failed'
    : 'refused'
}
