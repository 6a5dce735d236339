import { EosflowError } from '../../model/error.ts'
import { BrokenChainError, type ChainPoint, type ChainRow, sameBytes, walkChain } from '../chain.ts'
import { sealOfNone } from '../chains/newest-checkpoint.ts'
import { executionSeal, registerSeal } from '../chains/seal.ts'
import { REGISTER_CHAIN } from '../link.ts'
import type { MovedContent } from '../sqlite/move-out.ts'
import type { StoreKeys } from '../store-keys.ts'
import type { PostgresAddress } from './address.ts'
import { CopiedChains, type CopiedRow, type MoveRecord } from './copied-chains.ts'
import type { Session } from './database.ts'
import { asOwner, becomeOwner } from './layout.ts'
import { requireCopy } from './moved.ts'

/** So many rows are sent at once. */
const BATCH = 1_000

/** What a copy empties first: what an earlier one has left. */
const EMPTIED = [
  'event',
  'register',
  'execution',
  'register_head',
  'used',
  'task_token',
  'lease',
  'blob',
  'checkpoint',
  'checkpoint_head',
  'delivery',
  'moved',
  'moved_record',
  'moved_checkpoint',
]

const STATE = `SELECT origin, key_check, (SELECT is_here FROM moved) AS here,
  EXISTS (SELECT 1 FROM register) OR EXISTS (SELECT 1 FROM event) AS used FROM store`

/**
 * Copies a store into a database that has no records, in one transaction: its records byte for byte, and each of them once more
 * in the chain that it belongs to there, at the position that is its number. What an earlier copy has left is copied anew. Gives the id of the
 * store there. Throws `refused` for a database that has records, BrokenChainError, and `store`.
 */
export function copyIn(
  address: PostgresAddress,
  store: MovedContent,
  request: MoveRecord & { readonly keys: StoreKeys },
): Promise<string> {
  return asOwner(address, async (session) => {
    await becomeOwner(session, address)
    const { rows } = await session.send(STATE)
    const [{ origin, key_check: check, here, used } = {}] = rows
    if (check !== request.keys.check)
      throw new EosflowError('store', 'the database was made under another key than the store', {
        hint: 'Make it under the install.key, or the EOSFLOW_KEY, of the store that is moved.',
      })
    if (here === true || (here === null && used === true))
      throw new EosflowError('refused', 'the database already has records', {
        hint: 'Move the store into one that is new: eosflow store init.',
      })
    const ask = async <Row>(text: string, values?: readonly unknown[]) =>
      (await session.send(text, values)).rows as readonly Row[]
    // A copy is copied anew, and with it goes what is there: what was written since it became the store would be lost.
    await requireCopy(ask, address)
    await new Copy(session, String(origin), store).run(request)
    return String(origin)
  })
}

class Copy {
  readonly #session: Session
  readonly #origin: string
  readonly #store: MovedContent
  readonly #chains: CopiedChains

  constructor(session: Session, origin: string, store: MovedContent) {
    this.#session = session
    this.#origin = origin
    this.#store = store
    this.#chains = new CopiedChains(origin)
  }

  async run({ keys, ...record }: MoveRecord & { readonly keys: StoreKeys }): Promise<void> {
    const { origin, head } = this.#store
    await this.#empty()
    const moved = [origin, head.seq, Buffer.from(head.hash)]
    await this.#session.send('INSERT INTO moved(origin, seq, hash, is_here) VALUES ($1, $2, $3, false)', moved)
    await this.#records(record)
    await this.#heads(keys)
    await this.#beside()
    await this.#session.send("SELECT setval('position', $1)", [head.seq + 1])
  }

  async #empty(): Promise<void> {
    for (const table of EMPTIED) await this.#session.send(`ALTER TABLE ${table} DISABLE TRIGGER USER`)
    await this.#session.send(`TRUNCATE ${EMPTIED.join(', ')}`)
    for (const table of EMPTIED) await this.#session.send(`ALTER TABLE ${table} ENABLE TRIGGER USER`)
  }

  async #records(record: MoveRecord): Promise<void> {
    const { head, records } = this.#store
    let end: ChainPoint | undefined
    let batch: ChainRow[] = []
    for (const row of records()) {
      end = walked(end, row)
      batch.push(row)
      this.#chains.copy(row.seq, row.body)
      if (batch.length < BATCH) continue
      await this.#flush(batch)
      batch = []
    }
    this.#chains.end(this.#store, record)
    await this.#flush(batch)
    if (head.seq > 0 && (end === undefined || !sameBytes(end.hash, head.hash)))
      throw new BrokenChainError({ seq: head.seq, reason: 'it is not the newest record that was verified' })
  }

  async #flush(batch: readonly ChainRow[]): Promise<void> {
    await this.#insert('moved_record(seq, body, prev, hash)', '*', {
      seq: ['bigint', batch.map(({ seq }) => seq)],
      body: ['text', batch.map(({ body }) => body)],
      prev: ['bytea', batch.map(({ prev }) => Buffer.from(prev))],
      hash: ['bytea', batch.map(({ hash }) => Buffer.from(hash))],
    })
    const { events, register } = this.#chains.taken()
    const linked =
      "t.pos, nullif(t.execution, ''), t.n, CASE WHEN t.covers = 0 THEN '{}' ELSE ARRAY[t.covers] END, t.prev, t.hash, t.body"
    await this.#insert('event(pos, execution, n, covers, prev, hash, body)', linked, columnsOf(events))
    const mirrors = { mirror: ['text', register.map(({ mirror }) => mirror)] } as const
    const columns = { ...columnsOf(register), ...mirrors }
    await this.#insert('register(pos, execution, n, covers, prev, hash, body, mirror)', `${linked}, t.mirror`, columns)
  }

  /** What is kept of each chain, and sealed. */
  async #heads(keys: StoreKeys): Promise<void> {
    for (const [id, { first, last, isOpen, hasActed, takes }] of this.#chains.derived.executions) {
      const { n, hash } = this.#chains.endOf(id)
      const hex = Buffer.from(hash).toString('hex')
      const seal = executionSeal(keys, this.#origin, id, { n, hash: hex, isOpen, hasActed })
      await this.#session.send(
        `INSERT INTO execution(id, first, last, n, hash, seal, uncovered, is_open, has_acted, token)
          VALUES ($1, $2, $3, $4, decode($5, 'hex'), decode($6, 'hex'), ARRAY[$3::bigint], $7, $8, $9)`,
        [id, first, last, n, hex, seal, isOpen, hasActed, takes + 1],
      )
    }
    const { n, hash, pos } = this.#chains.endOf(REGISTER_CHAIN)
    const hex = Buffer.from(hash).toString('hex')
    await this.#session.send(
      `INSERT INTO register_head(n, hash, seal, uncovered, clock_since)
        VALUES ($1, decode($2, 'hex'), decode($3, 'hex'), ARRAY[$4::bigint], $5)`,
      [n, hex, registerSeal(keys, this.#origin, { n, hash: hex }), pos, this.#chains.derived.clockSince],
    )
    const none = sealOfNone({ origin: this.#origin, keys })
    await this.#session.send("INSERT INTO checkpoint_head(id, seal) VALUES (0, decode($1, 'hex'))", [none])
  }

  /** What is kept beside the chains: texts as they are, leases with their tokens, what was used, how far sinks are. */
  async #beside(): Promise<void> {
    const { uses, tokens, leases } = this.#chains.derived
    const users = [...uses.values()].map(({ execution }) => execution)
    await this.#insert('used(key, execution)', '*', { key: ['text', [...uses.keys()]], execution: ['text', users] })
    const givers = [...tokens.values()].map(({ execution }) => execution)
    await this.#insert('task_token(token, execution)', '*', {
      token: ['text', [...tokens.keys()]],
      execution: ['text', givers],
    })
    const kept = new Map([...this.#store.leases()].map((lease) => [lease.device, lease]))
    for (const [device, { execution }] of leases)
      if (!kept.has(device)) kept.set(device, { device, execution, token: 1, until: null })
    const each = async (sql: string, rows: Iterable<readonly unknown[]>): Promise<void> => {
      for (const row of rows) await this.#session.send(sql, row)
    }
    const { deliveries, checkpoints, texts } = this.#store
    const leased = [...kept.values()].map(({ device, execution, token, until, quarantine = null }) => [
      device,
      execution,
      token,
      until,
      quarantine,
    ])
    await each('INSERT INTO lease VALUES ($1, $2, $3, $4, $5)', leased)
    for (const { receiver, position, at } of deliveries())
      await each('INSERT INTO delivery(receiver, position, at) VALUES ($1, $2, $3)', [[receiver, position, at]])
    for (const { id, seq, at, note } of checkpoints())
      await each('INSERT INTO moved_checkpoint(id, seq, at, note) VALUES ($1, $2, $3, $4)', [[id, seq, at, note]])
    for (const { ref, bytes } of texts())
      await each('INSERT INTO blob(ref, bytes) VALUES ($1, $2)', [[ref, Buffer.from(bytes)]])
  }

  /** Inserts rows that are given column by column. */
  async #insert(into: string, selected: string, columns: Columns): Promise<void> {
    const given = Object.entries(columns)
    const arrays = given.map(([, [type]], at) => `$${at + 1}::${type}[]`).join(', ')
    const names = given.map(([name]) => name).join(', ')
    const values = given.map(([, [, column]]) => column)
    await this.#session.send(`INSERT INTO ${into} SELECT ${selected} FROM unnest(${arrays}) AS t(${names})`, values)
  }
}

/** The values of each column, and its type. */
type Columns = Readonly<Record<string, readonly [type: string, values: readonly unknown[]]>>

function columnsOf(rows: readonly CopiedRow[]): Columns {
  return {
    pos: ['bigint', rows.map(({ pos }) => pos)],
    execution: ['text', rows.map(({ execution }) => execution)],
    n: ['bigint', rows.map(({ n }) => n)],
    covers: ['bigint', rows.map(({ covers }) => covers)],
    prev: ['bytea', rows.map(({ prev }) => Buffer.from(prev))],
    hash: ['bytea', rows.map(({ hash }) => Buffer.from(hash))],
    body: ['text', rows.map(({ body }) => body)],
  }
}

function walked(before: ChainPoint | undefined, row: ChainRow): ChainPoint {
  const found = walkChain(before ?? { seq: row.seq - 1, hash: row.prev }, [row])
  if ('fault' in found) throw new BrokenChainError(found.fault)
  return found.end
}
