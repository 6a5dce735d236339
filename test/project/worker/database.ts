import { Session } from '../../../src/change/record/postgres/database.ts'
import { type Cluster, startCluster } from '../../postgres/cluster.ts'
import { Way } from './way.ts'

/** How a team's database is made. */
export interface DatabaseOptions {
  /** Whether every commit waits for a second server, which can take over. Default: there is one server alone. */
  readonly isReplicated?: boolean
  /** How its server writes dates. Default: as PostgreSQL does. */
  readonly dateStyle?: string | undefined
}

/** The database of a team: one address, behind which another server may be later. */
export interface Database {
  /** The port by which everybody knows it. */
  readonly port: number
  /** Where the server is now that writes. */
  readonly primary: Cluster
  /** A way for a machine: it leads to the server that writes, also when that is another one. */
  follow(way: Pick<Way, 'leadTo'>): void
  /** Asks the server that writes as its superuser, past the address, and gives what the last statement has given. */
  ask(...statements: readonly string[]): Promise<readonly Record<string, unknown>[]>
  /** Its server dies without a word, and is there again after so many milliseconds. */
  restart(milliseconds: number): Promise<void>
  /** Its server dies for good, and the standby takes over; a new standby is made then. */
  promote(): Promise<void>
  end(): Promise<void>
}

/** Each worker has a dozen sessions, and those that nobody says goodbye to stay for a while. */
const SETTINGS = ['max_connections = 200']

/** Starts one server, or two of which each commit needs both. */
export async function startDatabase({ isReplicated = false, dateStyle }: DatabaseOptions = {}): Promise<Database> {
  const settings = dateStyle === undefined ? SETTINGS : [...SETTINGS, `datestyle = '${dateStyle}'`]
  const first = await startCluster({ settings })
  if (isReplicated) {
    await asked(first, "ALTER SYSTEM SET synchronous_standby_names = '*'", 'SELECT pg_reload_conf()')
  }
  let made = 0
  const standbyOf = (primary: Cluster) => {
    made += 1
    return startCluster({ settings, standbyOf: { primary, name: `standby${made}` } })
  }
  let primary = first
  let standby = isReplicated ? await standbyOf(first) : undefined
  const front = await Way.to(primary.port)
  const ways = new Set<Pick<Way, 'leadTo'>>([front])
  return {
    port: front.port,
    get primary() {
      return primary
    },
    follow: (way) => void ways.add(way),
    ask: (...statements) => asked(primary, ...statements),
    restart: async (milliseconds) => {
      await primary.stop('immediate')
      await new Promise((resolve) => setTimeout(resolve, milliseconds))
      await primary.start()
    },
    promote: async () => {
      const heir = standby
      if (heir === undefined) throw new Error('there is no standby')
      const dead = primary
      await dead.stop('immediate')
      // A busy machine takes longer for it than a session waits for an answer.
      await asked(heir, 'SELECT pg_promote(false)')
      while ((await asked(heir, 'SELECT pg_is_in_recovery() AS waits'))[0]?.waits !== false)
        await new Promise((resolve) => setTimeout(resolve, 20))
      primary = heir
      for (const way of ways) way.leadTo(heir.port)
      // Until there is a standby again every commit waits for one: without it all that is under way would stand still.
      standby = await standbyOf(heir).catch(() => standbyOf(heir))
      await dead.end()
    },
    end: async () => {
      front.close()
      await standby?.end()
      await primary.end()
    },
  }
}

async function asked({ port }: Pick<Cluster, 'port'>, ...statements: readonly string[]) {
  const session = new Session({ host: '127.0.0.1', port, database: 'postgres', user: 'postgres' }, { name: 'test' })
  try {
    await session.open()
    let rows: readonly Record<string, unknown>[] = []
    for (const statement of statements) rows = (await session.send(statement)).rows
    return rows
  } finally {
    session.drop()
  }
}
