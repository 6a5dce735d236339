import Database from 'better-sqlite3'
import { EosflowError } from '../../../model/error.ts'
import { type AppendOutcome, type AppendRequest, needsWhole, placed } from '../chains/append-request.ts'
import { requireCounted, requireEnd } from '../chains/chain-reader.ts'
import { leasedDevices, type TakenTokens } from '../chains/lease-book.ts'
import {
  type AppendTerms,
  type LastSeen,
  type PlacedAppend,
  type PlacedRow,
  type PreparedAppend,
  placedBehind,
  positionsOf,
  prepare,
} from '../chains/prepare.ts'
import { retiredError } from '../chains/retired-segments.ts'
import { eventOf, unaltered } from '../chains/rows.ts'
import { type Cursor, positionIn } from '../event/cursor.ts'
import type { EventBody, JournalEvent } from '../event/event.ts'
import { type Use, usesIn } from '../event/event-uses.ts'
import { BrokenChainError } from '../seal/chain.ts'
import { POLICY_RECORDS, requireConditions } from '../store/condition.ts'
import { beginningIn, isUnderWay } from '../store/freeze.ts'
import { LEASE_ALTERING, LEASE_TAKING } from '../store/lease.ts'
import { type Connection, isFromSqlite } from './connection.ts'
import type { Heads } from './heads.ts'
import { EVENT_ROW, REGISTER_ROW, type RowColumns, storedRow } from './kept-rows.ts'
import { forgetNotes } from './note-rows.ts'
import { keepRetired, requireLeaving, takeOut } from './retirement.ts'

export interface AppendsParts {
  readonly connection: Connection
  readonly heads: Heads
  readonly origin: string
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
    const { connection, heads, origin, quarantineSeconds } = parts
    this.#connection = connection
    this.#heads = heads
    this.#preparing = { origin, quarantineSeconds }
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

  #keep({ execution }: AppendRequest, prepared: PreparedAppend, places: readonly number[]): void {
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

const EVENT = `INSERT INTO event(pos, execution, n, plan, covers, prev, hash, body)
  VALUES (@pos, @execution, @n, @plan, @covers, unhex(@prev), unhex(@hash), @body)`
const REGISTER = `INSERT INTO register(n, pos, mirror, execution, type, plan, receiver, schedule, instant, covers, prev, hash, body)
  VALUES (@n, @pos, @mirror, @execution, @type, @plan, @receiver, @schedule, @instant, @covers, unhex(@prev), unhex(@hash), @body)`

class RowWriter {
  readonly #connection: Connection
  readonly #heads: Heads

  constructor(connection: Connection, heads: Heads) {
    this.#connection = connection
    this.#heads = heads
  }

  write(request: AppendRequest, prepared: PreparedAppend): PlacedAppend {
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
    this.#connection.run(EVENT, { ...columnsIn(row), execution })
    if (row.token === undefined) return
    this.#connection.run('INSERT OR IGNORE INTO task_token(token, execution) VALUES (?, ?)', row.token, execution)
  }

  #writeRegister(row: PlacedRow): void {
    this.#connection.run(REGISTER, { mirror: null, execution: null, ...columnsIn(row) })
  }
}

function columnsIn({ columns, covers, ...row }: PlacedRow) {
  return { ...row, ...columns, covers: JSON.stringify(covers) }
}

interface AppendJudgeParts {
  readonly connection: Connection
  readonly heads: Heads
  readonly origin: string
  readonly tokens: LastSeen['tokens']
}

const WORD = `SELECT 1 FROM register WHERE receiver = ? AND type IN ('StopRequested', 'SuspendRequested') AND pos > ? LIMIT 1`
const MISSED = `SELECT 1 FROM register r WHERE r.mirror IS NULL AND r.type = 'RecordsMissed'
  AND r.pos > coalesce((SELECT max(s.pos) FROM register s WHERE s.mirror IS NULL AND s.type = 'StoreRestored'), 0) LIMIT 1`
const POLICY = `SELECT max(r.pos) AS pos FROM register r WHERE r.mirror IS NULL AND r.type IN (${POLICY_RECORDS.map((type) => `'${type}'`).join(', ')})`
const FREEZES = `SELECT ${REGISTER_ROW} FROM register r WHERE r.mirror IS NULL AND r.type IN ('FreezeSet', 'FreezeEnded') ORDER BY r.pos`

class AppendJudge {
  readonly #parts: AppendJudgeParts
  #freezes: { readonly register: string; readonly records: readonly JournalEvent[] } | undefined

  constructor(parts: AppendJudgeParts) {
    this.#parts = parts
  }

  // Throws `busy`, `guard`, `refused` and BrokenChainError.
  require(request: AppendRequest): LastSeen {
    const { heads, connection, tokens } = this.#parts
    const { execution, events, after } = request
    const present = execution === undefined ? undefined : heads.execution(execution)
    if (execution !== undefined && present !== undefined && present.retired !== null) throw retiredError(execution)
    const isAsked = (of: string, since: Cursor) => connection.one(WORD, of, positionIn(since)) !== undefined
    const newest = (of: string) => heads.execution(of)?.last ?? 0
    const newestPolicy = () => Number(connection.one<{ pos: number | null }>(POLICY)?.pos ?? 0)
    requireConditions({ newest, newestPolicy, isAsked }, execution, after)
    requireLeaving(heads, events)
    if (needsWhole(events) && connection.one(MISSED) !== undefined) throw missed()
    const isLeasing = events.some((event) => changesLeases(event))
    const leases: LastSeen['leases'] = isLeasing ? heads.leases : new Map()
    return {
      executions: heads.executions,
      leases,
      over: isLeasing ? this.#over(request, leases) : new Set(),
      tokens,
      freezes: { version: 0, records: beginningIn(events) === undefined ? [] : this.#freezeRecords() },
      isUnderWay: (of) => isUnderWay(this.#read(of)),
    }
  }

  requireUnused(uses: readonly Use[]): void {
    const used = uses.find(
      ({ key }) => this.#parts.connection.one('SELECT 1 FROM used WHERE key = ?', key) !== undefined,
    )
    if (used !== undefined) throw used.refusal()
  }

  #over({ execution, events, leaseAt }: AppendRequest, leases: LastSeen['leases']): ReadonlySet<string> {
    const holders = events.flatMap(leasedDevices).flatMap((device) => {
      const { until = null, execution: holder } = leases.get(device) ?? {}
      return holder === undefined || holder === execution || until === null || until <= leaseAt ? [] : [holder]
    })
    return new Set(holders.filter((holder) => this.#parts.heads.execution(holder)?.isOpen !== true))
  }

  #freezeRecords(): readonly JournalEvent[] {
    const { connection, heads } = this.#parts
    const { n, hash } = heads.present.register
    if (this.#freezes?.register === hash) return this.#freezes.records
    const rows = connection.all<RowColumns>(FREEZES).map(storedRow)
    for (const row of rows) requireCounted(row, n)
    this.#freezes = { register: hash, records: rows.map(unaltered) }
    return this.#freezes.records
  }

  #read(execution: string): readonly JournalEvent[] {
    const { connection, heads, origin } = this.#parts
    const head = heads.execution(execution)
    if (head === undefined) return []
    const rows = connection
      .all<RowColumns>(`SELECT ${EVENT_ROW} FROM event e WHERE e.execution = ? ORDER BY e.n`, execution)
      .map(storedRow)
    requireEnd(origin, execution, rows, { n: head.n, hash: Buffer.from(head.hash, 'hex'), last: head.last })
    return rows.map(eventOf)
  }
}

function changesLeases({ type }: EventBody) {
  return LEASE_TAKING.has(type) || LEASE_ALTERING.has(type)
}

function missed() {
  return new EosflowError(
    'guard',
    'records of this store are known to be missing: nothing begins, and no change is led on',
  )
}
