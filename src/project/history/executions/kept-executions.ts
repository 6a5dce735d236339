import { cursorBehind, isBehind, type PlacedRecord } from '../../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { Store } from '../../../change/record/store/store.ts'
import { foldView, foldViews, newView, type ViewState } from '../../../report/view/view-state.ts'
import { deathsBehind, deathsInARow } from '../../app/dispatch/poison.ts'
import { lastAsked } from '../requests/since-asked.ts'
import { RecordEnd } from './record-end.ts'

/** An execution as its records have it. */
export interface KeptExecution {
  readonly view: ViewState
  /** The record by which a process took it up again last, if one has. */
  readonly taken: JournalEvent | undefined
  /** How many workers in a row have died with it. */
  readonly deaths: number
}

interface Kept extends KeptExecution {
  readonly records: number
}

/** A decision about a plan. */
type Decision = JournalEvent & { readonly type: 'ApprovalDecided' }

/** So many executions are kept, and the decisions about so many plans: a list of all that are open is not read anew by the next one. */
const MOST = 2_000
/** So many are read at once, for which a store in a database is asked once. */
const AT_ONCE = 100
/** So many records they have together: what is kept of an execution grows with its switches. */
const MOST_RECORDS = 100_000

type Source = Pick<Store, 'read' | 'tail' | 'approvals'>

/**
 * The executions of a store that were asked for last, each read once and verified as it was read; what is written since is read from the end of
 * the record, once for all of them. What is given is as new as the record.
 */
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

  /** An execution; without records where there is none. `newest`: its newest record, where that is known already. Throws what `read` throws. */
  async of(id: string, newest?: PlacedRecord): Promise<KeptExecution> {
    const known = this.#executions.get(id)
    if (known === undefined) await this.#begin()
    else if (newest === undefined || isBehind(newest, cursorBehind(known.view.execution))) await this.#look()
    // What was not known is read as it is now: no other reading of it was begun behind this question.
    const kept = known === undefined ? undefined : this.#executions.get(id)
    if (kept !== undefined) this.#keep(id, kept)
    return kept ?? this.#read(id)
  }

  /** Several executions, in their order: what is not known yet is read many at once. Throws what `read` throws. */
  async each(ids: readonly string[]): Promise<readonly KeptExecution[]> {
    await this.#look()
    const found: KeptExecution[] = []
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const some = ids.slice(from, from + AT_ONCE)
      found.push(...(await Promise.all(some.map(async (id) => this.#executions.get(id) ?? this.#read(id)))))
    }
    return found
  }

  /** The decisions about a plan, in order, whether or not all of the record behind them still verifies. Throws what `approvals` throws. */
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

  /** Keeps an execution as the newest, and forgets the oldest where there are too many: a map has its entries in the order in which they were set. */
  #keep(id: string, kept: Kept): void {
    this.#forget(id)
    this.#executions.set(id, kept)
    this.#records += kept.records
    for (const oldest of this.#executions.keys()) {
      if (oldest === id || (this.#executions.size <= MOST && this.#records <= MOST_RECORDS)) return
      this.#forget(oldest)
    }
  }

  #forget(id: string): void {
    this.#records -= this.#executions.get(id)?.records ?? 0
    this.#executions.delete(id)
  }

  /** From the first look on what is read is kept: what is written behind it is found there. */
  #begin(): Promise<void> {
    this.#begun ??= this.#look().catch((error: unknown) => {
      this.#begun = undefined
      throw error
    })
    return this.#begun
  }

  async #look(): Promise<void> {
    if (await this.#end.look((event) => this.#heed(event))) return
    this.#executions.clear()
    this.#decisions.clear()
    this.#records = 0
  }

  #heed(event: JournalEvent): void {
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

/** One for each store of a process: it goes with it. */
const ofStores = new WeakMap<Source, KeptExecutions>()

/** The executions that are kept of a store. */
export function keptExecutions(store: Source): KeptExecutions {
  const known = ofStores.get(store) ?? new KeptExecutions(store)
  ofStores.set(store, known)
  return known
}
