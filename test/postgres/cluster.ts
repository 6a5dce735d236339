import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../free-ports.ts'

const run = promisify(execFile)

/** A server of its own, in a folder of its own, on a port of loopback. */
export interface Cluster {
  readonly folder: string
  readonly port: number
  /** The address of a database of it, as its superuser. */
  url(database: string, user?: string): string
  start(): Promise<void>
  /** `immediate` is a crash: nothing is written that was not. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>
  /** Copies its files as they are, while it runs. Returns how to put them back: the server is stopped, and starts from them. */
  backUp(): Promise<() => Promise<void>>
  /** Stops it and takes its folder away. */
  end(): Promise<void>
}

/** What a cluster is made with beside what all have. */
export interface ClusterOptions {
  /** Lines of postgresql.conf. */
  readonly settings?: readonly string[]
  /** Copies this running server instead of making a new one: a standby of it, of this application_name. */
  readonly standbyOf?: { readonly primary: Cluster; readonly name: string }
  /** Begins with the folder of a server that was stopped. Default: as initdb makes it. */
  readonly from?: string
}

/** The variable that names a folder as initdb makes it, which each new cluster begins as a copy of. Without it each calls initdb. */
const PREPARED = 'TEST_POSTGRES_PREPARED'
/** What initdb is called with beside the folder. */
const INITDB = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-instructions']

/** Where PostgreSQL's programs are; undefined where it is not installed. */
export function postgresPrograms() {
  const debian = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').toSorted() : []
  const folders = [
    process.env.EOSFLOW_POSTGRES,
    ...debian.toReversed().map((version) => `/usr/lib/postgresql/${version}/bin`),
  ]
  return folders.find((folder) => folder !== undefined && existsSync(join(folder, 'initdb')))
}

/** Makes and starts a server. Throws where PostgreSQL is not installed. */
export async function startCluster({ settings = [], standbyOf, from }: ClusterOptions = {}): Promise<Cluster> {
  const programs = postgresPrograms()
  if (programs === undefined)
    throw new Error('no PostgreSQL: install postgresql, or name its folder in EOSFLOW_POSTGRES')
  const { folder, options } = ownFolder()
  const port = await freePort()
  const data = join(folder, 'data')
  const program = (name: string, ...args: string[]) => run(join(programs, name), args, options)
  if (standbyOf === undefined) {
    const prepared = from ?? process.env[PREPARED]
    if (prepared === undefined) await program('initdb', '-D', data, ...INITDB)
    else await run('cp', ['-a', prepared, data])
  } else {
    const { primary, name } = standbyOf
    const source = `host=127.0.0.1 port=${primary.port} user=postgres application_name=${name}`
    await program('pg_basebackup', '-d', source, '-D', data, '-R', '--checkpoint=fast', '--no-sync')
  }
  const lines = ['shared_buffers = 32MB', 'max_connections = 60', 'max_wal_size = 256MB', ...settings]
  writeFileSync(join(folder, 'settings.conf'), `${lines.join('\n')}\n`, { mode: 0o644 })
  if (standbyOf === undefined) {
    execFileSync('sh', ['-c', `echo "include '../settings.conf'" >> ${join(data, 'postgresql.conf')}`])
  }
  let server: ChildProcess | undefined
  const cluster: Cluster = {
    folder,
    port,
    url: (database, user = 'postgres') => `postgres://${user}@127.0.0.1:${port}/${database}`,
    start: async () => {
      const args = [
        '-D',
        data,
        '-p',
        String(port),
        '-c',
        'listen_addresses=127.0.0.1',
        '-c',
        `unix_socket_directories=${folder}`,
      ]
      server = spawn(join(programs, 'postgres'), args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
      let said = ''
      server.stderr?.on('data', (chunk) => {
        said = `${said}${chunk}`.slice(-4_000)
      })
      for (let tries = 0; ; tries += 1) {
        try {
          await program('pg_isready', '-q', '-h', '127.0.0.1', '-p', String(port))
          return
        } catch {
          if (server.exitCode !== null || tries > 200) throw new Error(`PostgreSQL does not start: ${said}`)
          await new Promise((resolve) => setTimeout(resolve, 50))
        }
      }
    },
    stop: async (mode = 'fast') => {
      const stopped = server
      if (stopped === undefined || stopped.exitCode !== null) return
      const gone = new Promise((resolve) => stopped.once('exit', resolve))
      stopped.kill(mode === 'immediate' ? 'SIGQUIT' : 'SIGINT')
      await gone
      server = undefined
    },
    backUp: async () => {
      const kept = mkdtempSync(join(folder, 'kept-'))
      if (options.uid !== undefined) execFileSync('chown', [`${options.uid}:${options.gid}`, kept])
      const source = `host=127.0.0.1 port=${port} user=postgres`
      await program('pg_basebackup', '-d', source, '-D', kept, '--checkpoint=fast', '--no-sync')
      return async () => {
        await cluster.stop('fast')
        rmSync(data, { recursive: true })
        execFileSync('cp', ['-a', kept, data])
        await cluster.start()
      }
    },
    end: async () => {
      await cluster.stop('immediate')
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await cluster.start()
  return cluster
}

/** Makes what each new cluster begins as a copy of, and names it in {@link PREPARED}. Returns what takes it away. */
export async function prepareClusters(): Promise<() => void> {
  const programs = postgresPrograms()
  if (programs === undefined) return () => undefined
  const { folder, options } = ownFolder()
  await run(join(programs, 'initdb'), ['-D', join(folder, 'data'), ...INITDB], options)
  process.env[PREPARED] = join(folder, 'data')
  return () => rmSync(folder, { recursive: true, force: true })
}

/** A folder of the user that the server runs as, and with what its programs run in it. */
function ownFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'eosflow-postgres-'))
  const who = unprivileged()
  // The server refuses to run as root, and another user cannot enter a folder that only root may.
  if (who !== undefined) execFileSync('chown', [`${who.uid}:${who.gid}`, folder])
  chmodSync(folder, 0o700)
  return { folder, options: { ...who, cwd: folder, env: { PATH: process.env.PATH, LC_ALL: 'C', HOME: folder } } }
}

/** The user that the server runs as where this process is root's. */
function unprivileged() {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (flag: string, user: string) => Number(execFileSync('id', [flag, user]).toString())
  const user = ['postgres', 'nobody'].find((name) => {
    try {
      return idOf('-u', name) > 0
    } catch {
      return false
    }
  })
  if (user === undefined) throw new Error('PostgreSQL does not run as root, and there is no other user')
  return { uid: idOf('-u', user), gid: idOf('-g', user) }
}
