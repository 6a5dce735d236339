import { fold } from '../../engine/fold.ts'
import { isNewChange } from '../../engine/fold-device.ts'
import { devicesAt } from '../../engine/scope-path.ts'
import { type ExecutionState, newExecution } from '../../engine/state.ts'
import type { JournalEvent } from '../../journal/event.ts'
import type { Verdict } from '../../model/verdict.ts'
import { NOTHING_UNPROVEN, type UnprovenSoFar, unprovenSoFar } from '../arm-words.ts'
import { deviceOf } from '../history.ts'
import { checkName, type GoodSince, judgedSoFar, NOTHING_JUDGED } from '../live-line.ts'
import { type FailuresSoFar, failuresSoFar, NO_FAILURES } from '../troubles.ts'
import { foldHappened, type Happened, NOTHING_HAPPENED } from './happened.ts'
import { closeLane, EMPTY_LANE, foldLane, type Lane } from './lane.ts'
import { judgedOn } from './neighbor-check.ts'

/** What a check of a switch said last. */
export interface LastVerdict {
  readonly check: string
  /** The neighbour that it was judged on; absent for the switch itself. */
  readonly of?: string
  readonly round: number
  readonly verdict: Verdict
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** How often a state was entered, and how those visits ended. */
export interface Visits {
  readonly entered: number
  readonly done: number
  readonly failed: number
  readonly caught: number
}

/** Everything that a view of an execution shows and that does not depend on the time, folded from its records. */
export interface ViewState {
  readonly execution: ExecutionState
  /** The journal position of its first record; 0 before it. */
  readonly first: number
  /** When its first record was written and when it ended, milliseconds since the epoch. */
  readonly beganAt: number | undefined
  readonly endedAt: number | undefined
  readonly judged: GoodSince
  /** By switch, then by the name of the check as it is on record. */
  readonly verdicts: ReadonlyMap<string, ReadonlyMap<string, LastVerdict>>
  readonly lanes: ReadonlyMap<string, Lane>
  /** By the place of the state: its scope without the numbers of the items, then its name. */
  readonly visits: ReadonlyMap<string, Visits>
  readonly failed: FailuresSoFar
  readonly happened: Happened
  readonly unproven: UnprovenSoFar
}

/** A view of an execution of which nothing is on record. */
export function newView(id: string): ViewState {
  return {
    execution: newExecution(id),
    first: 0,
    beganAt: undefined,
    endedAt: undefined,
    judged: NOTHING_JUDGED,
    verdicts: new Map(),
    lanes: new Map(),
    visits: new Map(),
    failed: NO_FAILURES,
    happened: NOTHING_HAPPENED,
    unproven: NOTHING_UNPROVEN,
  }
}

/** Folds the next record into a view. Records of other executions, and of none, leave it as it is. */
export function foldView(before: ViewState, event: JournalEvent): ViewState {
  if (event.execution !== before.execution.id) return before
  const execution = fold(before.execution, event)
  const judged = judgedSoFar(before.judged, event)
  const at = Date.parse(event.at)
  const device = deviceOf(execution, event)
  const next: ViewState = {
    execution,
    first: before.first === 0 ? event.seq : before.first,
    beganAt: before.beganAt ?? at,
    endedAt: endOf(before.endedAt, event, at),
    judged,
    verdicts: verdictsAfter(before.verdicts, event, at),
    lanes: lanesAfter(before, execution, judged, event),
    visits: visitsAfter(before.visits, event),
    failed: failuresSoFar(before.failed, { event, ...(device === undefined ? {} : { device }) }),
    happened: before.happened,
    unproven: unprovenSoFar(before.unproven, event),
  }
  return { ...next, happened: foldHappened(before.happened, event, { before: before.execution, after: execution }) }
}

function endOf(before: number | undefined, { type }: JournalEvent, at: number): number | undefined {
  if (type === 'ExecutionEnded') return at
  return type === 'ExecutionRedriven' ? undefined : before
}

function verdictsAfter(before: ViewState['verdicts'], event: JournalEvent, at: number): ViewState['verdicts'] {
  if (event.type === 'ActIntended' && isNewChange(event) && before.has(event.device)) {
    const left = new Map(before)
    left.delete(event.device)
    return left
  }
  if (event.type !== 'VerdictGiven') return before
  const { device, round, verdict } = event
  const own = new Map(before.get(device)).set(checkName(event), { ...judgedOn(event), round, verdict, at })
  return new Map(before).set(device, own)
}

function lanesAfter(
  { lanes, execution: before }: ViewState,
  after: ExecutionState,
  { bad }: GoodSince,
  event: JournalEvent,
): ViewState['lanes'] {
  if (event.type === 'ExecutionEnded') {
    const at = Date.parse(event.at)
    return new Map([...lanes].map(([name, lane]) => [name, closeLane(lane, at)]))
  }
  const { names, ...about } = concerned(event, before, after)
  let next = lanes
  for (const name of names) {
    const known = lanes.get(name) ?? EMPTY_LANE
    const folded = foldLane(known, event, { isGood: (bad.get(name)?.size ?? 0) === 0, ...about })
    if (folded !== known) next = new Map(next).set(name, folded)
  }
  return next
}

/** The switches whose lanes an event is about: those of the verification that it ends, else the one that it names. */
function concerned(
  event: JournalEvent,
  before: ExecutionState,
  after: ExecutionState,
): { readonly names: readonly string[]; readonly task?: string } {
  if (event.type !== 'TaskSucceeded') {
    return { names: 'device' in event && event.device !== undefined ? [event.device] : [] }
  }
  const state = before.scopes.get(event.path)?.machine.states[event.state]
  return state?.kind === 'Task' && state.task === 'verify'
    ? { names: devicesAt(after, event.path), task: state.task }
    : { names: [] }
}

const NEVER: Visits = { entered: 0, done: 0, failed: 0, caught: 0 }

/** The place of a state: the same for all items of a Map. */
export function placeOfState(path: string, state: string): string {
  return [...(path === '' ? [] : path.split('.').map((part) => part.replace(/\[\d+\]$/, ''))), state].join('.')
}

function visitsAfter(before: ViewState['visits'], event: JournalEvent): ViewState['visits'] {
  const key = COUNTED[event.type]
  if (key === undefined || !('path' in event)) return before
  const place = placeOfState(event.path, event.state)
  const known = before.get(place) ?? NEVER
  const caught = event.type === 'StateExited' && event.caught !== undefined ? 1 : 0
  return new Map(before).set(place, { ...known, [key]: known[key] + 1, caught: known.caught + caught })
}

const COUNTED: { readonly [T in JournalEvent['type']]?: 'entered' | 'done' | 'failed' } = {
  StateEntered: 'entered',
  StateExited: 'done',
  StateFailed: 'failed',
}
