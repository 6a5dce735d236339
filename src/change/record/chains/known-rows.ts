import type { JournalEvent } from '../event/event.ts'
import { BrokenChainError, hexOf } from '../seal/chain.ts'
import type { PlacedRow } from './record-rows.ts'
import { eventOf, requireUnaltered, type StoredRow } from './rows.ts'

/** So many rows are kept at most. */
const MOST = 100

/** A row of which everything was judged. */
interface KnownRow extends Pick<StoredRow, 'pos' | 'n' | 'execution'> {
  readonly event: JournalEvent
}

/**
 * The events of rows that were read and judged. The few that are about a plan are asked for before each of its timed commits, and name all of its switches:
 * each text is read once.
 */
export class KnownRows {
  /** By their hash. */
  readonly #known = new Map<string, KnownRow>()

  /** The event of a row, which must be what its hash says. Throws BrokenChainError. */
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

  /**
   * The events of rows in their order: of those that were read before at the same place as they were judged then, of the others as `read` has them. Undefined
   * where one of these is not there any more. Throws BrokenChainError for a row that is another one than its place says.
   */
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

function isAt(place: PlacedRow, { pos, n, execution }: Pick<StoredRow, 'pos' | 'n' | 'execution'>): boolean {
  return place.pos === pos && place.n === n && place.execution === execution
}

function replaced({ pos }: StoredRow): BrokenChainError {
  return new BrokenChainError({ seq: pos, reason: 'it was replaced while it was read' })
}

/** Which execution a row is of is under no hash of the row, but its text says it too. */
function ofAnother({ pos }: PlacedRow): BrokenChainError {
  return new BrokenChainError({ seq: pos, reason: 'its content is that of another execution' })
}
