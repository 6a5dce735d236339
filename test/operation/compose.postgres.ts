import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../free-ports.ts'
import { BUILT, exits } from '../lab/lab.ts'
import { type Cluster, postgresPrograms, startCluster } from '../postgres/cluster.ts'
import { type ComposeFile, composeFile, composeSettings } from './compose-file.ts'

// What compose.yaml says is run as it stands there, without containers: each command with the environment of its service, and its folders, its
// port and its name of the database led to this machine. What no test can show here is that the images have these programs.

/** How long a process may take until it is there, in milliseconds. */
const PATIENCE = 60_000
const VARIABLES = { ADMIN_DB: 'c2e0-admin', EOSFLOW_DB: "9f1d-it's" }
const POLICY = `version: 1
roles: { everybody: { members: ["corp:group:netops"] } }
rules: [ { id: all, allow: [plan.create, plan.read], to: [everybody] } ]
`

/** How one command ended. */
interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

const dir = mkdtempSync(join(tmpdir(), 'eosflow-compose-'))
const network = join(dir, 'network')
const processes: ChildProcess[] = []
let file: ComposeFile
let server: Cluster
let port: number

/** A text of the file, with the folders of a container led to those of this test. */
const here = (text: string): string =>
  text
    .replaceAll('/certificates', join(dir, 'certificates'))
    .replaceAll('/srv/network', network)
    .replaceAll('/state', join(network, '.eosflow'))

function invocation(name: string) {
  const { command = [], environment = {}, working_dir: place = '/tmp' } = file.services[name] ?? {}
  const [program = '', ...args] = command.map(here)
  const isOwn = program === 'eosflow'
  return {
    program: isOwn ? process.execPath : program,
    args: isOwn ? [BUILT, ...args] : args,
    options: {
      cwd: here(place),
      env: {
        PATH: [join(dir, 'bin'), postgresPrograms(), process.env.PATH].join(delimiter),
        // A container has no home that outlives it; whoever writes there is found.
        HOME: '/dev/null/home',
        NODE_OPTIONS: [new URL('names.mjs', import.meta.url), new URL('../project/worker/ways.mjs', import.meta.url)]
          .map((script) => `--import=${script}`)
          .join(' '),
        EOSFLOW_TEST_WAYS: JSON.stringify({ 5432: server?.port }),
        PGHOSTADDR: '127.0.0.1',
        PGPORT: String(server?.port),
        ...Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, here(value)])),
      },
    },
  }
}

/** Runs a service of the file to its end. */
function runs(name: string): Promise<Ended> {
  const { program, args, options } = invocation(name)
  return new Promise((resolve) => {
    execFile(program, args, options, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err }),
    )
  })
}

/** Starts a service of the file. Resolves when it has said that it is there. */
async function starts(name: string, ready: RegExp): Promise<{ readonly ended: Promise<number>; stop(): void }> {
  const { program, args, options } = invocation(name)
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  processes.push(child)
  let said = ''
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)))
  await new Promise<void>((resolve, reject) => {
    const hear = (piece: Buffer): void => {
      said += piece
      if (ready.test(said)) resolve()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    void ended.then((code) => reject(new Error(`${name} ended with ${code}: ${said}`)))
    setTimeout(() => reject(new Error(`${name} is not there, and has said: ${said}`)), PATIENCE).unref()
  })
  return { ended, stop: () => child.kill('SIGTERM') }
}

/** Asks the server over TLS, as a browser does that trusts the authority of the file. */
function asked(path: string): Promise<{ readonly status: number | undefined; readonly text: string }> {
  const ca = readFileSync(join(dir, 'certificates/ca.pem'))
  return new Promise((resolve, reject) => {
    const lookup = { host: '127.0.0.1', servername: 'localhost', headers: { host: `localhost:${port}` } }
    request({ ...lookup, port, path, ca }, (answer) => {
      let text = ''
      answer.on('data', (piece) => {
        text += piece
      })
      answer.on('end', () => resolve({ status: answer.statusCode, text }))
    })
      .on('error', reject)
      .end()
  })
}

const query = (sql: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const args = ['-At', '-h', server.folder, '-p', String(server.port), '-U', 'postgres', '-d', 'eosflow', '-c', sql]
    execFile(join(postgresPrograms() ?? '', 'psql'), args, (error, out) =>
      error === null ? resolve(out) : reject(error),
    )
  })

beforeAll(async () => {
  file = composeFile(VARIABLES)
  port = await freePort()
  // The database runs as a user of its own, who has to reach its certificate.
  chmodSync(dir, 0o711)
  for (const folder of ['bin', 'certificates', 'network/.eosflow']) mkdirSync(join(dir, folder), { recursive: true })
  writeFileSync(join(network, 'inventory.yaml'), 'version: 1\ndevices: {}\n')
  writeFileSync(join(network, 'policy.yaml'), POLICY)
  writeFileSync(join(network, 'eosflow.yaml'), here(composeSettings()).replaceAll('7474', String(port)))
  // Where the test is not root's, files belong to whoever runs it: the server runs as the same user then.
  if (process.getuid?.() !== 0) writeFileSync(join(dir, 'bin/chown'), '#!/bin/sh\n', { mode: 0o755 })
})

afterAll(async () => {
  for (const child of processes) child.kill('SIGKILL')
  await server?.end()
  rmSync(dir, { recursive: true, force: true })
})

test('[G42] what compose.yaml says makes a store that its workers and its server reach by TLS alone', async () => {
  const made = await runs('prepare')
  expect([made.code, made.err]).toEqual([0, expect.not.stringMatching(/error/i)])
  const certificates = join(dir, 'certificates')
  expect(readdirSync(certificates).toSorted()).toEqual([
    'ca.pem',
    'localhost.key',
    'localhost.pem',
    'made',
    'postgres.key',
    'postgres.pem',
  ])
  const before = readFileSync(join(certificates, 'postgres.pem'), 'utf8')
  for (const name of ['postgres', 'localhost']) {
    expect(statSync(join(certificates, `${name}.key`)).mode & 0o777).toBe(0o600)
  }
  // Once more changes nothing.
  await exits(0, runs('prepare'))
  expect(readFileSync(join(certificates, 'postgres.pem'), 'utf8')).toBe(before)

  // As the image does: the database and its superuser are there, and who comes by the network shows a password.
  const [, ...options] = file.services.postgres?.command ?? []
  const rules = join(dir, 'hba.conf')
  writeFileSync(rules, 'local all all trust\nhost all all all scram-sha-256\n', { mode: 0o644 })
  const settings = options.filter((one) => one !== '-c').map((one) => here(one).replace(/=(.*)$/, " = '$1'"))
  expect(settings).toHaveLength(3)
  server = await startCluster({ settings: [...settings, `hba_file = '${rules}'`] })
  const admin = ['-h', server.folder, '-p', String(server.port), '-U', 'postgres', '-c']
  for (const sql of ['CREATE DATABASE eosflow', `ALTER USER postgres PASSWORD '${VARIABLES.ADMIN_DB}'`]) {
    await new Promise((resolve) => execFile(join(postgresPrograms() ?? '', 'psql'), [...admin, sql], resolve))
  }

  // Both twice, as `docker compose up` does.
  for (const once of ['first', 'again']) {
    expect([once, 'init', await runs('init')]).toEqual([
      once,
      'init',
      { code: 0, out: expect.any(String), err: expect.any(String) },
    ])
    expect([once, 'users', await runs('users')]).toEqual([once, 'users', { code: 0, out: '', err: expect.any(String) }])
  }
  expect(
    await query(
      "SELECT rolsuper, pg_has_role('eosflow', 'eos_worker', 'member') FROM pg_roles WHERE rolname = 'eosflow'",
    ),
  ).toBe('f|t\n')

  const workers: Awaited<ReturnType<typeof starts>>[] = []
  for (let n = 0; n < (file.services.worker?.deploy?.replicas ?? 0); n += 1) {
    workers.push(await starts('worker', /Worker .+ drives default/))
  }
  expect(workers).toHaveLength(2)
  const office = await starts('server', /Serving: /)
  expect([await asked('/readyz'), await asked('/login')]).toMatchObject([
    { status: 200 },
    { status: 200, text: expect.stringContaining('corp') },
  ])
  const sessions = (
    await query("SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'eosflow'")
  ).trim()
  expect(sessions).toBe('t')
  // What the containers keep is in the volumes, and nothing beside.
  expect(readdirSync(network).toSorted()).toEqual(['.eosflow', 'eosflow.yaml', 'inventory.yaml', 'policy.yaml'])

  // Asked to end, everybody ends with what `restart: on-failure` leaves alone.
  for (const { stop } of [office, ...workers]) stop()
  expect(await Promise.all([office, ...workers].map(({ ended }) => ended))).toEqual([0, 0, 0])
})
