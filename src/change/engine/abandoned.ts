import type { ExecutionState } from './state.ts'
import { liveSwitches } from './suspend.ts'
import { unsettled } from './undo.ts'

/**
 * The switches that a process which ended without a word has left in the middle of the change: live, or with a session that was
 * being staged. What it has sent last may still be on its way. A process that came to rest leaves none.
 */
export function abandonedSwitches(execution: ExecutionState): readonly string[] {
  const live = new Set(liveSwitches(execution))
  return unsettled(execution).filter((name) => live.has(name) || execution.devices.get(name)?.phase === 'staging')
}
