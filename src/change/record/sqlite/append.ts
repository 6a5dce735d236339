import { EosflowError } from '../../../model/error.ts'
import { type AppendOutcome, type AppendRequest, needsWhole, placed } from '../chains/append-request.ts'
import { requireCounted, requireEnd } from '../chains/chain-reader.ts'
import {
  type LastSeen,
  leasedDevices,
  type PlacedAppend,
  type PreparedAppend,
  placedBehind,
  positionsOf,
  prepare,
  type TakenTokens,
} from '../chains/prepare.ts'
import { eventOf, unaltered } from '../chains/record-rows.ts'
import { retiredError } from '../chains/retired-segments.ts'
import { type Cursor, positionIn } from '../event/cursor.ts'
import type { EventBody, JournalEvent } from '../event/event.ts'
import { type Use, usesIn } from '../event/event-uses.ts'
import { BrokenChainError } from '../seal/chain.ts'
import { beginningIn, isUnderWay } from '../store/freeze.ts'
import { POLICY_RECORDS, requireConditions } from '../store/journal.ts'
import { LEASE_ALTERING, LEASE_TAKING } from '../store/lease.ts'
import { type Connection, codeOf } from './connection.ts'
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
export function appendsOver(parts: AppendsParts) {
  const { connection, heads } = parts
  const tokensOf = new Map<string, TakenTokens>()
  const newestOf = new Map<string, number>()
  const judge = appendJudge(parts, tokensOf)
  let undoing: (() => void)[] = []

  function write(group: readonly AppendRequest[]): readonly AppendOutcome[] {
    undoing = []
    try {
      return heads.change(() => {
        const outcomes = group.map(outcomeOf)
        // The rows that leave are found by the heads as they are written.
        heads.write()
        for (const outcome of outcomes) if (outcome.status === 'fulfilled') takeOut(connection, outcome.value)
        return outcomes
      })
    } catch (thrown) {
      for (const undo of undoing.toReversed()) undo()
      throw isThereAlready(thrown)
        ? new BrokenChainError({ seq: next(), reason: 'it was not written by eosflow' })
        : thrown
    }
  }

  function next(): number {
    return connection.moment(() => {
      heads.refresh()
      return heads.present.newest + 1
    })
  }

  function outcomeOf(request: AppendRequest): AppendOutcome {
    try {
      return { status: 'fulfilled', value: one(request) }
    } catch (reason) {
      // What SQLite itself refuses says nothing about this request alone.
      if (reason instanceof EosflowError && codeOf(reason) === undefined) return { status: 'rejected', reason }
      throw reason
    }
  }

  function one(request: AppendRequest): readonly JournalEvent[] {
    if (request.events.length === 0) return []
    const known = judge.require(request)
    const prepared = prepare(request, heads.present.register, known, parts)
    const uses = request.events.flatMap(usesIn)
    judge.requireUnused(uses)
    const { rows, registerRows } = writeRows(request, prepared)
    const [places, register] = [positionsOf(rows), positionsOf(registerRows)]
    for (const { key } of uses)
      connection.run('INSERT INTO used(key, execution) VALUES (?, ?)', key, request.execution ?? null)
    keepRetired(heads, request.events, prepared.register.n)
    forgetNotes(connection, heads, request.events)
    keep(request, prepared, places)
    return placed(request, { is: 'written', places, register, token: null })
  }

  function keep({ execution }: AppendRequest, prepared: PreparedAppend, places: readonly number[]): void {
    for (const lease of prepared.leases.values()) heads.putLease(lease)
    if (execution === undefined) return
    const [tokens, newest] = [tokensOf.get(execution), newestOf.get(execution)]
    undoing.push(() => {
      put(tokensOf, execution, tokens)
      put(newestOf, execution, newest)
    })
    tokensOf.set(execution, prepared.tokens)
    newestOf.set(execution, places.at(-1) ?? 0)
  }

  function writeRows(request: AppendRequest, prepared: PreparedAppend): PlacedAppend {
    const id = request.execution ?? ''
    const present = heads.executions.get(id)
    const placed = placedBehind(request, prepared, present, heads.present)
    const { rows, registerRows, register, execution, newest, clockSince, latest } = placed
    for (const { pos, n, columns, covers, prev, hash, body, token } of rows) {
      connection.run(EVENT, pos, id, n, columns.plan, JSON.stringify(covers), prev, hash, body)
      if (token !== undefined)
        connection.run('INSERT OR IGNORE INTO task_token(token, execution) VALUES (?, ?)', token, id)
    }
    for (const { columns, covers, ...row } of registerRows)
      connection.run(REGISTER, { mirror: null, execution: null, ...row, ...columns, covers: JSON.stringify(covers) })
    heads.put({ ...(registerRows.length === 0 ? {} : { register }), newest, clockSince, latest })
    if (execution !== undefined) heads.putExecution(id, { ...execution, retired: present?.retired ?? null })
    return placed
  }

  return {
    writtenTo: (execution: string) => newestOf.get(execution),
    tokenOf: (execution: string, device: string) => tokensOf.get(execution)?.get(`${execution} ${device}`),
    write,
  }
}

function isThereAlready(thrown: unknown) {
  return THERE.has(codeOf(thrown))
}

const THERE: ReadonlySet<string | undefined> = new Set(['SQLITE_CONSTRAINT_PRIMARYKEY', 'SQLITE_CONSTRAINT_UNIQUE'])

function put<Value>(map: Map<string, Value>, key: string, value: Value | undefined) {
  if (value === undefined) map.delete(key)
  else map.set(key, value)
}

const EVENT = `INSERT INTO event(pos, execution, n, plan, covers, prev, hash, body)
  VALUES (?, ?, ?, ?, ?, unhex(?), unhex(?), ?)`
const REGISTER = `INSERT INTO register(n, pos, mirror, execution, type, plan, receiver, schedule, instant, covers, prev, hash, body)
  VALUES (@n, @pos, @mirror, @execution, @type, @plan, @receiver, @schedule, @instant, @covers, unhex(@prev), unhex(@hash), @body)`

const WORD = `SELECT 1 FROM register WHERE receiver = ? AND type IN ('StopRequested', 'SuspendRequested') AND pos > ? LIMIT 1`
const MISSED = `SELECT 1 FROM register r WHERE r.mirror IS NULL AND r.type = 'RecordsMissed'
  AND r.pos > coalesce((SELECT max(s.pos) FROM register s WHERE s.mirror IS NULL AND s.type = 'StoreRestored'), 0) LIMIT 1`
const POLICY = `SELECT max(r.pos) AS pos FROM register r WHERE r.mirror IS NULL AND r.type IN (${POLICY_RECORDS.map((type) => `'${type}'`).join(', ')})`
const FREEZES = `SELECT ${REGISTER_ROW} FROM register r WHERE r.mirror IS NULL AND r.type IN ('FreezeSet', 'FreezeEnded') ORDER BY r.pos`

function appendJudge({ connection, heads, origin }: AppendsParts, tokens: LastSeen['tokens']) {
  let freezes: { readonly register: string; readonly records: readonly JournalEvent[] } | undefined

  // Throws `busy`, `guard`, `refused` and BrokenChainError.
  function require(request: AppendRequest): LastSeen {
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
      over: isLeasing ? over(request, leases) : new Set(),
      tokens,
      freezes: { version: 0, records: beginningIn(events) === undefined ? [] : freezeRecords() },
      isUnderWay: (of) => isUnderWay(read(of)),
    }
  }

  function requireUnused(uses: readonly Use[]): void {
    const used = uses.find(({ key }) => connection.one('SELECT 1 FROM used WHERE key = ?', key) !== undefined)
    if (used !== undefined) throw used.refusal()
  }

  function over({ execution, events, leaseAt }: AppendRequest, leases: LastSeen['leases']): ReadonlySet<string> {
    const holders = events.flatMap(leasedDevices).flatMap((device) => {
      const { until = null, execution: holder } = leases.get(device) ?? {}
      return holder === undefined || holder === execution || until === null || until <= leaseAt ? [] : [holder]
    })
    return new Set(holders.filter((holder) => heads.execution(holder)?.isOpen !== true))
  }

  function freezeRecords(): readonly JournalEvent[] {
    const { n, hash } = heads.present.register
    if (freezes?.register === hash) return freezes.records
    const rows = connection.all<RowColumns>(FREEZES).map(storedRow)
    for (const row of rows) requireCounted(row, n)
    freezes = { register: hash, records: rows.map(unaltered) }
    return freezes.records
  }

  function read(execution: string): readonly JournalEvent[] {
    const head = heads.execution(execution)
    if (head === undefined) return []
    const rows = connection
      .all<RowColumns>(`SELECT ${EVENT_ROW} FROM event e WHERE e.execution = ? ORDER BY e.n`, execution)
      .map(storedRow)
    requireEnd(origin, execution, rows, { n: head.n, hash: Buffer.from(head.hash, 'hex'), last: head.last })
    return rows.map(eventOf)
  }

  return { require, requireUnused }
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
