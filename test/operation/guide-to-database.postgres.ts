import { execFile, execFileSync, spawn } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { extentOfLong } from '../extent.ts'
import { BUILT, exits } from '../lab/lab.ts'
import { type Cluster, postgresPrograms, startCluster } from '../postgres/cluster.ts'

// The page is read as it is, and each line of it is given to a shell. What no test shows here is `npm install pg`: the package is there.

const PAGE = readFileSync(new URL('../../docs/store-on-postgresql.md', import.meta.url), 'utf8')
/** The blocks of one language, line by line. */
const blocks = (language: string): readonly (readonly string[])[] =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) =>
    text.trimEnd().split('\n'),
  )
/** The statements that are named within its sentences. */
const STATEMENTS = [...PAGE.matchAll(/`((?:CREATE|SELECT) [^`]{8,})`/g)].map(([, text = '']) => text)

const ADMIN = 'a1-admin'
const VARIABLES = { ADMIN_DB: ADMIN, EOSFLOW_DB: '9f1d-eosflow' }

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** How a line ended. */
interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** A server that shows a certificate for the name in the guide and asks everybody who comes by TCP for a password, and a project beside it. */
async function place(right: string) {
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-guide-'))
  ends.push(() => rmSync(dir, { recursive: true, force: true }))
  chmodSync(dir, 0o711)
  for (const folder of ['bin', 'project']) mkdirSync(join(dir, folder))
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' })
  writeFileSync(join(dir, 'name.ext'), 'subjectAltName=DNS:db1.example.com\n')
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '1',
    '-subj',
    '/CN=test',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  )
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=db1', '-keyout', 'db.key', '-out', 'db.csr')
  openssl(
    'x509',
    '-req',
    '-in',
    'db.csr',
    '-days',
    '1',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-extfile',
    'name.ext',
    '-out',
    'db.pem',
  )
  writeFileSync(join(dir, 'hba.conf'), 'local all postgres trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n')
  const server = await startCluster({ settings: [`hba_file = '${join(dir, 'hba.conf')}'`] })
  ends.push(() => server.end())
  await served(server, dir)
  const asPostgres = (sql: string) =>
    execFileSync(
      join(postgresPrograms() ?? '', 'psql'),
      ['-At', '-h', server.folder, '-p', String(server.port), '-U', 'postgres', '-c', sql],
      { encoding: 'utf8' },
    )
  asPostgres(`CREATE ROLE admin LOGIN ${right} PASSWORD '${ADMIN}'`)

  const project = join(dir, 'project')
  copyFileSync(join(dir, 'ca.pem'), join(project, 'db-ca.pem'))
  writeFileSync(join(project, 'inventory.yaml'), 'version: 1\ndevices: {}\n')
  const settings = Object.assign({ version: 1 }, ...blocks('yaml').map((lines) => parse(lines.join('\n'))))
  const workers = { ...settings.workers, dispatch: 'dbos' }
  writeFileSync(join(project, 'eosflow.yaml'), JSON.stringify({ ...settings, workers }))
  writeFileSync(join(dir, 'bin/eosflow'), `#!/bin/sh\nexec '${process.execPath}' '${BUILT}' "$@"\n`, { mode: 0o755 })
  const env = {
    ...VARIABLES,
    PATH: [join(dir, 'bin'), postgresPrograms(), process.env.PATH].join(delimiter),
    HOME: dir,
    NODE_OPTIONS: [new URL('names.mjs', import.meta.url), new URL('../project/worker/ways.mjs', import.meta.url)]
      .map((script) => `--import=${script}`)
      .join(' '),
    EOSFLOW_TEST_WAYS: JSON.stringify({ 5432: server.port }),
    // With what psql finds its server: of that the guide says nothing.
    ...{
      PGHOST: 'db1.example.com',
      PGHOSTADDR: '127.0.0.1',
      PGPORT: String(server.port),
      PGSSLMODE: 'verify-full',
      PGSSLROOTCERT: join(dir, 'ca.pem'),
    },
    ...{ PGUSER: 'admin', PGPASSWORD: ADMIN, PGDATABASE: 'postgres' },
  }
  const types = (line: string, more: Readonly<Record<string, string>> = {}): Promise<Ended> =>
    new Promise((resolve) => {
      execFile('sh', ['-euc', line], { cwd: project, env: { ...env, ...more } }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err }),
      )
    })
  return { project, env, types, asPostgres }
}

/** Has the server show the certificate: its files are those of the user that it runs as. */
async function served(server: Cluster, dir: string) {
  const keep = (name: string) => {
    copyFileSync(join(dir, name), join(server.folder, name))
    execFileSync('chown', ['--reference', join(server.folder, 'data'), join(server.folder, name)])
    chmodSync(join(server.folder, name), 0o600)
  }
  for (const name of ['db.pem', 'db.key']) keep(name)
  const set = `ssl_cert_file = '${join(server.folder, 'db.pem')}'\nssl_key_file = '${join(server.folder, 'db.key')}'\nssl = on\n`
  writeFileSync(
    join(server.folder, 'settings.conf'),
    `${readFileSync(join(server.folder, 'settings.conf'), 'utf8')}${set}`,
  )
  await server.stop()
  await server.start()
}

/** Has a worker of the project begin and end. */
async function worked(project: string, env: Readonly<Record<string, string>>): Promise<readonly [string, number]> {
  const child = spawn(join(env.HOME ?? '', 'bin/eosflow'), ['worker', '--name', 'w1'], { cwd: project, env })
  let said = ''
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)))
  const over = setTimeout(() => child.kill('SIGKILL'), 60_000)
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece) => {
      said += piece
      if (said.includes('drives default')) child.kill('SIGTERM')
    })
  const code = await ended
  clearTimeout(over)
  return [said, code]
}

const WHO: [who: string, right: string][] = [
  ['a superuser', 'SUPERUSER'],
  ['who may create roles and databases, and no more', 'CREATEROLE CREATEDB'],
]

// Who has fewer rights has the harder way: a superuser may do all of it.
test.each(extentOfLong(WHO.slice(1), WHO))(
  '[W5] each line of the guide works as it is written, by %s',
  async (_, right) => {
    const { project, env, types, asPostgres } = await place(right)
    const [setUp = [], afterLoss = []] = blocks('sh')
    // Whoever adds a block adds it here.
    expect([blocks('sh').length, setUp.length, afterLoss.length, STATEMENTS.length]).toEqual([2, 4, 2, 2])
    const [create = '', look = ''] = STATEMENTS
    expect(await types(`psql -c "${create}"`)).toEqual({ code: 0, out: 'CREATE DATABASE\n', err: '' })

    // Before the login is made it is said that it may not be there, and how it is made.
    const early = await types('eosflow store check')
    expect([early.code, early.out + early.err]).toEqual([
      1,
      expect.stringContaining('CREATE ROLE eosflow LOGIN PASSWORD'),
    ])

    const ended: Ended[] = []
    for (const line of setUp) {
      const one = await types(line)
      ended.push(one)
      expect([line, one.code, one.err]).toEqual([line, 0, ''])
    }
    expect(ended[0]?.out).toContain('Made: store eosflow.audit/')
    expect(ended[3]?.out).toContain('✓ the store has layout')
    expect(ended[3]?.out).toContain('✓ the queues of the workers are there')
    expect(ended[3]?.out).not.toContain('✗')
    // The login owns nothing of the store.
    expect(
      asPostgres(
        "SELECT string_agg(g.rolname, ' ') FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member WHERE u.rolname = 'eosflow'",
      ),
    ).toBe('eos_worker\n')
    await exits(0, types('eosflow executions'))
    expect(await worked(project, env)).toEqual([expect.stringContaining('Worker w1'), 0])
    expect(
      await types(`psql -Atc "${look}"`, {
        PGUSER: 'eosflow',
        PGPASSWORD: VARIABLES.EOSFLOW_DB,
        PGDATABASE: 'eosflow',
      }),
    ).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\|/),
    })
    // Nothing is lost here, and no switch is there: both lines are taken all the same.
    const [scan, accept] = [await types(afterLoss[0] ?? ''), await types(afterLoss[1] ?? '')]
    expect([scan.code, accept]).toEqual([0, { code: 0, out: expect.stringMatching(/^Accepted\. /), err: '' }])
  },
)
