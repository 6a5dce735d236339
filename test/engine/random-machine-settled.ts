import type { JournalEvent } from '../../src/journal/event.ts'
import { transitionsOf } from '../../src/journal/transitions.ts'
import type { State, StateMachine } from '../../src/workflow/machine.ts'

/** Every state of a machine by its name, which no two of a random machine share. */
export function statesOf(machine: StateMachine): ReadonlyMap<string, State> {
  const found = new Map<string, State>()
  const walk = ({ states }: StateMachine): void => {
    for (const state of Object.values(states)) {
      found.set(state.name, state)
      if (state.kind === 'Map') walk(state.iterator)
      if (state.kind === 'Parallel') for (const branch of state.branches) walk(branch)
    }
  }
  walk(machine)
  return found
}

/** The switches whose change stays: the saved ones of the iterations that are done, of Maps whose iterations settle. */
export function keptSwitches(machine: StateMachine, events: readonly JournalEvent[]): ReadonlySet<string> {
  const states = statesOf(machine)
  const items = new Map<string, readonly string[]>()
  const saved = new Set<string>()
  const kept = new Set<string>()
  for (const event of events.flatMap(transitionsOf)) {
    if (event.type === 'MapStarted' && isSettling(states.get(event.state))) noteItems(items, event)
    noteSaved(saved, event)
    if (event.type !== 'StateExited' || !isLast(states.get(event.state), event.next)) continue
    for (const device of items.get(event.path) ?? []) if (saved.has(device)) kept.add(device)
  }
  return kept
}

function noteSaved(saved: Set<string>, event: JournalEvent): void {
  if (event.type === 'ActFinished' && event.act === 'save') saved.add(event.device)
  if (event.type === 'UndoFinished') saved.delete(event.device)
}

function noteItems(
  items: Map<string, readonly string[]>,
  { path, state, items: all }: Extract<JournalEvent, { type: 'MapStarted' }>,
): void {
  const place = `${path === '' ? '' : `${path}.`}${state}`
  for (const [index, item] of all.entries()) items.set(`${place}[${index}]`, [item].flat().map(String))
}

/** Whether what an iteration of this state has written stays when it is done. */
export function isSettling(state: State | undefined): boolean {
  return state?.kind === 'Map' && state.settles === true
}

/** Whether a scope is done when this state has been left. */
export function isLast(state: State | undefined, next: string | undefined): boolean {
  return next === undefined && !(state !== undefined && 'next' in state && state.next !== undefined)
}
