import { type ErrorKind, type ErrorRecord, errorRecord } from '../../model/error.ts'
import { definedMembers, type JsonObject } from '../../model/json.ts'
import type { Catcher, Retrier } from '../workflow/machine/machine.ts'
import { QueryFault } from '../workflow/query/language/language.ts'

/** Errors of eosflow's own tasks are called by their kind: `eosflow.unreachable`. */
export function namesOf(error: ErrorRecord): readonly string[] {
  if (error.name === 'States.HeartbeatTimeout') return ['States.HeartbeatTimeout', 'States.Timeout']
  return [error.name ?? (error.name === null ? '' : `eosflow.${error.kind}`)]
}

/** The name by which a machine reports an error; null and absent as they were given. */
export function nameOf(error: ErrorRecord): string | null | undefined {
  if (error.name === 'States.HeartbeatTimeout') return 'States.Timeout'
  if (error.name !== undefined || error.kind === 'state-failed') return error.name
  return `eosflow.${error.kind}`
}

export function causeOf(error: ErrorRecord): string | null | undefined {
  return error.cause !== undefined || error.kind === 'state-failed' ? error.cause : error.message
}

/** `$states.errorOutput`: a caught time-out has an empty cause, and what was given as null stays null (recorded from AWS). */
export function errorOutput(error: ErrorRecord): JsonObject {
  const name = nameOf(error)
  const cause = causeOf(error)
  return { ...definedMembers({ Error: name }), Cause: cause === undefined ? '' : cause }
}

function isTerminal({ kind, name }: ErrorRecord) {
  return (
    name === 'States.Runtime' || kind === 'bug' || kind === 'store' || kind === 'cancelled' || kind === 'not-authorised'
  )
}

/** `States.ALL` takes everything but `States.Runtime`, `States.TaskFailed` everything but that and time-outs (states-language.net, "Errors"; both as recorded from AWS). */
export function takes({ errorEquals }: Pick<Retrier | Catcher, 'errorEquals'>, error: ErrorRecord): boolean {
  if (isTerminal(error)) return false
  const names = namesOf(error)
  return errorEquals.some((wanted) => {
    if (wanted === 'States.ALL') return true
    if (wanted === 'States.TaskFailed' && !names.includes('States.Timeout')) return true
    return names.includes(wanted)
  })
}

/** The delay before a retrier's `n`th retry (from 1), in milliseconds, jitter aside. */
export function delayOf({ intervalSeconds, backoffRate, maxDelaySeconds }: Retrier, n: number): number {
  const delay = intervalSeconds * backoffRate ** (n - 1)
  return Math.min(delay, maxDelaySeconds ?? Number.MAX_SAFE_INTEGER) * 1000
}

/** Turns what was thrown into the error of a state; what is neither a query's nor an act's failure is a `bug`. */
export function faultOf(thrown: unknown): ErrorRecord {
  if (!(thrown instanceof QueryFault)) return errorRecord(thrown)
  return { kind: 'state-failed', name: thrown.error, message: thrown.message, cause: thrown.message }
}

// Failures after which nobody knows whether what was sent was carried out.
const IN_DOUBT: ReadonlySet<ErrorKind> = new Set(['lost-answer', 'protocol', 'cancelled', 'bug'])

export function leavesDoubt(error: ErrorRecord): boolean {
  return IN_DOUBT.has(error.kind) || namesOf(error).includes('States.Timeout')
}
