import { definedMembers } from '../../../model/json.ts'
import type { PlanRun } from '../../../model/plan-run.ts'
import { byPlace, type Cursor, cursorBehind, positionIn } from '../event/cursor.ts'
import type { EventOf, JournalEvent } from '../event/event.ts'
import { foundByEvent } from '../event/event-uses.ts'
import { ofType } from '../event/record-text.ts'
import { isScheduleRecord, NEWEST_OF_SCHEDULE } from '../event/schedule.ts'
import { BrokenChainError, hexOf } from '../seal/chain.ts'
import { freezesAmong } from '../store/freeze.ts'
import type { Store } from '../store/store.ts'
import type { ChainReader } from './chain-reader.ts'
import type { Decisions } from './decisions.ts'
import {
  type ExecutionMessage,
  eventOf,
  type PlacedRow,
  type RecordRows,
  type RegisteredQuery,
  requireUnaltered,
  type StoredRow,
  unaltered,
} from './record-rows.ts'

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

export type Lookups = ReturnType<typeof lookupsOver>

export function lookupsOver(rows: RecordRows, reading: ChainReader, decisions: Decisions) {
  const known = new KnownRows()

  const placed = async (ask: () => Promise<readonly PlacedRow[]>): Promise<readonly JournalEvent[]> => {
    for (let time = 1; ; time += 1) {
      const places = await ask()
      reading.requireUnder(places)
      const events = await known.at(places, (positions) => rows.at(positions))
      if (events !== undefined) return events
      if (time === MOST_ASKED)
        throw new BrokenChainError({ seq: places[0]?.pos ?? 0, reason: 'a record is not where it is said to be' })
    }
  }

  // What executions have on record about a plan, oldest first.
  const about = async (plan: string): Promise<readonly JournalEvent[]> => {
    const events = await placed(() => rows.ofPlan(plan))
    const other = events.find((event) => foundByEvent(event).plan !== plan)
    if (other === undefined) return events
    throw new BrokenChainError({ seq: other.seq, reason: 'it was found by a plan that it does not name' })
  }

  const registered = async (query: RegisteredQuery): Promise<readonly JournalEvent[]> => {
    const found = await rows.registered(query)
    reading.requireRegistered(found)
    return found.map(unaltered)
  }

  // The records of all chains behind a position and up to another one, in order, also those that have left the store; at most so many.
  const between = async (after: number, through: number, limit: number): Promise<readonly JournalEvent[]> => {
    const driven = await rows.between(after, through, limit)
    reading.requireUnder(driven)
    const others = await registered({ after, through, limit })
    const here = [...driven.map(unaltered), ...others].sort(byPlace).slice(0, limit)
    const end = here.length === limit ? (here.at(-1)?.seq ?? through) : through
    // Where no position is free, no row between them has left the store.
    if (here.length === end - after) return here
    const left = await reading.leftBetween(after + 1, end, limit)
    if (left.length === 0) return here
    const merged = new Map([...left, ...here].map((event) => [event.seq, event]))
    return [...merged.values()].sort(byPlace).slice(0, limit)
  }

  const read = (row: StoredRow) => known.read(row)

  // The newest records of some types, newest first.
  const newest = async <Type extends JournalEvent['type']>(types: readonly Type[], limit?: number) => {
    const found = await registered({ types, newestFirst: true, ...definedMembers({ limit }) })
    // The index has them by their type.
    return found.filter((event): event is EventOf<Type> => (types as readonly string[]).includes(event.type))
  }

  const freezeRecords = async () => registered({ types: ['FreezeSet', 'FreezeEnded'] })

  const newestWord = async (
    type: ExecutionMessage['type'],
    receiver: string,
    after: Cursor,
  ): Promise<readonly JournalEvent[]> => {
    const row = await rows.newestWord({ type, receiver, after: positionIn(after) })
    if (row === undefined) return []
    reading.requireRegistered([row])
    return [unaltered(row)]
  }

  const answers = {
    requested: async (key) => {
      const row = await rows.firstOfKey(key)
      return row && ofType('ExecutionStarted', [unaltered(row)])[0]
    },

    knowsPlan: (digest) => rows.knowsPlan(digest),

    planMade: async (digest, member?) => {
      const made = ofType('PlanMade', await about(digest))
      return made.findLast((one) => member === undefined || one[member] !== undefined)
    },

    head: async () => {
      const row = await rows.head()
      if (row === undefined) throw new BrokenChainError({ seq: 0, reason: 'the head of the register is gone' })
      return { ...row, latest: row.latest ?? undefined }
    },

    tail: async (after?) => {
      const horizon = await rows.horizon()
      if (after === undefined) return { events: [], cursor: cursorBehind({ seq: horizon }) }
      const events = await between(positionIn(after), horizon, AT_ONCE)
      const last = events.at(-1)
      return { events, cursor: last === undefined ? after : cursorBehind(last) }
    },

    approvals: async (plan, toSend?) => {
      try {
        const found = (await decisions.about(plan, toSend)).map(read)
        return ofType('ApprovalDecided', found).map((event) => ({ event, verified: true }))
      } catch (fault) {
        if (!(fault instanceof BrokenChainError)) throw fault
        const found = (await rows.registered({ plan })).map((row) => legible(row, fault))
        const about = ofType('ApprovalDecided', found).filter(({ statement }) => statement.plan === plan)
        if (about.length === 0) throw fault
        return about.map((event) => ({ event, verified: false }))
      }
    },

    carried: async (plan, toSend?) => ofType('ApprovalCarried', (await decisions.about(plan, toSend)).map(read)),

    approvalUses: async (plan) => {
      const used = ofType('ApprovalUsed', await about(plan))
      return used.map(({ nonce, execution }) => ({ nonce, execution }))
    },

    planRuns: async (plan) => {
      const made = ofType('PlanMade', await about(plan))
      const ids = [...new Set(made.flatMap(({ execution }) => execution ?? []))]
      const turns = await placed(async () => {
        const { begun, ended } = await rows.turnsOf(ids)
        return [...begun, ...ended]
      })
      return planRunsAmong(turns)
    },

    newestOf: (type, limit) => newest([type], limit),

    snapshots: () => newest(['SnapshotTaken']),

    bundles: (limit?) => newest(['BundlePublished'], limit),

    restored: async () => (await newest(['StoreRestored'], 1))[0],

    policySeen: async () => (await newest(['PolicyLoaded', 'PolicyRetired'], 1))[0],

    freezes: async (at) => freezesAmong(await freezeRecords(), at),

    schedules: async () => {
      const found = await rows.ofSchedules(NEWEST_OF_SCHEDULE)
      reading.requireRegistered(found)
      return found.map(unaltered).filter(isScheduleRecord)
    },

    signals: async (tokens, after) => {
      const sent = { types: ['SignalSent'], receivers: tokens, after: positionIn(after) } as const
      return ofType('SignalSent', await registered(sent))
    },

    stopRequest: async (execution, after) =>
      ofType('StopRequested', await newestWord('StopRequested', execution, after))[0],

    suspendRequest: async (execution, after) =>
      ofType('SuspendRequested', await newestWord('SuspendRequested', execution, after))[0],
  } satisfies Partial<Store>

  return {
    ...answers,
    freezeRecords,
    /** The records that say what is missing, and that no restoration has accepted, newest first. */
    missed: async () => {
      const records = await newest(['RecordsMissed', 'StoreRestored'])
      const accepted = records.findIndex(({ type }) => type === 'StoreRestored')
      return ofType('RecordsMissed', accepted === -1 ? records : records.slice(0, accepted))
    },
  }
}

function legible(row: StoredRow, fault: BrokenChainError) {
  try {
    return eventOf(row)
  } catch {
    throw fault
  }
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
