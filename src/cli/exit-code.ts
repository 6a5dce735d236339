import { InputError } from '../app/input-error.ts'
import { secretsLeft } from '../engine/around.ts'
import type { ExecutionState } from '../engine/state.ts'
import type { Outcome } from '../journal/event.ts'
import { EosflowError, type ErrorKind, type ErrorRecord } from '../model/error.ts'

/** Every exit code and what it means: the contract with pipelines, printed by `eosflow help exit-codes`. */
export const EXIT_CODES: Readonly<Record<number, string>> = {
  0: 'done, or nothing to do',
  1: 'unexpected error',
  2: 'the plan has changes (only with --detailed-exitcode)',
  3: 'bad usage, workflow, inventory, policy or plan file: nothing was contacted',
  4: 'not authorised, not approved, rejected, or a signature is bad',
  5: 'stale: the switch drifted, the plan was used or has expired, the definition changed',
  6: 'verification failed: every touched switch was put back and read back equal to before',
  7: "a switch's state is unknown or its restore is incomplete: a person is needed",
  8: 'finished with failures that the workflow tolerates, without switches that did not answer, or with a secret left over',
  9: 'cannot start now: a lock is held or a window is closed (try again later)',
  10: 'a pre-check failed or a switch is unreachable: nothing was written',
  11: 'cancelled by the user; every touched switch was put back',
  12: 'waiting for an approval or a signal, or suspended',
  13: 'no longer watching, because the store was away for too long: the execution goes on at the workers',
}

/** When several codes apply, the first of these wins. */
export const GRAVEST_FIRST: readonly number[] = [7, 1, 6, 11, 8, 5, 4, 10, 9, 13, 12, 3]

/** The exit code of several results together: the gravest of theirs, 0 when all of them are. */
export function gravest(codes: readonly number[]): number {
  return GRAVEST_FIRST.find((code) => codes.includes(code)) ?? 0
}

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

/** Whether a word is the kind of an act's failure. */
export function isErrorKind(word: string): word is ErrorKind {
  return Object.hasOwn(BY_KIND, word)
}

/** The exit code of a failed act that left no switch changed. */
export function exitCodeOfError(kind: ErrorKind): number {
  return BY_KIND[kind]
}

/** The exit code of whatever was thrown by an act that left no switch changed. */
export function exitCodeOfThrown(thrown: unknown): number {
  return thrown instanceof EosflowError ? exitCodeOfError(thrown.kind) : 1
}

/** The exit code of an ended execution. */
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

/** The exit code of an execution as it was left, or of what kept one from beginning. */
export function exitOf(end: ExecutionState | EosflowError | InputError): number {
  if (end instanceof InputError) return 3
  return end instanceof EosflowError ? exitCodeOfError(end.kind) : exitCodeOf(end)
}

/** What a command would end with after a failure of the server; undefined for what only a server refuses. */
export function exitCodeOfFault(kind: string): number | undefined {
  if (kind === 'input') return 3
  return isErrorKind(kind) ? exitCodeOfError(kind) : undefined
}
