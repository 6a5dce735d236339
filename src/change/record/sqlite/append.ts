import Database from 'better-sqlite3'
import { EosflowError } from '../../../model/error.ts'
import { type AppendOutcome, type AppendRequest, placed } from '../chains/append-request.ts'
import type { TakenTokens } from '../chains/lease-book.ts'
import { type PlacedAppend, type PlacedRow, placedBehind, positionsOf } from '../chains/placing.ts'
import { type AppendTerms, prepare, type SentAppend } from '../chains/prepare.ts'
import type { JournalEvent } from '../event/event.ts'
import { usesIn } from '../event/event-uses.ts'
import { BrokenChainError } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import { AppendJudge } from './append-judge.ts'
import { type Connection, isFromSqlite } from './connection.ts'
import type { Heads } from './heads.ts'
import { forgetNotes } from './note-rows.ts'
import { keepRetired, takeOut } from './retirement.ts'

export interface AppendsParts {
  readonly connection: Connection
  readonly heads: Heads
  readonly origin: string
  readonly keys: StoreKeys
  readonly quarantineSeconds: number
}

/** A head that several requests go on from is sealed once. */
export class Appends {
  readonly #connection: Connection
  readonly #heads: Heads
  readonly #preparing: AppendTerms
  readonly #judged: AppendJudge
  readonly #rows: RowWriter
  readonly #tokens = new Map<string, TakenTokens>()
  readonly #written = new Map<string, number>()
  #undo: (() => void)[] = []

  constructor(parts: AppendsParts) {
    const { connection, heads, origin, keys, quarantineSeconds } = parts
    this.#connection = connection
    this.#heads = heads
    // Heads are sealed when they are written, once for a group.
    this.#preparing = { origin, keys: { ...keys, seal: () => '' }, quarantineSeconds, isReplicated: false }
    this.#judged = new AppendJudge({ connection, heads, origin, tokens: this.#tokens })
    this.#rows = new RowWriter(connection, heads)
  }

  writtenTo(execution: string): number | undefined {
    return this.#written.get(execution)
  }

  tokenOf(execution: string, device: string): number | undefined {
    return this.#tokens.get(execution)?.get(`${execution} ${device}`)
  }

  write(group: readonly AppendRequest[]): readonly AppendOutcome[] {
    this.#undo = []
    try {
      return this.#heads.change(() => {
        const outcomes = group.map((request) => this.#outcomeOf(request))
        // The rows that leave are found by the heads as they are written.
        this.#heads.write()
        for (const outcome of outcomes) if (outcome.status === 'fulfilled') takeOut(this.#connection, outcome.value)
        return outcomes
      })
    } catch (thrown) {
      for (const undo of this.#undo.toReversed()) undo()
      throw isThereAlready(thrown)
        ? new BrokenChainError({ seq: this.#next(), reason: 'it was not written by eosflow' })
        : thrown
    }
  }

  #next(): number {
    return this.#connection.moment(() => {
      this.#heads.refresh()
      return this.#heads.present.newest + 1
    })
  }

  #outcomeOf(request: AppendRequest): AppendOutcome {
    try {
      return { status: 'fulfilled', value: this.#one(request) }
    } catch (reason) {
      // What SQLite itself refuses says nothing about this request alone.
      if (reason instanceof EosflowError && !isFromSqlite(reason)) return { status: 'rejected', reason }
      throw reason
    }
  }

  #one(request: AppendRequest): readonly JournalEvent[] {
    if (request.events.length === 0) return []
    const known = this.#judged.require(request)
    const prepared = prepare(request, this.#heads.present.register, known, this.#preparing)
    const uses = request.events.flatMap(usesIn)
    this.#judged.requireUnused(uses)
    const { rows, registerRows } = this.#rows.write(request, prepared)
    const [places, register] = [positionsOf(rows), positionsOf(registerRows)]
    for (const { key } of uses) this.#rows.use(key, request.execution)
    keepRetired(this.#heads, request.events, prepared.register.n)
    forgetNotes(this.#connection, this.#heads, request.events)
    this.#keep(request, prepared, places)
    return placed(request, { is: 'written', places, register, token: null })
  }

  #keep({ execution }: AppendRequest, prepared: SentAppend, places: readonly number[]): void {
    for (const lease of prepared.leases.values()) this.#heads.putLease(lease)
    if (execution === undefined) return
    const [tokens, written] = [this.#tokens.get(execution), this.#written.get(execution)]
    this.#undo.push(() => {
      put(this.#tokens, execution, tokens)
      put(this.#written, execution, written)
    })
    this.#tokens.set(execution, prepared.tokens)
    this.#written.set(execution, places.at(-1) ?? 0)
  }
}

function isThereAlready(thrown: unknown) {
  const cause = thrown instanceof EosflowError ? thrown.cause : thrown
  return cause instanceof Database.SqliteError && THERE.has(cause.code)
}

const THERE: ReadonlySet<string> = new Set(['SQLITE_CONSTRAINT_PRIMARYKEY', 'SQLITE_CONSTRAINT_UNIQUE'])

function put<Value>(map: Map<string, Value>, key: string, value: Value | undefined) {
  if (value === undefined) map.delete(key)
  else map.set(key, value)
}

const EVENT = 'INSERT INTO event(pos, execution, n, plan, covers, prev, hash, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'
const REGISTER = `INSERT INTO register(n, pos, mirror, execution, type, plan, receiver, schedule, instant, covers, prev, hash, body)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
const NONE = '[]'

class RowWriter {
  readonly #connection: Connection
  readonly #heads: Heads

  constructor(connection: Connection, heads: Heads) {
    this.#connection = connection
    this.#heads = heads
  }

  write(request: AppendRequest, prepared: SentAppend): PlacedAppend {
    const id = request.execution ?? ''
    const present = this.#heads.executions.get(id)
    const placed = placedBehind(request, prepared, present, this.#heads.present)
    const { rows, registerRows, register, execution, newest, clockSince, latest } = placed
    for (const row of rows) this.#writeEvent(id, row)
    for (const row of registerRows) this.#writeRegister(row)
    this.#heads.put({ ...(registerRows.length === 0 ? {} : { register }), newest, clockSince, latest })
    if (execution !== undefined) this.#heads.putExecution(id, { ...execution, retired: present?.retired ?? null })
    return placed
  }

  use(key: string, execution: string | undefined): void {
    this.#connection.run('INSERT INTO used(key, execution) VALUES (?, ?)', key, execution ?? null)
  }

  #writeEvent(execution: string, row: PlacedRow): void {
    const { pos, n, columns, token } = row
    this.#connection.run(EVENT, pos, execution, n, columns.plan, ...contentOf(row))
    if (token === undefined) return
    this.#connection.run('INSERT OR IGNORE INTO task_token(token, execution) VALUES (?, ?)', token, execution)
  }

  #writeRegister(row: PlacedRow): void {
    const { pos, n, mirror = null, execution = null, columns } = row
    const { type, plan, receiver, schedule, instant } = columns
    const found = [type, plan, receiver, schedule, instant] as const
    this.#connection.run(REGISTER, n, pos, mirror, execution, ...found, ...contentOf(row))
  }
}

function contentOf({ covers, prev, hash, body }: PlacedRow): readonly [string, Buffer, Buffer, string] {
  return [covers.length === 0 ? NONE : JSON.stringify(covers), Buffer.from(prev, 'hex'), Buffer.from(hash, 'hex'), body]
}
