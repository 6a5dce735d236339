import { byPlace, type Cursor } from '../../../change/record/event/cursor.ts'
import type { EventOf, JournalEvent } from '../../../change/record/event/event.ts'
import { ofType } from '../../../change/record/event/record-text.ts'
import { noteEnds, readNotedEnds, type SwitchEnding, type SwitchEnds } from '../../../change/record/noted-ends.ts'
import { MissingSegmentError } from '../../../change/record/seal/chain.ts'
import type { ExecutionSummary, Store } from '../../../change/record/store/store.ts'
import { definedItems, definedMembers } from '../../../model/json.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'

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

function keptSwitchEnds(app: SwitchEndSources) {
  const known = new Map<string, SwitchEnds>()
  let end: RecordEnd | undefined
  // How many executions were looked at for them, and how many records came since they were noted; none before that.
  let looked = 0
  let sinceNote: number | undefined
  let last = Promise.resolve()

  async function now(): Promise<ReadonlyMap<string, SwitchEnds>> {
    // One after the other: who comes while all is read waits for that.
    const reading = last.catch(() => undefined).then(() => read())
    last = reading
    await reading
    return known
  }

  async function read() {
    end ??= await begin()
    try {
      const isKept = await end.look((event) => {
        if (sinceNote !== undefined) sinceNote += 1
        if (event.type === 'ExecutionEnded') heed(event)
      })
      if (!isKept) await readAll()
      else if ((sinceNote ?? 0) >= WORTH_RECORDS) await note(end.cursor)
    } catch (error) {
      end = undefined
      throw error
    }
  }

  async function begin() {
    const { store, notes } = app
    const noted = notes && (await readNotedEnds(notes))
    if (noted === undefined) return recordEnd(store)
    known.clear()
    for (const [name, ends] of Object.entries(noted.ends)) known.set(name, ends)
    ;[looked, sinceNote] = [noted.looked, 0]
    return recordEnd(store, { from: noted.cursor, farBehind: RECORDS_OF_A_LOOK * noted.looked })
  }

  async function readAll() {
    known.clear()
    // What is written from here on is heard by the next look.
    const cursor = end?.cursor
    const all = await allExecutions(app)
    for (let from = 0; from < all.length; from += AT_ONCE) {
      const some = all.slice(from, from + AT_ONCE)
      for (const ended of await Promise.all(some.map((one) => endOf(app.store, one))))
        if (ended !== undefined) heed(ended)
    }
    looked = all.length
    if (all.length >= WORTH_EXECUTIONS) await note(cursor)
  }

  async function note(cursor: Cursor | undefined) {
    if (cursor === undefined) return
    sinceNote = 0
    const { notes } = app
    const ends = Object.fromEntries(known)
    if (notes !== undefined) await noteEnds(notes, { cursor, looked, ends }).catch(() => undefined)
  }

  function heed({ execution = '', devices, at, seq }: Ended) {
    for (const [name, end] of Object.entries(devices)) {
      if (!TELLING.includes(end)) continue
      const ending = { execution, end, at, seq }
      const before = known.get(name)
      known.set(name, { newest: newerOf(before?.newest, ending), ...changesOf(before, ending) })
    }
  }

  return { now }
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
  const others = definedItems(ending, changed, ...before)
    .filter(({ execution }) => execution !== newest.execution)
    .map(({ execution, seq }) => ({ execution, seq }))
    .toSorted((a, b) => byPlace(b, a))
    .filter(({ execution }, index, all) => all.findIndex((one) => one.execution === execution) === index)
    .slice(0, KEPT_CHANGES)
  return { changed: newest, ...(others.length === 0 ? {} : { before: others }) }
}

const ofStores = new WeakMap<Store, ReturnType<typeof keptSwitchEnds>>()

/** A redriven execution has left its switches as it had ended before, until it ends again. */
export function switchEnds(app: SwitchEndSources): Promise<ReadonlyMap<string, SwitchEnds>> {
  const known = ofStores.get(app.store) ?? keptSwitchEnds(app)
  ofStores.set(app.store, known)
  return known.now()
}

type Snapshot = EventOf<'SnapshotTaken'>

export type Baseline = { readonly ending: SwitchEnding } | { readonly snapshot: Snapshot }

export async function baselinesOf(
  app: Pick<ProjectStore, 'store' | 'clock'>,
  names: readonly string[],
): Promise<ReadonlyMap<string, Baseline>> {
  const ends = await switchEnds(app)
  const kept = newestSnapshots(await app.store.snapshots())
  return new Map(
    names.flatMap((name): readonly (readonly [string, Baseline])[] => {
      const ending = ends.get(name)?.changed
      if (ending !== undefined) return [[name, { ending }]]
      const snapshot = kept.get(name)
      return snapshot === undefined ? [] : [[name, { snapshot }]]
    }),
  )
}

function newestSnapshots(newestFirst: readonly Snapshot[]): ReadonlyMap<string, Snapshot> {
  const newest = new Map<string, Snapshot>()
  for (const snapshot of newestFirst) {
    for (const name of snapshot.baseline) if (!newest.has(name)) newest.set(name, snapshot)
  }
  return newest
}

// Whoever is further behind than this reads anew what is asked for.
const FAR_BEHIND = 5_000

type RecordEnd = ReturnType<typeof recordEnd>

/** The end of the record, for whoever keeps what is made of it: each record is read there once. */
export function recordEnd(
  store: Pick<Store, 'tail'>,
  { from, farBehind = FAR_BEHIND }: { from?: Cursor; farBehind?: number } = {},
) {
  let place = from
  let looks = 0

  /** Gives every record that was written since the last look, in order. */
  async function look(heed: (event: JournalEvent) => void) {
    for (let behind = 0; ; ) {
      const after = place
      const { events, cursor } = await store.tail(after)
      if (after !== undefined && events.length === 0) return true
      place = cursor
      looks += 1
      for (const event of events) heed(event)
      if (after === undefined) return false
      behind += events.length
      if (behind > farBehind) place = undefined
    }
  }

  return {
    get cursor() {
      return place
    },
    get looks() {
      return looks
    },
    look,
  }
}
