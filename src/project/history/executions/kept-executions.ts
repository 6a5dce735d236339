import { cursorBehind, isBehind, type PlacedRecord } from '../../../change/record/event/cursor.ts'
import type { EventOf, JournalEvent } from '../../../change/record/event/event.ts'
import type { Store } from '../../../change/record/store/store.ts'
import { foldView, foldViews, newView, type ViewState } from '../../../report/view/view-state.ts'
import { deathsBehind, deathsInARow } from '../../app/dispatch/poison.ts'
import { lastAsked } from '../requests/since-asked.ts'
import { RecordEnd } from './record-end.ts'

export interface KeptExecution {
  readonly view: ViewState
  readonly taken: JournalEvent | undefined
  readonly deaths: number
}

interface Kept extends KeptExecution {
  readonly records: number
}

type Decision = EventOf<'ApprovalDecided'>

const MOST = 2_000
// So many are read at once, for which a store in a database is asked once.
const AT_ONCE = 100
const MOST_RECORDS = 100_000

type Source = Pick<Store, 'read' | 'tail' | 'approvals'>

/** The executions of a store that were asked for last, each read once and verified as it was read; what is written since is read from the end of the record, once for all of them. */
export class KeptExecutions {
  readonly #store: Source
  readonly #end: RecordEnd
  readonly #executions = new Map<string, Kept>()
  readonly #decisions = new Map<string, readonly Decision[]>()
  #records = 0
  #begun: Promise<void> | undefined

  constructor(store: Source) {
    this.#store = store
    this.#end = new RecordEnd(store)
  }

  /** Throws what `read` throws. */
  async of(id: string, newest?: PlacedRecord): Promise<KeptExecution> {
    const known = this.#executions.get(id)
    if (known === undefined) await this.#begin()
    else if (newest === undefined || isBehind(newest, cursorBehind(known.view.execution))) await this.#look()
    // What was not known is read as it is now: no other reading of it was begun behind this question.
    const kept = known === undefined ? undefined : this.#executions.get(id)
    if (kept !== undefined) this.#keep(id, kept)
    return kept ?? this.#read(id)
  }

  /** Throws what `read` throws. */
  async each(ids: readonly string[]): Promise<readonly KeptExecution[]> {
    await this.#look()
    const found: KeptExecution[] = []
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const some = ids.slice(from, from + AT_ONCE)
      found.push(...(await Promise.all(some.map(async (id) => this.#executions.get(id) ?? this.#read(id)))))
    }
    return found
  }

  /** Throws what `approvals` throws. */
  async decisionsAbout(plan: string): Promise<readonly Decision[]> {
    await this.#look()
    const { looks } = this.#end
    const found = this.#decisions.get(plan) ?? (await this.#store.approvals(plan)).map(({ event }) => event)
    this.#decisions.delete(plan)
    if (looks === this.#end.looks) this.#decisions.set(plan, found)
    const [oldest] = this.#decisions.keys()
    if (this.#decisions.size > MOST && oldest !== undefined) this.#decisions.delete(oldest)
    return found
  }

  async #read(id: string): Promise<KeptExecution> {
    const { looks } = this.#end
    const events = await this.#store.read(id)
    const read = {
      view: foldViews(newView(id), events),
      taken: lastAsked(events),
      deaths: deathsInARow(events),
      records: events.length,
    }
    if (looks === this.#end.looks && events.length > 0) this.#keep(id, read)
    return read
  }

  #keep(id: string, kept: Kept) {
    this.#forget(id)
    this.#executions.set(id, kept)
    this.#records += kept.records
    for (const oldest of this.#executions.keys()) {
      if (oldest === id || (this.#executions.size <= MOST && this.#records <= MOST_RECORDS)) return
      this.#forget(oldest)
    }
  }

  #forget(id: string) {
    this.#records -= this.#executions.get(id)?.records ?? 0
    this.#executions.delete(id)
  }

  #begin() {
    this.#begun ??= this.#look().catch((error: unknown) => {
      this.#begun = undefined
      throw error
    })
    return this.#begun
  }

  async #look() {
    if (await this.#end.look((event) => this.#heed(event))) return
    this.#executions.clear()
    this.#decisions.clear()
    this.#records = 0
  }

  #heed(event: JournalEvent) {
    if (event.type === 'ApprovalDecided') {
      const { plan } = event.statement
      const known = this.#decisions.get(plan)
      if (known !== undefined && isBehind(event, cursorBehind(known.at(-1))))
        this.#decisions.set(plan, [...known, event])
    }
    const id = event.execution ?? ''
    const known = this.#executions.get(id)
    if (known === undefined || !isBehind(event, cursorBehind(known.view.execution))) return
    const taken = lastAsked([event]) ?? known.taken
    const deaths = deathsBehind(known.deaths, event)
    this.#executions.set(id, { view: foldView(known.view, event), taken, deaths, records: known.records + 1 })
    this.#records += 1
  }
}

const ofStores = new WeakMap<Source, KeptExecutions>()

export function keptExecutions(store: Source): KeptExecutions {
  const known = ofStores.get(store) ?? new KeptExecutions(store)
  ofStores.set(store, known)
  return known
}
