import { byPlace, type Cursor } from '../../../change/record/event/cursor.ts'
import type { EventOf } from '../../../change/record/event/event.ts'
import { ofType } from '../../../change/record/event/of-type.ts'
import { noteEnds, readNotedEnds, type SwitchEnding, type SwitchEnds } from '../../../change/record/noted-ends.ts'
import { MissingSegmentError } from '../../../change/record/seal/missing-segment.ts'
import type { ExecutionSummary, Store } from '../../../change/record/store/store.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { RecordEnd } from './record-end.ts'

// So many are read at once: what is asked about them is asked together.
const AT_ONCE = 50

/** Every execution, newest first. */
export async function allExecutions({
  store,
  clock,
}: Pick<ProjectStore, 'store' | 'clock'>): Promise<readonly ExecutionSummary[]> {
  const all: ExecutionSummary[] = []
  for (let before: string | undefined; ; ) {
    const page = await store.executions({ limit: AT_ONCE, ...definedMembers({ before }) })
    all.push(...page)
    before = page.at(-1)?.id
    if (page.length < AT_ONCE || before === undefined) return all
    await clock.sleep(0)
  }
}

type Ended = EventOf<'ExecutionEnded'>

const TELLING = ['unknown', 'changed', 'reverted']

/** So many changes before the newest are known of each switch. */
export const KEPT_CHANGES = 40

export type SwitchEndSources = Pick<ProjectStore, 'store' | 'clock'> & Partial<Pick<ProjectStore, 'notes'>>

// What was read is noted for other processes once it was so many executions, or so many records behind the last note.
const [WORTH_EXECUTIONS, WORTH_RECORDS] = [500, 1_000]
// An execution takes so much longer to be looked at than one record behind the note.
const RECORDS_OF_A_LOOK = 3

// How executions have left switches, kept for as long as the store is open: read once, and then what is written since.
class KeptSwitchEnds {
  readonly #app: SwitchEndSources
  readonly #ends = new Map<string, SwitchEnds>()
  #end: RecordEnd | undefined
  // How many executions were looked at for them, and how many records came since they were noted; none before that.
  #looked = 0
  #sinceNote: number | undefined
  #reading: Promise<void> = Promise.resolve()

  constructor(app: SwitchEndSources) {
    this.#app = app
  }

  async now(): Promise<ReadonlyMap<string, SwitchEnds>> {
    // One after the other: who comes while all is read waits for that.
    const reading = this.#reading.catch(() => undefined).then(() => this.#read())
    this.#reading = reading
    await reading
    return this.#ends
  }

  async #read(): Promise<void> {
    this.#end ??= await this.#begin()
    try {
      const isKept = await this.#end.look((event) => {
        if (this.#sinceNote !== undefined) this.#sinceNote += 1
        if (event.type === 'ExecutionEnded') this.#heed(event)
      })
      if (!isKept) await this.#readAll()
      else if ((this.#sinceNote ?? 0) >= WORTH_RECORDS) await this.#note(this.#end.cursor)
    } catch (error) {
      this.#end = undefined
      throw error
    }
  }

  async #begin(): Promise<RecordEnd> {
    const { store, notes } = this.#app
    const noted = notes && (await readNotedEnds(notes))
    if (noted === undefined) return new RecordEnd(store)
    this.#ends.clear()
    for (const [name, ends] of Object.entries(noted.ends)) this.#ends.set(name, ends)
    ;[this.#looked, this.#sinceNote] = [noted.looked, 0]
    return new RecordEnd(store, { from: noted.cursor, farBehind: RECORDS_OF_A_LOOK * noted.looked })
  }

  async #readAll(): Promise<void> {
    this.#ends.clear()
    // What is written from here on is heard by the next look.
    const cursor = this.#end?.cursor
    const all = await allExecutions(this.#app)
    for (let from = 0; from < all.length; from += AT_ONCE) {
      const some = all.slice(from, from + AT_ONCE)
      for (const ended of await Promise.all(some.map((one) => endOf(this.#app.store, one))))
        if (ended !== undefined) this.#heed(ended)
    }
    this.#looked = all.length
    if (all.length >= WORTH_EXECUTIONS) await this.#note(cursor)
  }

  async #note(cursor: Cursor | undefined): Promise<void> {
    if (cursor === undefined) return
    this.#sinceNote = 0
    const { notes } = this.#app
    const ends = Object.fromEntries(this.#ends)
    if (notes !== undefined) await noteEnds(notes, { cursor, looked: this.#looked, ends }).catch(() => undefined)
  }

  #heed({ execution = '', devices, at, seq }: Ended): void {
    for (const [name, end] of Object.entries(devices)) {
      if (!TELLING.includes(end)) continue
      const ending = { execution, end, at, seq }
      const known = this.#ends.get(name)
      const newest = newerOf(known?.newest, ending)
      this.#ends.set(name, { newest, ...changesOf(known, ending) })
    }
  }
}

async function endOf(store: Pick<Store, 'read'>, { id, last }: ExecutionSummary): Promise<Ended | undefined> {
  if (last.type === 'ExecutionEnded') return last
  try {
    return ofType('ExecutionEnded', await store.read(id, { of: ['ExecutionEnded'] })).at(-1)
  } catch (error) {
    if (error instanceof MissingSegmentError) return undefined
    throw error
  }
}

function newerOf(known: SwitchEnding | undefined, found: SwitchEnding) {
  return known === undefined || byPlace(known, found) < 0 ? found : known
}

function changesOf(known: SwitchEnds | undefined, ending: SwitchEnding): Pick<SwitchEnds, 'changed' | 'before'> {
  const { changed, before = [] } = known ?? {}
  if (ending.end !== 'changed')
    return changed === undefined ? {} : { changed, ...(before.length === 0 ? {} : { before }) }
  const newest = newerOf(changed, ending)
  const others = [ending, ...(changed === undefined ? [] : [changed]), ...before]
    .filter(({ execution }) => execution !== newest.execution)
    .map(({ execution, seq }) => ({ execution, seq }))
    .toSorted((a, b) => byPlace(b, a))
    .filter(({ execution }, index, all) => all.findIndex((one) => one.execution === execution) === index)
    .slice(0, KEPT_CHANGES)
  return { changed: newest, ...(others.length === 0 ? {} : { before: others }) }
}

const ofStores = new WeakMap<Store, KeptSwitchEnds>()

/** A redriven execution has left its switches as it had ended before, until it ends again. */
export function switchEnds(app: SwitchEndSources): Promise<ReadonlyMap<string, SwitchEnds>> {
  const known = ofStores.get(app.store) ?? new KeptSwitchEnds(app)
  ofStores.set(app.store, known)
  return known.now()
}
