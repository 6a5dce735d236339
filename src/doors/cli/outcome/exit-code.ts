import type { ExecutionState } from '../../../change/engine/state.ts'
import { EosflowError } from '../../../model/error.ts'
import { InputError } from '../../../project/system/process/input-error.ts'
import {
  exitCodeOf,
  exitCodeOfError,
  exitCodeOfOutcome,
  GRAVEST_FIRST,
  isErrorKind,
} from '../../../report/phrases/exit-code.ts'

export { exitCodeOf, exitCodeOfError, exitCodeOfOutcome, GRAVEST_FIRST }

/** Every exit code and what it means: the contract with pipelines, printed by `eosflow help exit-codes`. */
export const EXIT_CODES: Readonly<Record<number, string>> = {
  0: 'done, or nothing to do',
  1: 'unexpected error',
  2: 'the plan has changes (only with --detailed-exitcode)',
  3: 'bad usage, workflow, inventory, policy or plan file: nothing was contacted',
  4: 'not authorised, not approved, rejected, or a signature is bad',
  5: 'stale: the switch drifted, the plan was used or has expired, the definition changed',
  6: 'verification failed: every touched switch was put back and read back equal to before',
  7: "a switch's state is unknown or its restore is incomplete: a person is needed; or a part of the record could not be judged",
  8: 'finished with failures that the workflow tolerates, without switches that did not answer, or with a secret left over',
  9: 'cannot start now: a lock is held or a window is closed (try again later)',
  10: 'a pre-check failed or a switch is unreachable: nothing was written',
  11: 'cancelled by the user; every touched switch was put back',
  12: 'waiting for an approval or a signal, or suspended',
  13: 'no longer watching, because the store was away for too long: the execution goes on at the workers',
}

/** The exit code of several results together: the gravest of theirs, 0 when all of them are. One that has no place in their order, as that of an interrupt, is behind all others. */
export function gravest(codes: readonly number[]): number {
  return GRAVEST_FIRST.find((code) => codes.includes(code)) ?? codes.find((code) => code !== 0) ?? 0
}

export function exitCodeOfThrown(thrown: unknown): number {
  return thrown instanceof EosflowError ? exitCodeOfError(thrown.kind) : 1
}

/** That of one of several results: of its `failure`, 0 where it has none. */
export function exitCodeOfPart(one: object): number {
  return 'failure' in one ? exitCodeOfThrown(one.failure) : 0
}

export function exitOf(end: ExecutionState | EosflowError | InputError): number {
  if (end instanceof InputError) return 3
  return end instanceof EosflowError ? exitCodeOfError(end.kind) : exitCodeOf(end)
}

/** What a command would end with after a failure of the server; undefined for what only a server refuses. */
export function exitCodeOfFault(kind: string): number | undefined {
  if (kind === 'input') return 3
  return isErrorKind(kind) ? exitCodeOfError(kind) : undefined
}
