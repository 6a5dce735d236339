import type { ExecutionState } from '../../../change/engine/state.ts'
import { EosflowError } from '../../../model/error.ts'
import type { App } from '../../app/app.ts'
import { askToStop } from '../../history/requests/stop-asked.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { SwitchClockError } from '../../switches/connect/switch-clocks.ts'
import { InputError } from '../../system/process/input-error.ts'
import { endStopped } from './stopping.ts'

const LATER: ReadonlySet<EosflowError['kind']> = new Set([
  ...(['busy', 'store', 'clock', 'window-closed', 'bug'] as const),
  ...(['inventory-source', 'inventory-count', 'inventory-exec'] as const),
])

/** Whether an execution cannot be gone on with because of what it is: the same would be said a minute later. */
export function isLasting(error: unknown): error is EosflowError | InputError {
  if (error instanceof InputError || error instanceof SwitchClockError) return true
  return error instanceof EosflowError && !error.retryable && !LATER.has(error.kind)
}

export function lastingReason(error: EosflowError | InputError): string {
  return error instanceof SwitchClockError ? error.found : error.message
}

/** Throws as {@link endStopped} does. */
export async function endLeftPlan(
  app: App,
  caller: Caller,
  id: string,
  error: EosflowError | InputError,
): Promise<ExecutionState> {
  await askToStop(app, caller, [id], {
    reason: `nobody could finish this plan after its process ended: ${lastingReason(error)}`,
  })
  return endStopped(app, caller, id)
}
