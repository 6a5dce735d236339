import { definedMembers } from '../../../model/defined-members.ts'
import type { PlanRun } from '../../../model/plan-run.ts'
import { type Cursor, cursorBehind, positionIn } from '../event/cursor.ts'
import type { EventOf, JournalEvent } from '../event/event.ts'
import { foundByEvent } from '../event/event-uses.ts'
import { ofType } from '../event/of-type.ts'
import { NEWEST_OF_SCHEDULE, type ScheduleRecord, scheduleRecordsAmong } from '../event/schedule.ts'
import { BrokenChainError, hexOf } from '../seal/chain.ts'
import { type FreezeRecord, freezesAmong } from '../store/freeze.ts'
import type {
  PlanRecord,
  RecordedCarry,
  RecordedDecision,
  RecordedUse,
  Signal,
  StopRequest,
  StoreHead,
  SuspendRequest,
  Tail,
} from '../store/store.ts'
import type { ChainReader } from './chain-reader.ts'
import type { Decisions } from './decisions.ts'
import type { ExecutionMessage, PlacedRow, RecordRows, RegisteredQuery } from './record-rows.ts'
import { eventOf, requireUnaltered, type StoredRow, unaltered } from './rows.ts'

// So many rows are kept at most.
const MOST = 100

interface KnownRow extends Pick<StoredRow, 'pos' | 'n' | 'execution'> {
  readonly event: JournalEvent
}

/** The few that are about a plan are asked for before each of its timed commits, and name all of its switches: each text is read once. */
export class KnownRows {
  readonly #known = new Map<string, KnownRow>()

  /** Throws BrokenChainError. */
  read(row: StoredRow): JournalEvent {
    const { pos, n, execution } = row
    requireUnaltered(row)
    const hash = hexOf(row.hash)
    const known = this.#known.get(hash)
    const event = known === undefined ? eventOf(row) : { ...known.event, seq: pos }
    if (this.#known.size >= MOST) this.#known.clear()
    this.#known.set(hash, { pos, n, execution, event })
    return event
  }

  /** Throws BrokenChainError for a row that is another one than its place says. */
  async at(
    places: readonly PlacedRow[],
    read: (positions: readonly number[]) => Promise<readonly StoredRow[]>,
  ): Promise<readonly JournalEvent[] | undefined> {
    const events = new Map<number, JournalEvent>()
    const unread = new Map<number, PlacedRow>()
    for (const place of places) {
      const known = this.#known.get(hexOf(place.hash))
      if (known !== undefined && isAt(place, known)) events.set(place.pos, known.event)
      else unread.set(place.pos, place)
    }
    for (const row of unread.size === 0 ? [] : await read([...unread.keys()])) {
      const place = unread.get(row.pos)
      if (place === undefined || !isAt(place, row) || hexOf(place.hash) !== hexOf(row.hash)) throw replaced(row)
      events.set(row.pos, this.read(row))
    }
    const pasted = places.find(({ pos, execution }) => events.has(pos) && events.get(pos)?.execution !== execution)
    if (pasted !== undefined) throw ofAnother(pasted)
    const found = places.flatMap(({ pos }) => events.get(pos) ?? [])
    return found.length === places.length ? found : undefined
  }
}

function isAt(place: PlacedRow, { pos, n, execution }: Pick<StoredRow, 'pos' | 'n' | 'execution'>) {
  return place.pos === pos && place.n === n && place.execution === execution
}

function replaced({ pos }: StoredRow) {
  return new BrokenChainError({ seq: pos, reason: 'it was replaced while it was read' })
}

function ofAnother({ pos }: PlacedRow) {
  return new BrokenChainError({ seq: pos, reason: 'its content is that of another execution' })
}

const MOST_ASKED = 3
// So many records are given behind a cursor at most.
const AT_ONCE = 1_000

export class Lookups {
  readonly #rows: RecordRows
  readonly #reading: ChainReader
  readonly #decisions: Decisions
  readonly #known = new KnownRows()

  constructor(rows: RecordRows, reading: ChainReader, decisions: Decisions) {
    this.#rows = rows
    this.#reading = reading
    this.#decisions = decisions
  }

  async requested(key: string): Promise<EventOf<'ExecutionStarted'> | undefined> {
    const row = await this.#rows.firstOfKey(key)
    return row && ofType('ExecutionStarted', [unaltered(row)])[0]
  }

  knowsPlan(digest: string): Promise<boolean> {
    return this.#rows.knowsPlan(digest)
  }

  async planMade(digest: string, member?: 'candidates'): Promise<PlanRecord | undefined> {
    const made = ofType('PlanMade', await this.#about(digest))
    return made.findLast((one) => member === undefined || one[member] !== undefined)
  }

  // What executions have on record about a plan, oldest first.
  async #about(plan: string): Promise<readonly JournalEvent[]> {
    const events = await this.#placed(() => this.#rows.ofPlan(plan))
    const other = events.find((event) => foundByEvent(event).plan !== plan)
    if (other === undefined) return events
    throw new BrokenChainError({ seq: other.seq, reason: 'it was found by a plan that it does not name' })
  }

  async #placed(ask: () => Promise<readonly PlacedRow[]>): Promise<readonly JournalEvent[]> {
    for (let time = 1; ; time += 1) {
      const places = await ask()
      this.#reading.requireUnder(places)
      const events = await this.#known.at(places, (positions) => this.#rows.at(positions))
      if (events !== undefined) return events
      if (time === MOST_ASKED)
        throw new BrokenChainError({ seq: places[0]?.pos ?? 0, reason: 'a record is not where it is said to be' })
    }
  }

  // The records of all chains behind a position and up to another one, in order, also those that have left the store; at most so many.
  async #between(after: number, through: number, limit: number): Promise<readonly JournalEvent[]> {
    const driven = await this.#rows.between(after, through, limit)
    this.#reading.requireUnder(driven)
    const others = await this.#registered({ after, through, limit })
    const here = [...driven.map(unaltered), ...others].sort(bySeq).slice(0, limit)
    const end = here.length === limit ? (here.at(-1)?.seq ?? through) : through
    // Where no position is free, no row between them has left the store.
    if (here.length === end - after) return here
    const left = await this.#reading.leftBetween(after + 1, end, limit)
    if (left.length === 0) return here
    const merged = new Map([...left, ...here].map((event) => [event.seq, event]))
    return [...merged.values()].sort(bySeq).slice(0, limit)
  }

  async head(): Promise<StoreHead> {
    const row = await this.#rows.head()
    if (row === undefined) throw new BrokenChainError({ seq: 0, reason: 'the head of the register is gone' })
    return { seq: row.seq, hash: row.hash, latest: row.latest ?? undefined }
  }

  async tail(after?: Cursor): Promise<Tail> {
    const horizon = await this.#rows.horizon()
    if (after === undefined) return { events: [], cursor: cursorBehind({ seq: horizon }) }
    const events = await this.#between(positionIn(after), horizon, AT_ONCE)
    const last = events.at(-1)
    return { events, cursor: last === undefined ? after : cursorBehind(last) }
  }

  async #registered(query: RegisteredQuery): Promise<readonly JournalEvent[]> {
    const rows = await this.#rows.registered(query)
    this.#reading.requireRegistered(rows)
    return rows.map(unaltered)
  }

  async approvals(plan: string, toSend?: 'toSend'): Promise<readonly RecordedDecision[]> {
    try {
      const rows = await this.#decisions.about(plan, toSend)
      return ofType(
        'ApprovalDecided',
        rows.map((row) => this.#known.read(row)),
      ).map((event) => ({ event, verified: true }))
    } catch (fault) {
      if (!(fault instanceof BrokenChainError)) throw fault
      const found = (await this.#rows.registered({ plan })).map((row) => legible(row, fault))
      const decided = ofType('ApprovalDecided', found).filter(({ statement }) => statement.plan === plan)
      if (decided.length === 0) throw fault
      return decided.map((event) => ({ event, verified: false }))
    }
  }

  /** Throws BrokenChainError where the register is not the one that was sealed. */
  async carried(plan: string, toSend?: 'toSend'): Promise<readonly RecordedCarry[]> {
    const rows = await this.#decisions.about(plan, toSend)
    return ofType(
      'ApprovalCarried',
      rows.map((row) => this.#known.read(row)),
    )
  }

  async approvalUses(plan: string): Promise<readonly RecordedUse[]> {
    const used = ofType('ApprovalUsed', await this.#about(plan))
    return used.map(({ nonce, execution }) => ({ nonce, execution }))
  }

  async planRuns(plan: string): Promise<readonly PlanRun[]> {
    const made = ofType('PlanMade', await this.#about(plan))
    const ids = [...new Set(made.flatMap(({ execution }) => execution ?? []))]
    const turns = await this.#placed(async () => {
      const { begun, ended } = await this.#rows.turnsOf(ids)
      return [...begun, ...ended]
    })
    return planRunsAmong(turns)
  }

  /** The records of some types, oldest first. */
  async ofTypes(types: readonly JournalEvent['type'][]): Promise<readonly JournalEvent[]> {
    return this.#registered({ types })
  }

  /** The newest records of a type, newest first. */
  async newest<Type extends JournalEvent['type']>(
    types: readonly Type[],
    limit?: number,
  ): Promise<readonly EventOf<Type>[]> {
    const found = await this.#registered({ types, newestFirst: true, ...definedMembers({ limit }) })
    // The index has them by their type.
    return found.filter((event): event is EventOf<Type> => (types as readonly string[]).includes(event.type))
  }

  newestOf<Type extends JournalEvent['type']>(type: Type, limit: number): Promise<readonly EventOf<Type>[]> {
    return this.newest([type], limit)
  }

  snapshots(): Promise<readonly EventOf<'SnapshotTaken'>[]> {
    return this.newest(['SnapshotTaken'])
  }

  bundles(limit?: number): Promise<readonly EventOf<'BundlePublished'>[]> {
    return this.newest(['BundlePublished'], limit)
  }

  async restored(): Promise<EventOf<'StoreRestored'> | undefined> {
    return (await this.newest(['StoreRestored'], 1))[0]
  }

  async policySeen(): Promise<EventOf<'PolicyLoaded' | 'PolicyRetired'> | undefined> {
    return (await this.newest(['PolicyLoaded', 'PolicyRetired'], 1))[0]
  }

  /** The records that say what is missing, and that no restoration has accepted, newest first. */
  async missed(): Promise<readonly EventOf<'RecordsMissed'>[]> {
    const records = await this.newest(['RecordsMissed', 'StoreRestored'])
    const accepted = records.findIndex(({ type }) => type === 'StoreRestored')
    return ofType('RecordsMissed', accepted === -1 ? records : records.slice(0, accepted))
  }

  async freezes(at: string): Promise<readonly FreezeRecord[]> {
    return freezesAmong(await this.freezeRecords(), at)
  }

  freezeRecords(): Promise<readonly JournalEvent[]> {
    return this.ofTypes(['FreezeSet', 'FreezeEnded'])
  }

  async schedules(): Promise<readonly ScheduleRecord[]> {
    const rows = await this.#rows.ofSchedules(NEWEST_OF_SCHEDULE)
    this.#reading.requireRegistered(rows)
    return scheduleRecordsAmong(rows.map(unaltered))
  }

  async signals(tokens: readonly string[], after: Cursor): Promise<readonly Signal[]> {
    const sent = { types: ['SignalSent'], receivers: tokens, after: positionIn(after) } as const
    return ofType('SignalSent', await this.#registered(sent))
  }

  async stopRequest(execution: string, after: Cursor): Promise<StopRequest | undefined> {
    return ofType('StopRequested', await this.#newestWord('StopRequested', execution, after))[0]
  }

  async suspendRequest(execution: string, after: Cursor): Promise<SuspendRequest | undefined> {
    return ofType('SuspendRequested', await this.#newestWord('SuspendRequested', execution, after))[0]
  }

  async #newestWord(type: ExecutionMessage['type'], receiver: string, after: Cursor): Promise<readonly JournalEvent[]> {
    const row = await this.#rows.newestWord({ type, receiver, after: positionIn(after) })
    if (row === undefined) return []
    this.#reading.requireRegistered([row])
    return [unaltered(row)]
  }
}

function legible(row: StoredRow, fault: BrokenChainError) {
  try {
    return eventOf(row)
  } catch {
    throw fault
  }
}

function bySeq(one: JournalEvent, other: JournalEvent) {
  return one.seq - other.seq
}

/** The executions that these records began and, unless they are open, ended. */
export function planRunsAmong(records: readonly JournalEvent[]): readonly PlanRun[] {
  return records.flatMap((first): readonly PlanRun[] => {
    if (first.type !== 'ExecutionStarted' || first.purpose !== 'run' || first.execution === undefined) return []
    const { execution, seq: began } = first
    const own = records.filter((one) => one.execution === execution && WORDS.has(one.type))
    const stop = own.findLast((one) => one.type === 'ExecutionEnded' && one.outcome === 'cancelled')
    const run = { execution, began, ...(stop === undefined ? {} : { stopped: { record: stop.seq, at: stop.at } }) }
    const end = own.at(-1)
    if (end?.type !== 'ExecutionEnded') return [run]
    return [{ ...run, ended: { record: end.seq, at: end.at, isRefused: end.outcome === 'refused' } }]
  })
}

const WORDS: ReadonlySet<JournalEvent['type']> = new Set(['ExecutionEnded', 'ExecutionRedriven'])
