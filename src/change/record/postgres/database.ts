import pg from 'pg'
import { isOutage, postgresError } from './postgres-error.ts'
import { type PostgresAddress, serverConfig } from './server-config.ts'

const INT8 = 20
const INT8_ARRAY = 1016

// Positions and counts are far below 2^53.
const types = {
  getTypeParser: (id: number, format?: 'text' | 'binary'): unknown => {
    if (id === INT8) return Number
    if (id === INT8_ARRAY) return numbersIn
    return pg.types.getTypeParser(id, format as 'text')
  },
}

function numbersIn(text: string) {
  return text === '{}' ? [] : text.slice(1, -1).split(',').map(Number)
}

// How long a connection and an answer may take, in milliseconds: whoever waits for an act has to hear of an outage within ten seconds.
const CONNECT = 3_000
const ANSWER = 5_000
// How often a server looks whether whoever has sent a statement is still there, in milliseconds.
const CHECK_CLIENT = 2_000
const LONG = 3_600_000

export interface SessionOptions {
  readonly name: string
  /** Ends a statement that takes longer, in milliseconds. */
  readonly statementTimeout?: number
}

function configOf(address: PostgresAddress, { name, statementTimeout = 0 }: SessionOptions): pg.ClientConfig {
  return {
    ...serverConfig(address, name, {
      search_path: 'eosflow, pg_temp',
      statement_timeout: String(statementTimeout),
    }),
    keepAliveInitialDelayMillis: 5_000,
    connectionTimeoutMillis: CONNECT,
    types: types as pg.CustomTypesConfig,
  }
}

export class Questions {
  readonly #pool: pg.Pool
  readonly #address: PostgresAddress

  constructor(address: PostgresAddress, options: SessionOptions) {
    this.#address = address
    this.#pool = new pg.Pool({
      ...configOf(address, options),
      max: 3,
      idleTimeoutMillis: 30_000,
      allowExitOnIdle: true,
      verify: (client, done) => void settle(client).then(() => done(), done),
    })
    // A session that breaks while nobody uses it is replaced at the next question.
    this.#pool.on('error', () => undefined)
    // One that breaks between two statements of a transaction fails the next of them; a process that nobody listens in would end.
    this.#pool.on('connect', (client) => client.on('error', () => undefined))
  }

  /** Throws `store`. */
  readonly ask = async <R>(text: string, values: readonly unknown[] = []): Promise<readonly R[]> => {
    try {
      const query = { text, values: [...values], query_timeout: ANSWER }
      return (await this.#pool.query(query)).rows
    } catch (error) {
      throw postgresError(this.#address, error)
    }
  }

  async one<R>(text: string, values: readonly unknown[] = []): Promise<R | undefined> {
    return (await this.ask<R>(text, values))[0]
  }

  /** Its commit is waited for as long: whoever gave up before could not say whether it is written. */
  atLength<R>(text: string, values: readonly unknown[] = []): Promise<readonly R[]> {
    return this.#within('BEGIN', LONG, (ask) => ask<R>(text, values), LONG)
  }

  /** `answer`: how long each of them may take, in milliseconds. Throws `store`. */
  view<T>(work: (ask: Ask) => Promise<T>, answer = LONG): Promise<T> {
    return this.#within('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', answer, work)
  }

  async #within<T>(
    begin: string,
    answer: number,
    work: (ask: Ask) => Promise<T>,
    short = Math.min(answer, ANSWER),
  ): Promise<T> {
    try {
      const client = await this.#pool.connect()
      let broken: Error | undefined
      const sent = async (text: string, values: readonly unknown[], timeout: number) => {
        const query = { text, values: [...values], query_timeout: timeout }
        return (await client.query(query)).rows
      }
      try {
        await sent(begin, [], short)
        await sent(`SET LOCAL statement_timeout = ${answer}`, [], short)
        const given = await work((text, values = []) => sent(text, values, answer))
        await sent('COMMIT', [], short)
        return given
      } catch (error) {
        broken = error instanceof Error ? error : new Error(String(error))
        throw error
      } finally {
        client.release(broken)
      }
    } catch (error) {
      throw postgresError(this.#address, error)
    }
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }
}

export interface StatementResult {
  readonly rows: readonly pg.QueryResultRow[]
  readonly notices: readonly string[]
}

export type Ask = Questions['ask']

export function askOver(session: Session): Ask {
  return async (text, values) => (await session.send(text, values)).rows as readonly never[]
}

export class Session {
  readonly #address: PostgresAddress
  readonly #options: SessionOptions
  readonly #heard: (message: pg.Notification) => void
  #client: pg.Client | undefined
  #opening: Promise<void> | undefined
  #isClosed = false
  #opened = 0
  #notices: string[] = []
  #before: Promise<void> = Promise.resolve()

  constructor(
    address: PostgresAddress,
    options: SessionOptions,
    heard: (message: pg.Notification) => void = () => undefined,
  ) {
    this.#address = address
    this.#options = options
    this.#heard = heard
  }

  get isOpen(): boolean {
    return this.#client !== undefined
  }

  get opened(): number {
    return this.#opened
  }

  /** Throws what `pg` does: nothing was sent. */
  open(): Promise<void> {
    if (this.#isClosed) return Promise.reject(new Error('the session is closed'))
    if (this.#client !== undefined) return Promise.resolve()
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  async #connect() {
    const client = new pg.Client(configOf(this.#address, this.#options))
    const forget = () => {
      if (this.#client === client) this.#client = undefined
    }
    client.on('error', forget)
    client.on('end', forget)
    client.on('notice', ({ code }) => this.#notices.push(code ?? ''))
    client.on('notification', this.#heard)
    try {
      await client.connect()
      await settle(client)
    } catch (error) {
      abandon(client)
      throw error
    }
    if (this.#isClosed) abandon(client)
    else {
      this.#opened += 1
      this.#client = client
    }
  }

  /** Throws what `pg` does, also where no answer has come in five seconds. */
  async send(text: string, values: readonly unknown[] = []): Promise<StatementResult> {
    const client = this.#client
    const sent = this.#before.then(() => this.#ask(client, text, values))
    this.#before = sent.then(
      () => undefined,
      () => undefined,
    )
    return sent
  }

  async #ask(client: pg.Client | undefined, text: string, values: readonly unknown[]): Promise<StatementResult> {
    if (client === undefined || client !== this.#client) throw new Error('the connection is closed')
    this.#notices = []
    const query = { text, values: [...values], query_timeout: ANSWER }
    const { rows } = await client.query(query)
    return { rows, notices: this.#notices }
  }

  drop(): void {
    const client = this.#client
    this.#client = undefined
    if (client !== undefined) abandon(client)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const client = this.#client
    this.#client = undefined
    await client?.end().catch(() => undefined)
  }
}

/** Throws `store`. */
export async function withSession<T>(address: PostgresAddress, work: (session: Session) => Promise<T>): Promise<T> {
  const session = new Session(address, { name: 'eosflow store' })
  try {
    await session.open()
    return await work(session)
  } catch (error) {
    throw postgresError(address, error)
  } finally {
    await session.close()
  }
}

// Settles what only a session of its own can: what is acknowledged is on the server's disk, whatever the user's settings say, and a statement
// that waits for a lock ends when nobody waits for its answer any more, so that those who ask again do not use up the connections of a server
// that is held up.
async function settle(client: pg.ClientBase) {
  const durable =
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
  const gone = `SELECT set_config('client_connection_check_interval', '${CHECK_CLIENT}', false)`
  const ask = (text: string): Promise<unknown> => {
    const query = { text, query_timeout: ANSWER }
    return client.query(query)
  }
  await ask(durable)
  // A server on a system that cannot tell refuses it.
  await ask(gone).catch((error: unknown) => {
    if (isOutage(error)) throw error
  })
}

function abandon(client: pg.Client) {
  const { connection } = client as unknown as { readonly connection: { readonly stream: { destroy(): void } } }
  connection.stream.destroy()
}
