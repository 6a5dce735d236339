import { secretsLeft } from '../../change/engine/around.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { Outcome } from '../../change/record/event/record-schema.ts'
import type { ErrorKind, ErrorRecord } from '../../model/error.ts'

const BY_KIND: Readonly<Record<ErrorKind, number>> = {
  unreachable: 10,
  'lost-answer': 10,
  unauthenticated: 10,
  tls: 10,
  refused: 10,
  protocol: 10,
  'wrong-device': 10,
  stale: 5,
  'not-approved': 4,
  'not-authorised': 4,
  'window-closed': 9,
  busy: 9,
  guard: 10,
  verification: 6,
  'rollback-incomplete': 7,
  cancelled: 11,
  'state-failed': 10,
  clock: 10,
  store: 1,
  secret: 3,
  'inventory-source': 10,
  'inventory-count': 10,
  'inventory-fewer': 5,
  'inventory-exec': 10,
  bug: 1,
}

export const GRAVEST_FIRST: readonly number[] = [7, 1, 6, 11, 8, 5, 4, 10, 9, 13, 12, 3]

export function isErrorKind(word: string): word is ErrorKind {
  return Object.hasOwn(BY_KIND, word)
}

export function exitCodeOfError(kind: ErrorKind): number {
  return BY_KIND[kind]
}

export function exitCodeOfOutcome(outcome: Outcome, error: ErrorRecord | undefined): number {
  switch (outcome) {
    case 'planned':
    case 'nothing-to-do':
    case 'succeeded':
      return 0
    case 'tolerated':
      return 8
    case 'refused':
      return error === undefined ? 1 : exitCodeOfError(error.kind)
    case 'rolled-back':
      return 6
    case 'cancelled':
      return 11
    case 'failed':
      return 1
    case 'unknown':
      return 7
  }
}

/** The exit code of an execution as it is now: 12 while it waits; no success where Vault and the switches may differ about a secret. */
export function exitCodeOf(state: ExecutionState): number {
  const { outcome, compensation } = state
  if (outcome === undefined) return 12
  const code = exitCodeOfOutcome(outcome, compensation?.error)
  return code === 0 && secretsLeft(state).length > 0 ? 8 : code
}
