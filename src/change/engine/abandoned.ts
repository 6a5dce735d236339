import type { ExecutionState } from './state.ts'
import { liveSwitches } from './suspend.ts'
import { unsettled } from './undo.ts'

export function abandonedSwitches(execution: ExecutionState): readonly string[] {
  const live = new Set(liveSwitches(execution))
  return unsettled(execution).filter((name) => live.has(name) || execution.devices.get(name)?.phase === 'staging')
}
