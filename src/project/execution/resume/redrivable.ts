import type { ExecutionState } from '../../../change/engine/state.ts'

/** Whether an execution ended in a way from which it can be started again, its files and its switches aside. */
export function isRedrivable({ status, outcome, purpose }: ExecutionState): boolean {
  if (status !== 'ended' || purpose === 'plan') return false
  return outcome === 'refused' || outcome === 'rolled-back' || outcome === 'cancelled' || outcome === 'failed'
}
