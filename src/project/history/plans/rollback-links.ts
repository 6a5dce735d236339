import { changedSwitches } from '../../../change/engine/outcome.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { byPlace } from '../../../change/record/event/cursor.ts'
import type { EventOf, JournalEvent } from '../../../change/record/event/event.ts'
import type { ConfirmedEnding, SwitchEnds } from '../../../change/record/noted-ends.ts'
import type { ExecutionSummary } from '../../../change/record/store/store.ts'
import { definedItems, definedMembers } from '../../../model/json.ts'
import { rolledBackBy } from '../../../model/kept-workflow.ts'
import type { RollbackLinks, RollbackOf } from '../../../report/phrases/rollback-links.ts'
import { type SwitchEndSources, switchEnds } from '../executions/switch-ends.ts'
import { inverseOf } from './inverse.ts'
import { stagedChanges } from './staged-change.ts'

const MOST_COMPARED = 16

const PAGE = 50

type Begun = EventOf<'ExecutionStarted'>

/** Which execution an execution rolls back, and which ones have rolled it back or do so now: by `rollback`, by the undo that was approved with it, or by a later change behind which nothing of it is left. Throws `store`. */
export async function rollbackLinks(
  sources: SwitchEndSources,
  state: ExecutionState,
): Promise<RollbackLinks | undefined> {
  const of = rolledBackBy(state)
  const isChange = state.purpose === 'run' && state.status === 'ended' && changedSwitches(state).length > 0
  const by = isChange ? await rollbacksOf(sources, state) : []
  if (of === undefined && by.length === 0) return undefined
  return { ...definedMembers({ of }), by }
}

async function rollbacksOf(sources: SwitchEndSources, state: ExecutionState): Promise<readonly RollbackOf[]> {
  const { store } = sources
  const ends = await switchEnds(sources)
  const later = laterChanges(ends, state)
  const begun = new Map<string, Begun | undefined>()
  for (const id of later.keys()) {
    const [first] = await store.read(id, { of: ['ExecutionStarted'] })
    begun.set(id, asBegun(first))
  }
  for (const { id, first } of await openBehind(store, state.id)) begun.set(id, asBegun(first))
  const ofThose = (one: string) => {
    const first = begun.get(one)
    return first === undefined || first.purpose !== 'run' ? undefined : rolledBackBy(first)
  }
  const isOfThis = new Set([state.id, ...state.sites.sites.map(({ execution }) => execution)])
  const isRollback = (id: string) => isOfThis.has(ofThose(id) ?? '')
  const known = new Set(changedSwitches(state))
  const found = [...begun.keys()].filter(isRollback).map((execution): RollbackOf => {
    const ended = later.get(execution)
    const again = [...later.keys()].find((id) => ofThose(id) === execution)
    const targets = (begun.get(execution)?.targets ?? []).filter((name) => known.has(name))
    return {
      execution,
      standing: ended === undefined ? 'open' : ended.isUnknown ? 'unknown' : 'done',
      devices: ended?.devices ?? targets,
      ...definedMembers({ rolledBackBy: again }),
    }
  })
  if (found.some(({ standing }) => standing === 'done')) return found
  return [...found, ...(await undoneBesides(sources, ends, state))]
}

// The executions that have not ended and began behind another one: what has waited since before that rolls nothing of it back, and may be a
// thousand.
async function openBehind(store: SwitchEndSources['store'], of: string) {
  const [own] = await store.read(of, { of: ['ExecutionStarted'] })
  const found: ExecutionSummary[] = []
  for (;;) {
    const before = found.at(-1)?.id
    const asked = { open: true, again: true, limit: PAGE }
    const page = await store.executions({ ...asked, ...definedMembers({ before }) })
    const behind = page.filter(({ first }) => own === undefined || byPlace(first, own) > 0)
    found.push(...behind)
    if (behind.length < PAGE) return found
  }
}

function asBegun(event: JournalEvent | undefined): Begun | undefined {
  return event?.type === 'ExecutionStarted' ? event : undefined
}

interface LaterChange {
  readonly devices: readonly string[]
  readonly isUnknown: boolean
}

// The executions that have changed switches of a change behind it, or may have, the oldest first.
function laterChanges(ends: ReadonlyMap<string, SwitchEnds>, state: ExecutionState): ReadonlyMap<string, LaterChange> {
  const found = new Map<string, LaterChange & { readonly seq: number }>()
  for (const name of changedSwitches(state)) {
    for (const { execution, seq, isUnknown } of laterEndings(ends.get(name), state)) {
      const known = found.get(execution)
      found.set(execution, {
        devices: [...(known?.devices ?? []), name],
        isUnknown: isUnknown || known?.isUnknown === true,
        seq,
      })
    }
  }
  return new Map([...found].toSorted(([, a], [, b]) => byPlace(a, b)))
}

function laterEndings(
  { newest, changed, before = [] }: Partial<SwitchEnds> = {},
  { id, sites }: ExecutionState,
): readonly (ConfirmedEnding & { readonly isUnknown: boolean })[] {
  const own = new Set([id, ...sites.sites.map(({ execution }) => execution), sites.part?.of])
  const lost = newest?.end === 'unknown' ? [{ ...newest, isUnknown: true }] : []
  const all = [...lost, ...definedItems(changed, ...before).map((one) => ({ ...one, isUnknown: false }))]
  const since = all.find(({ execution }) => own.has(execution))
  return all.filter((one) => !own.has(one.execution) && (since === undefined || byPlace(one, since) > 0))
}

async function undoneBesides(
  sources: SwitchEndSources,
  ends: ReadonlyMap<string, SwitchEnds>,
  state: ExecutionState,
): Promise<readonly RollbackOf[]> {
  const names = changedSwitches(state)
  if (names.length > MOST_COMPARED) return []
  const { store } = sources
  const own = await stagedChanges(sources, { execution: state.id, seq: state.seq }, names)
  const found = new Map<string, string[]>()
  for (const { name, base, target } of own) {
    const changed = ends.get(name)?.changed
    if (base === undefined || changed === undefined || changed.execution === state.id || byPlace(changed, state) < 0)
      continue
    const [last] = await stagedChanges(sources, changed, [name])
    if (last === undefined) continue
    const texts = {
      base: await store.get(base),
      target: await store.get(target),
      running: await store.get(last.target),
    }
    if (inverseOf({ ...texts, allow: [] }).kind !== 'back') continue
    found.set(changed.execution, [...(found.get(changed.execution) ?? []), name])
  }
  return [...found].map(([execution, devices]) => ({ execution, standing: 'undone', devices }))
}
