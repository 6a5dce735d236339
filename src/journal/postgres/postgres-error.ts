import { EosflowError } from '../../model/error.ts'
import { OutageError } from '../outage.ts'
import { addressWords, type PostgresAddress } from './address.ts'

/** What of the SQLSTATEs is known, and what a person does (postgresql.org/docs/current/errcodes-appendix.html). */
const HINTS: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  '28P01': ['the password is refused', 'Look at the password that the settings name for the store.'],
  '28000': ['this user is not let in', 'pg_hba.conf of the server says who may connect, from where, and how.'],
  '3D000': ['there is no such database', 'Make it, then: eosflow store init.'],
  '3F000': ['there is no store in this database', 'Make one: eosflow store init.'],
  '42P01': ['there is no store in this database', 'Make one: eosflow store init.'],
  '42883': ['its layout lacks a function of this version', 'Bring it up to date: eosflow store migrate.'],
  '42501': ['this user may not do that', 'Make the user a member of eos_worker: GRANT eos_worker TO user.'],
  '53100': ['its disk is full', 'Free some room on the server.'],
  '53300': ['it has no connection left', 'Raise max_connections, or have fewer processes.'],
  '57014': ['it has taken too long', 'Look at what the server is busy with.'],
}

/** Whether the server itself has answered, and refused: anything else is a fault of the way there. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return /^[0-9A-Z]{5}$/.test(code) && 'severity' in (error as Error) ? code : undefined
}

/** Whether an error means that the server is away or goes away: class 57 but for a cancelled statement, class 08, and everything that is no answer. */
export function isOutage(error: unknown): boolean {
  const state = sqlStateOf(error)
  if (state === undefined) return !(error instanceof EosflowError)
  return (state.startsWith('57P') || state.startsWith('08') || state === '53300') && state !== '57014'
}

/** What the store says of an error of PostgreSQL. */
export function postgresError(address: PostgresAddress, thrown: unknown): EosflowError {
  if (thrown instanceof EosflowError) return thrown
  const message =
    thrown instanceof Error ? thrown.message || String((thrown as { code?: unknown }).code) : String(thrown)
  const known = HINTS[sqlStateOf(thrown) ?? '']
  const where = `the store ${addressWords(address)}`
  if (known !== undefined)
    return new EosflowError('store', `${where} cannot be used: ${known[0]}`, { hint: known[1], cause: thrown })
  if (isOutage(thrown)) return new OutageError(`${where} cannot be reached: ${message}`, { cause: thrown })
  return new EosflowError('store', `${where} failed: ${message}`, { cause: thrown })
}
