import { byPlace } from '../../journal/cursor.ts'
import type { JournalEvent } from '../../journal/event.ts'
import { MissingSegmentError } from '../../journal/missing-segment.ts'
import type { ExecutionSummary, Store } from '../../journal/store.ts'
import type { ProjectStore } from '../project/project-store.ts'
import { allExecutions } from './all-executions.ts'
import { RecordEnd } from './record-end.ts'

type Ended = JournalEvent & { readonly type: 'ExecutionEnded' }

/** An execution that has ended, as far as one switch is concerned. */
export interface SwitchEnding {
  readonly execution: string
  /** How it has left the switch. */
  readonly end: string
  /** When it ended, ISO 8601 in UTC. */
  readonly at: string
  readonly seq: number
}

/** What the executions that have ended say of a switch. */
export interface SwitchEnds {
  /** The newest that has touched it, or may have. */
  readonly newest: SwitchEnding
  /** The newest whose change it has confirmed. */
  readonly changed?: SwitchEnding
}

/** The ends of an execution that say what a switch holds, or that nobody knows. */
const TELLING = ['unknown', 'changed', 'reverted']

/** So many open executions are read at once: what is asked about them is asked together. */
const AT_ONCE = 50

/** How executions have left switches, kept for as long as the store is open: read once, and then what is written since. */
class KeptSwitchEnds {
  readonly #app: Pick<ProjectStore, 'store' | 'clock'>
  readonly #ends = new Map<string, SwitchEnds>()
  #end: RecordEnd
  #reading: Promise<void> = Promise.resolve()

  constructor(app: Pick<ProjectStore, 'store' | 'clock'>) {
    this.#app = app
    this.#end = new RecordEnd(app.store)
  }

  async now(): Promise<ReadonlyMap<string, SwitchEnds>> {
    // One after the other: who comes while all is read waits for that.
    const reading = this.#reading.catch(() => undefined).then(() => this.#read())
    this.#reading = reading
    await reading
    return this.#ends
  }

  async #read(): Promise<void> {
    try {
      const isKept = await this.#end.look((event) => {
        if (event.type === 'ExecutionEnded') this.#heed(event)
      })
      if (!isKept) await this.#readAll()
    } catch (error) {
      this.#end = new RecordEnd(this.#app.store)
      throw error
    }
  }

  async #readAll(): Promise<void> {
    this.#ends.clear()
    const all = await allExecutions(this.#app)
    for (let from = 0; from < all.length; from += AT_ONCE) {
      const some = all.slice(from, from + AT_ONCE)
      for (const ended of await Promise.all(some.map((one) => endOf(this.#app.store, one))))
        if (ended !== undefined) this.#heed(ended)
    }
  }

  #heed({ execution = '', devices, at, seq }: Ended): void {
    for (const [name, end] of Object.entries(devices)) {
      if (!TELLING.includes(end)) continue
      const ending = { execution, end, at, seq }
      const known = this.#ends.get(name)
      const newest = newerOf(known?.newest, ending)
      const changed = end === 'changed' ? newerOf(known?.changed, ending) : known?.changed
      this.#ends.set(name, { newest, ...(changed === undefined ? {} : { changed }) })
    }
  }
}

/** How an execution has ended last; undefined where it has not, and where its records are sealed in a segment that is not at its place. */
async function endOf(store: Pick<Store, 'read'>, { id, last }: ExecutionSummary): Promise<Ended | undefined> {
  if (last.type === 'ExecutionEnded') return last
  try {
    const events = await store.read(id)
    return events.findLast((event): event is Ended => event.type === 'ExecutionEnded')
  } catch (error) {
    if (error instanceof MissingSegmentError) return undefined
    throw error
  }
}

function newerOf(known: SwitchEnding | undefined, found: SwitchEnding): SwitchEnding {
  return known === undefined || byPlace(known, found) < 0 ? found : known
}

/** One for each store of a process: it goes with it. */
const ofStores = new WeakMap<Store, KeptSwitchEnds>()

/**
 * How executions have left each switch, by its name, as it is on record now. A redriven execution has left its switches as it had ended before,
 * until it ends again.
 */
export function switchEnds(app: Pick<ProjectStore, 'store' | 'clock'>): Promise<ReadonlyMap<string, SwitchEnds>> {
  const known = ofStores.get(app.store) ?? new KeptSwitchEnds(app)
  ofStores.set(app.store, known)
  return known.now()
}
