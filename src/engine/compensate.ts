import { UNTOUCHED } from '../device/history.ts'
import type { Effect } from './effect.ts'
import { endOf, outcomeOfCompensation } from './outcome.ts'
import type { ExecutionState } from './state.ts'

/**
 * What a badly ending execution does next: every switch that was touched is put back, the last wave first, the
 * switches of a wave together; then it ends.
 */
export function compensate(execution: ExecutionState): readonly Effect[] {
  const waves = execution.plan?.waves ?? []
  for (const wave of waves.toReversed()) {
    const open = wave.filter((name) => isTouched(execution, name) && execution.ends[name] === undefined)
    if (open.length > 0) return open.map((device) => ({ effect: 'undo', key: `undo/${device}`, device }))
  }
  return [{ effect: 'record', event: endOf(execution, outcomeOfCompensation(execution)) }]
}

function isTouched(execution: ExecutionState, name: string): boolean {
  return (execution.devices[name] ?? UNTOUCHED).reached !== 'nothing'
}
