import { aroundEffects } from './around.ts'
import type { Effect } from './effect.ts'
import { networkEffects } from './network.ts'
import { endOf, outcomeOfCompensation } from './outcome.ts'
import { probeEffects } from './probes.ts'
import type { ExecutionState } from './state.ts'
import { allUndoEffects } from './undo.ts'

export function compensate(execution: ExecutionState): readonly Effect[] {
  const undos = allUndoEffects(execution)
  if (undos.length > 0) return undos
  const looks = networkEffects(execution)
  if (looks.length > 0) return looks
  const probes = probeEffects(execution)
  if (probes.length > 0) return probes
  const outcome = outcomeOfCompensation(execution)
  const around = aroundEffects(execution, outcome)
  return around.length > 0 ? around : [{ effect: 'record', event: endOf(execution, outcome) }]
}
