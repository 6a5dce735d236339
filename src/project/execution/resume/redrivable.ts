import type { ExecutionState } from '../../../change/engine/state.ts'

export function isRedrivable({ status, outcome, purpose }: ExecutionState): boolean {
  if (status !== 'ended' || purpose === 'plan') return false
  return outcome === 'refused' || outcome === 'rolled-back' || outcome === 'cancelled' || outcome === 'failed'
}
