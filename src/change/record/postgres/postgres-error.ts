import { codeOf, EosflowError } from '../../../model/error.ts'
import { OutageError } from '../store/journal.ts'
import { addressWords, type PostgresAddress } from './server-config.ts'

const NO_STORE = ['there is no store in this database', 'Make one: eosflow store init.'] as const

// A server does not tell a wrong password from a login that was never made.
const NO_ROLE =
  "A login that was never made is refused in the same way: CREATE ROLE eosflow LOGIN PASSWORD '…', with its name for eosflow, then GRANT eos_worker TO it."

// What of the SQLSTATEs is known, and what a person does (postgresql.org/docs/current/errcodes-appendix.html).
const HINTS: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  '28P01': [
    'the password is refused, or there is no such role',
    `Look at the password that the settings name for the store. ${NO_ROLE}`,
  ],
  '28000': [
    'this user is not let in, or there is no such role',
    `pg_hba.conf of the server says who may connect, from where, and how. ${NO_ROLE}`,
  ],
  '3D000': ['there is no such database', 'Make it, then: eosflow store init.'],
  '3F000': NO_STORE,
  '42P01': NO_STORE,
  '42883': ['its layout lacks a function of this version', 'Bring it up to date: eosflow store migrate.'],
  '42501': [
    'this user may not do that',
    'Make the login of workers a member of eos_worker: GRANT eos_worker TO eosflow, with its name for eosflow. What store init, migrate, move and seal need is an administrator.',
  ],
  '53100': ['its disk is full', 'Free some room on the server.'],
  '53300': ['it has no connection left', 'Raise max_connections, or have fewer processes.'],
  '55P03': ['somebody else writes to the same records at this moment', 'Try again.'],
  '57014': ['it has taken too long', 'Look at what the server is busy with.'],
  '25006': ['it takes no writes', 'It is a standby, or default_transaction_read_only is on.'],
}

const UNREACHED =
  'Check that the server runs at this address, and that this machine reaches it. Nothing is lost: what waits for the store goes on by itself.'

const WAYS_OUT: readonly (readonly [said: RegExp, hint: string])[] = [
  [
    /^Query read timeout$/,
    'The server is reached and does not answer in time. With synchronous_standby_names each write waits for a standby: eosflow store check says whether one is seen. Nothing is lost: what waits for the store goes on by itself.',
  ],
  [
    /unsupported startup parameter/,
    'A pooler answers there (PgBouncer). Name the server itself: a pooler that shares sessions between transactions loses locks, settings and what is listened for.',
  ],
  [
    /does not support SSL/,
    'Switch TLS on at the server: ssl = on in postgresql.conf, with a certificate for the name in the address.',
  ],
  [
    /certificate/i,
    'Have `sslrootcert` of the address name the authority of the server, and the server show a certificate of it that is in force, for the host in the address.',
  ],
  [
    /client password must be a string/,
    `The server asks for a password. Name one in the address, by reference: \`postgres://eosflow:\${env:NAME}@…\`.`,
  ],
]

// What passes without anybody who changes eosflow or its store, beside the classes of {@link AWAY}: the server is read-only for a time (a
// failover, a maintenance), has ended the transaction by a limit of time, or has cancelled the statement.
const PASSES: ReadonlySet<string> = new Set(['25006', '25P03', '25P04', '55P03', '57014'])

const AWAY = ['08', '53', '57P', '58'] as const

export function sqlStateOf(error: unknown): string | undefined {
  const code = codeOf(error, '')
  return /^[0-9A-Z]{5}$/.test(code) && 'severity' in (error as Error) ? code : undefined
}

export function isOutage(error: unknown): boolean {
  if (error instanceof EosflowError) return error instanceof OutageError
  // What an answer says could not be read: the server is there.
  if (error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError) return false
  const state = sqlStateOf(error)
  if (state === undefined) return true
  return PASSES.has(state) || AWAY.some((begin) => state.startsWith(begin))
}

export function noStore(address: PostgresAddress): EosflowError {
  const [what, hint] = NO_STORE
  return new EosflowError('store', `the store ${addressWords(address)} cannot be used: ${what}`, { hint })
}

/** What the store says of an error of PostgreSQL. */
export function postgresError(address: PostgresAddress, thrown: unknown): EosflowError {
  if (thrown instanceof EosflowError) return thrown
  const message =
    thrown instanceof Error ? thrown.message || String((thrown as { code?: unknown }).code) : String(thrown)
  const known = HINTS[sqlStateOf(thrown) ?? '']
  const where = `the store ${addressWords(address)}`
  const said = known === undefined ? undefined : { message: `${where} cannot be used: ${known[0]}`, hint: known[1] }
  if (isOutage(thrown))
    return new OutageError(said?.message ?? `${where} cannot be reached: ${message}`, {
      hint: said?.hint ?? WAYS_OUT.find(([words]) => words.test(message))?.[1] ?? UNREACHED,
      cause: thrown,
    })
  if (said !== undefined) return new EosflowError('store', said.message, { hint: said.hint, cause: thrown })
  return new EosflowError('store', `${where} failed: ${message}`, { cause: thrown })
}
