import { expect, test } from 'vitest'
import { isOutage, postgresError } from '../../../../src/change/record/postgres/postgres-error.ts'
import { OutageError } from '../../../../src/change/record/store/journal.ts'

const ADDRESS = { host: 'db1', port: 5432, database: 'eosflow', user: 'eosflow' }

/** An error as `pg` gives it where the server has refused. */
const refused = (code: string) => Object.assign(new Error('said'), { code, severity: 'ERROR' })

// https://www.postgresql.org/docs/current/errcodes-appendix.html
test.each([
  ['08006', true, 'the connection has failed'],
  ['25006', true, 'a standby, or read-only for a time'],
  ['25P03', true, 'idle in transaction for too long'],
  ['25P04', true, 'the transaction was too long'],
  ['53100', true, 'the disk is full'],
  ['53200', true, 'no memory'],
  ['53300', true, 'too many connections'],
  ['55P03', true, 'a lock was not had in time'],
  ['57014', true, 'cancelled'],
  ['57P01', true, 'shut down by an administrator'],
  ['57P03', true, 'starting up'],
  ['58030', true, 'an error of its disk'],
  ['22P02', false, 'a text that it cannot read'],
  ['23505', false, 'a key that is there already'],
  ['28P01', false, 'the password is wrong'],
  ['3F000', false, 'there is no store'],
  ['42501', false, 'this user may not'],
  ['42883', false, 'a function is missing'],
  ['P0001', false, 'a trigger refuses'],
  ['XX001', false, 'its data are damaged'],
])('%s passes: %s (%s)', (code, passes) => {
  const error = postgresError(ADDRESS, refused(code))
  expect([isOutage(refused(code)), error instanceof OutageError]).toEqual([passes, passes])
  expect(error).toMatchObject({ kind: 'store', retryable: passes })
})

test('what is no answer of the server is an outage, and says what a person does where that is known', () => {
  expect(postgresError(ADDRESS, new Error('ECONNREFUSED'))).toBeInstanceOf(OutageError)
  expect(postgresError(ADDRESS, refused('53100'))).toMatchObject({ hint: 'Free some room on the server.' })
})

test('[T3] a row that cannot be read is no outage: a verification says that it cannot be', () => {
  const error = postgresError(
    ADDRESS,
    thrownBy(() => JSON.parse('{"a":1}x')),
  )
  expect(error).not.toBeInstanceOf(OutageError)
  expect(error).toMatchObject({ kind: 'store', retryable: false, cause: expect.any(SyntaxError) })
})

function thrownBy(act: () => unknown) {
  try {
    return act()
  } catch (thrown) {
    return thrown
  }
}

test.each(['28P01', '28000'])('[W5] %s says that the role may not exist, and how it is made', (code) => {
  const { message, hint } = postgresError(ADDRESS, refused(code))
  expect(message).toContain('or there is no such role')
  expect(hint).toContain('CREATE ROLE eosflow LOGIN PASSWORD')
  expect(hint).toContain('GRANT eos_worker TO')
})

test.each([
  ['connect ECONNREFUSED 127.0.0.1:1', 'Check that the server runs at this address, and that this machine reaches it.'],
  ['The server does not support SSL connections', 'Switch TLS on at the server: ssl = on in postgresql.conf'],
  ['Query read timeout', 'With synchronous_standby_names each write waits for a standby: eosflow store check says'],
  ['unsupported startup parameter: options', 'A pooler answers there (PgBouncer). Name the server itself'],
  ['self-signed certificate', 'Have `sslrootcert` of the address name the authority'],
  ['unable to verify the first certificate', 'Have `sslrootcert` of the address name the authority'],
  [
    "Hostname/IP does not match certificate's altnames: IP: 127.0.0.1 is not in the cert's list",
    'for the host in the address',
  ],
  ['certificate has expired', 'Have `sslrootcert` of the address name the authority'],
  [
    'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string',
    `Name one in the address, by reference: \`postgres://eosflow:\${env:NAME}@…\`.`,
  ],
])('%s: it names the way out', (said, hint) => {
  expect(postgresError(ADDRESS, new Error(said)).hint).toContain(hint)
})
