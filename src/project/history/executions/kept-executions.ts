import type { ExecutionState } from '../../../change/engine/state.ts'
import { cursorBehind, isBehind, type PlacedRecord } from '../../../change/record/event/cursor.ts'
import type { EventOf, JournalEvent } from '../../../change/record/event/event.ts'
import type { Store } from '../../../change/record/store/store.ts'
import type { LeftAloneExecution } from '../../../report/phrases/left-alone-execution.ts'
import { foldView, foldViews, newView, type ViewState } from '../../../report/view/view-state.ts'
import { deathsBehind, deathsInARow, isPoison, MOST_DEATHS } from '../../app/dispatch/poison.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { lastAsked, unheardStop } from '../requests/stop-asked.ts'
import { recordEnd } from './switch-ends.ts'

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

type KeptExecutions = ReturnType<typeof executionsKept>

/** The executions of a store that were asked for last, each read once and verified as it was read; what is written since is read from the end of the record, once for all of them. */
export function executionsKept(store: Source) {
  const end = recordEnd(store)
  const executions = new Map<string, Kept>()
  const decisions = new Map<string, readonly Decision[]>()
  let records = 0
  let begun: Promise<void> | undefined

  /** Throws what `read` throws. */
  async function of(id: string, newest?: PlacedRecord): Promise<KeptExecution> {
    const known = executions.get(id)
    if (known === undefined) await begin()
    else if (newest === undefined || isBehind(newest, cursorBehind(known.view.execution))) await look()
    // What was not known is read as it is now: no other reading of it was begun behind this question.
    const kept = known === undefined ? undefined : executions.get(id)
    if (kept !== undefined) keep(id, kept)
    return kept ?? read(id)
  }

  /** Throws what `read` throws. */
  async function each(ids: readonly string[]): Promise<readonly KeptExecution[]> {
    await look()
    const found: KeptExecution[] = []
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const some = ids.slice(from, from + AT_ONCE)
      found.push(...(await Promise.all(some.map(async (id) => executions.get(id) ?? read(id)))))
    }
    return found
  }

  /** Throws what `approvals` throws. */
  async function decisionsAbout(plan: string) {
    await look()
    const { looks } = end
    const found = decisions.get(plan) ?? (await store.approvals(plan)).map(({ event }) => event)
    decisions.delete(plan)
    if (looks === end.looks) decisions.set(plan, found)
    const [oldest] = decisions.keys()
    if (decisions.size > MOST && oldest !== undefined) decisions.delete(oldest)
    return found
  }

  async function read(id: string): Promise<KeptExecution> {
    const { looks } = end
    const events = await store.read(id)
    const read = {
      view: foldViews(newView(id), events),
      taken: lastAsked(events),
      deaths: deathsInARow(events),
      records: events.length,
    }
    if (looks === end.looks && events.length > 0) keep(id, read)
    return read
  }

  function keep(id: string, kept: Kept) {
    forget(id)
    executions.set(id, kept)
    records += kept.records
    for (const oldest of executions.keys()) {
      if (oldest === id || (executions.size <= MOST && records <= MOST_RECORDS)) return
      forget(oldest)
    }
  }

  function forget(id: string) {
    records -= executions.get(id)?.records ?? 0
    executions.delete(id)
  }

  function begin() {
    begun ??= look().catch((error: unknown) => {
      begun = undefined
      throw error
    })
    return begun
  }

  async function look() {
    if (await end.look(heed)) return
    executions.clear()
    decisions.clear()
    records = 0
  }

  function heed(event: JournalEvent) {
    if (event.type === 'ApprovalDecided') {
      const { plan } = event.statement
      const known = decisions.get(plan)
      if (known !== undefined && isBehind(event, cursorBehind(known.at(-1)))) decisions.set(plan, [...known, event])
    }
    const id = event.execution ?? ''
    const known = executions.get(id)
    if (known === undefined || !isBehind(event, cursorBehind(known.view.execution))) return
    const taken = lastAsked([event]) ?? known.taken
    const deaths = deathsBehind(known.deaths, event)
    executions.set(id, { view: foldView(known.view, event), taken, deaths, records: known.records + 1 })
    records += 1
  }

  return { of, each, decisionsAbout }
}

const ofStores = new WeakMap<Source, KeptExecutions>()

export function keptExecutions(store: Source): KeptExecutions {
  const known = ofStores.get(store) ?? executionsKept(store)
  ofStores.set(store, known)
  return known
}

type Sources = Pick<ProjectStore, 'store' | 'claims' | 'shared'>

/** Whether workers leave an execution alone because too many in a row died with it: also with the word to stop it, where there is one. `events` are its records. */
export async function isLeftAlone(
  { store, shared }: Pick<Sources, 'store' | 'shared'>,
  id: string,
  events: readonly JournalEvent[],
): Promise<boolean> {
  if (!isPoison(events) || (await shared?.workers.hasDied(id)) !== true) return false
  const word = await unheardStop({ store }, id, events)
  return word === undefined || isPoison(events, cursorBehind(word))
}

/** What is said of an execution that workers leave alone; undefined of any other. `deaths` is how many in a row died by its records. */
export async function leftAloneOf(
  sources: Sources,
  { id, status, sites }: ExecutionState,
  deaths: number,
): Promise<LeftAloneExecution | undefined> {
  const { store, claims } = sources
  if (deaths < MOST_DEATHS || status === 'ended' || (await claims.isClaimed(id))) return undefined
  const events = await store.read(id)
  if (!(await isLeftAlone(sources, id, events))) return undefined
  const { part } = sites
  return {
    execution: id,
    deaths: deathsInARow(events),
    ...(part === undefined ? {} : { of: part.of }),
    isBeingPutBack: status === 'compensating',
  }
}

/** Throws `store`. */
export async function leftAloneAmong(
  sources: Sources,
  open: readonly KeptExecution[],
): Promise<readonly LeftAloneExecution[]> {
  const found: LeftAloneExecution[] = []
  for (const { view, deaths } of open) {
    const one = await leftAloneOf(sources, view.execution, deaths)
    if (one !== undefined) found.push(one)
  }
  return found
}
