import { execFileSync } from 'node:child_process'
import { chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { Questions, Session } from '../../../../src/change/record/postgres/database.ts'
import { serverFacts } from '../../../../src/change/record/postgres/server-check.ts'
import type { PostgresAddress } from '../../../../src/change/record/postgres/server-config.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { asSuperuser, ownServerForTests } from '../../../postgres/store-for-test.ts'
import { thrownBy } from '../sqlite/open-for-test.ts'

const servers = ownServerForTests({ settings: ['fsync = off'] })

interface KeyPair {
  readonly key: string
  readonly cert: string
}

const folder = mkdtempSync(join(tmpdir(), 'eosflow-tls-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Made with `openssl`, so that nothing here is judged by the code that it tests. */
function made(name: string, subject: string, extension: string, { by = '', days = '1' } = {}) {
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  openssl(
    'req',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    `${name}.key`,
    '-subj',
    `/CN=${subject}`,
    '-out',
    `${name}.csr`,
  )
  writeFileSync(join(folder, `${name}.ext`), `${extension}\n`)
  const signer =
    by === '' ? ['-signkey', `${name}.key`] : ['-CA', `${by}.pem`, '-CAkey', `${by}.key`, '-CAcreateserial']
  openssl(
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-extfile',
    `${name}.ext`,
    '-days',
    days,
    ...signer,
    '-out',
    `${name}.pem`,
  )
  const read = (file: string) => readFileSync(join(folder, file), 'utf8')
  return { key: read(`${name}.key`), cert: read(`${name}.pem`) }
}

const CA = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign'
const HERE = 'subjectAltName=DNS:localhost,IP:127.0.0.1'
let authority: KeyPair
let certificates: Readonly<
  Record<'right' | 'expired' | 'other-host' | 'common-name' | 'other-authority' | 'own', KeyPair>
>
let client: KeyPair
let strange: KeyPair

beforeAll(() => {
  authority = made('authority', 'Test authority', CA)
  made('elsewhere', 'Other authority', CA)
  certificates = {
    right: made('right', 'db1', HERE, { by: 'authority' }),
    expired: made('expired', 'db1', HERE, { by: 'authority', days: '-1' }),
    'other-host': made('other-host', 'db1', 'subjectAltName=DNS:db9.example.com,IP:127.0.0.9', { by: 'authority' }),
    'common-name': made('common-name', 'localhost', 'subjectAltName=DNS:db9.example.com', { by: 'authority' }),
    'other-authority': made('other-authority', 'db1', HERE, { by: 'elsewhere' }),
    own: made('own', 'localhost', HERE),
  }
  client = made('client', 'eos_tls', 'extendedKeyUsage=clientAuth', { by: 'authority' })
  strange = made('strange', 'eos_tls', 'extendedKeyUsage=clientAuth', { by: 'elsewhere' })
})

/** Has the server prove itself so, and demand of everybody but its superuser that they come over TLS, and so. */
async function served(pair: KeyPair | undefined, demand = 'trust') {
  const { folder: home, port } = servers.server
  const { uid, gid } = statSync(join(home, 'data'))
  const put = (name: string, text: string) => {
    writeFileSync(join(home, name), text, { mode: 0o600 })
    chownSync(join(home, name), uid, gid)
  }
  if (pair !== undefined) {
    put('server.key', pair.key)
    put('server.pem', pair.cert)
    put('ca.pem', authority.cert)
  }
  put('data/pg_hba.conf', `host all postgres 127.0.0.1/32 trust\nhostssl all all all ${demand}\n`)
  const ssl = pair === undefined ? ['ALTER SYSTEM SET ssl = off'] : ['ALTER SYSTEM SET ssl = on']
  const set = (name: string, file: string) => `ALTER SYSTEM SET ${name} = '${join(home, file)}'`
  const files = [set('ssl_cert_file', 'server.pem'), set('ssl_key_file', 'server.key'), set('ssl_ca_file', 'ca.pem')]
  await asSuperuser(
    { host: '127.0.0.1', port, database: 'postgres', user: 'postgres' },
    "DO $$ BEGIN CREATE ROLE eos_tls LOGIN PASSWORD 'tls-canary'; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
    ...(pair === undefined ? [] : files),
    ...ssl,
    'SELECT pg_reload_conf()',
    'SELECT pg_sleep(0.3)',
  )
}

type Tls = NonNullable<PostgresAddress['tls']>

const at = (tls: Tls | undefined, host = '127.0.0.1', password?: string) => ({
  host,
  port: servers.server.port,
  database: 'postgres',
  user: 'eos_tls',
  ...(tls === undefined ? {} : { tls }),
  ...(password === undefined ? {} : { password: async () => password }),
})

/** Whether a question is answered over TLS, or why not. */
async function asked(address: PostgresAddress) {
  const warnings: string[] = []
  const heed = ({ message }: Error) => void warnings.push(message)
  process.on('warning', heed)
  const questions = new Questions(address, { name: 'test' })
  const session = new Session(address, { name: 'test' })
  try {
    const row = await questions.one<{ ssl: boolean }>('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')
    await session.open()
    const { rows } = await session.send('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')
    return warnings[0] ?? (row?.ssl === true && rows[0]?.ssl === true ? 'over TLS' : 'in the clear')
  } catch (error) {
    return error instanceof Error ? `${error.message} ${String((error.cause as Error | undefined)?.message ?? '')}` : ''
  } finally {
    process.off('warning', heed)
    await questions.close()
    await session.close()
  }
}

describe('a server that proves who it is', () => {
  test.each([
    ['right', '127.0.0.1', /^over TLS$/],
    ['right', 'localhost', /^over TLS$/],
    ['expired', '127.0.0.1', /certificate has expired/],
    ['other-host', '127.0.0.1', /does not match certificate's altnames/],
    ['other-host', 'localhost', /does not match certificate's altnames/],
    ['common-name', 'localhost', /does not match certificate's altnames/],
    [
      'other-authority',
      '127.0.0.1',
      /unable to (?:get local issuer|verify the first) certificate|self.signed certificate/,
    ],
    ['own', 'localhost', /self.signed certificate|unable to verify/],
  ] as const)('with the certificate %s, asked as %s', async (name, host, expected) => {
    await served(certificates[name])
    expect(await asked(at({ ca: authority.cert }, host))).toMatch(expected)
  })

  test('is judged by the authorities of this machine where none is named', async () => {
    await served(certificates.right)
    expect(await asked(at({}))).toMatch(/unable to (?:get local issuer|verify the first) certificate|self.signed/)
  })

  test('is not asked in the clear where it has no TLS', async () => {
    await served(undefined)
    expect(await asked(at({ ca: authority.cert }))).toContain('does not support SSL')
    await served(certificates.right)
    expect(await asked(at({ ca: authority.cert }))).toBe('over TLS')
  })

  test('is verified whatever the environment says', async () => {
    await served(certificates['other-authority'])
    const said = {
      PGSSLMODE: 'disable',
      PGHOST: '127.0.0.9',
      PGOPTIONS: '-c search_path=mine',
      PGSSLNEGOTIATION: 'postgres',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      PGSSLROOTCERT: join(folder, 'elsewhere.pem'),
    }
    const before = { ...process.env }
    onTestFinished(() => {
      process.env = before
    })
    process.env = { ...process.env, ...said }
    expect(await asked(at({ ca: authority.cert }))).toContain('certificate')
    await served(certificates.right)
    expect(await asked(at({ ca: authority.cert }))).toMatch(/^over TLS$|NODE_TLS_REJECT_UNAUTHORIZED/)
  })

  test('asks for a certificate, and takes that of its own authority alone', async () => {
    await served(certificates.right, 'cert')
    const ca = authority.cert
    expect(await asked(at({ ca, cert: client.cert, key: client.key }))).toBe('over TLS')
    expect(await asked(at({ ca }))).toMatch(/not let in|certificate/)
    expect(await asked(at({ ca, cert: strange.cert, key: strange.key }))).not.toBe('over TLS')
  })

  test('asks for a password, which no error shows', async () => {
    await served(certificates.right, 'scram-sha-256')
    const ca = authority.cert
    expect(await asked(at({ ca }, '127.0.0.1', 'tls-canary'))).toBe('over TLS')
    const wrong = await thrownBy(() => serverFacts(at({ ca }, '127.0.0.1', 'wrong-canary'), () => systemClock.now()))
    expect(wrong).toMatchObject({ message: expect.stringContaining('the password is refused') })
    expect(JSON.stringify([wrong, String((wrong as Error).cause), (wrong as Error).stack])).not.toContain('canary')
  })
})
