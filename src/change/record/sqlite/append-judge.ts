import { EosflowError } from '../../../model/error.ts'
import type { AppendRequest } from '../chains/append-request.ts'
import { requireCounted, requireEnd } from '../chains/chain-reader.ts'
import { needsWhole } from '../chains/forward.ts'
import { leasedDevices } from '../chains/leases-after.ts'
import type { LastSeen } from '../chains/prepare.ts'
import { retiredError } from '../chains/retired-segments.ts'
import { eventOf, unaltered } from '../chains/rows.ts'
import { type Cursor, positionIn } from '../event/cursor.ts'
import type { EventBody, JournalEvent } from '../event/event.ts'
import type { Use } from '../event/event-uses.ts'
import { POLICY_RECORDS, requireConditions } from '../store/condition.ts'
import { beginningIn, isUnderWay } from '../store/freeze.ts'
import { LEASE_ALTERING, LEASE_TAKING } from '../store/lease.ts'
import type { Connection } from './connection.ts'
import type { Heads } from './heads.ts'
import { EVENT_ROW, REGISTER_ROW, type RowColumns, storedRow } from './kept-rows.ts'
import { requireLeaving } from './retirement.ts'

export interface AppendJudgeParts {
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

export class AppendJudge {
  readonly #parts: AppendJudgeParts
  #freezes: { readonly register: string; readonly records: readonly JournalEvent[] } | undefined

  constructor(parts: AppendJudgeParts) {
    this.#parts = parts
  }

  /** Throws `busy`, `guard`, `refused` and BrokenChainError. */
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
      register: heads.present.register,
      executions: heads.executions,
      leases,
      over: isLeasing ? this.#over(request, leases) : new Set(),
      tokens,
      freezes: { version: 0, records: beginningIn(events) === undefined ? [] : this.#freezeRecords() },
      isUnderWay: (of) => isUnderWay(this.#read(of)),
    }
  }

  /** Throws what a second use is refused with. */
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
