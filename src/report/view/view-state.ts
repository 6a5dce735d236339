import { fold } from '../../change/engine/fold.ts'
import { isNewChange } from '../../change/engine/fold-device.ts'
import { devicesAt } from '../../change/engine/scope-path.ts'
import { type ExecutionState, newExecution } from '../../change/engine/state.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { transitionsOf } from '../../change/record/transitions.ts'
import type { Pulse } from '../../change/task/act/pulse.ts'
import type { Verdict } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import { deviceOf, type FailureTally, failuresSoFar, NO_FAILURES } from '../event-words/history.ts'
import type { StatesAround } from '../event-words/row.ts'
import { pageWords } from '../event-words/table.ts'
import { foldUnproven, NOTHING_UNPROVEN, type UnprovenTally } from '../phrases/arm-words.ts'
import type { LeftAloneExecution } from '../phrases/left-alone-execution.ts'
import { checkName, type GoodSince, judgedOn, judgedSoFar, NOTHING_JUDGED, type TermsOf } from '../phrases/live-line.ts'
import type { RollbackLinks } from '../phrases/rollback-links.ts'
import type { Suspension } from '../phrases/suspension.ts'
import type { AfterStanding } from './after-words.ts'
import type { SegmentKind, Tone } from './execution-view.ts'

interface Happening {
  readonly words: string
  readonly from: number
  readonly to: number
  // When the first of them was written, milliseconds since the epoch.
  readonly at: number
  readonly devices: readonly string[]
  readonly tone: Tone
}

interface HappeningList {
  readonly events: readonly Happening[]
  readonly earlier: number
}

const NOTHING_HAPPENED: HappeningList = { events: [], earlier: 0 }

const KEPT = 200
// Switches that do the same within so many milliseconds do it together.
const TOGETHER = 5000
const LOOKED_AT = 40

function foldHappened(before: HappeningList, event: JournalEvent, states: StatesAround) {
  const told = pageWords(event, states)
  if (told === undefined) return before
  const at = Date.parse(event.at)
  const devices = told.device === undefined ? [] : [told.device]
  const index =
    told.device === undefined ? -1 : sameBefore(before.events, { words: told.words, device: told.device, at })
  const same = before.events[index]
  if (same !== undefined) {
    const merged = { ...same, to: event.seq, devices: [...same.devices, ...devices] }
    const events = [...before.events.slice(0, index), merged, ...before.events.slice(index + 1)]
    return { ...before, events }
  }
  const { words, tone } = told
  const events = [...before.events, { from: event.seq, to: event.seq, at, devices, words, tone }]
  const over = events.length - KEPT
  return over <= 0 ? { ...before, events } : { events: events.slice(over), earlier: before.earlier + over }
}

// Where other switches did the same; -1 where the switch itself has done something since.
function sameBefore(
  events: readonly Happening[],
  { words, device, at }: { readonly words: string; readonly device: string; readonly at: number },
) {
  for (let index = events.length - 1; index >= Math.max(0, events.length - LOOKED_AT); index--) {
    const one = events[index]
    if (one === undefined || at - one.at > TOGETHER || one.devices.includes(device)) return -1
    if (one.devices.length === 0) return -1
    if (one.words === words) return index
  }
  return -1
}

export interface LastVerdict {
  readonly check: string
  /** The neighbour that it was judged on; absent for the switch itself. */
  readonly of?: string
  readonly round: number
  readonly verdict: Verdict
  /** Milliseconds since the epoch. */
  readonly at: number
}

interface Visits {
  readonly entered: number
  readonly done: number
  readonly failed: number
  readonly caught: number
}

export interface ViewState {
  readonly execution: ExecutionState
  readonly first: number
  /** When its first record was written and when it ended, milliseconds since the epoch. */
  readonly beganAt: number | undefined
  readonly endedAt: number | undefined
  readonly redrivenAt?: number | undefined
  readonly judged: GoodSince
  readonly verdicts: ReadonlyMap<string, ReadonlyMap<string, LastVerdict>>
  readonly lanes: ReadonlyMap<string, SwitchLane>
  readonly visits: ReadonlyMap<string, Visits>
  readonly failed: FailureTally
  readonly happened: HappeningList
  readonly unproven: UnprovenTally
  /** When its newest record was written, milliseconds since the epoch. */
  readonly lastAt: number | undefined
  readonly gaps: readonly Gap[]
}

// From the last record before to the one by which somebody took it up again, milliseconds since the epoch.
interface Gap {
  readonly from: number
  readonly to: number
}

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
    lastAt: undefined,
    gaps: [],
  }
}

export function foldView(before: ViewState, event: JournalEvent): ViewState {
  return foldViews(before, [event])
}

/** What they change is copied once for all of them. */
export function foldViews(before: ViewState, events: readonly JournalEvent[]): ViewState {
  const maps: Maps = {
    verdicts: new CopiedMap(before.verdicts),
    lanes: new CopiedMap(before.lanes),
    visits: new CopiedMap(before.visits),
    unproven: {
      notLocked: new CopiedMap(before.unproven.notLocked),
      notReplayed: new CopiedMap(before.unproven.notReplayed),
      refused: new CopiedMap(before.unproven.refused),
    },
  }
  const after = events.reduce((view, event) => folded(view, event, maps), before)
  if (after === before) return before
  const { notLocked, notReplayed, refused } = maps.unproven
  return {
    ...after,
    verdicts: maps.verdicts.map,
    lanes: maps.lanes.map,
    visits: maps.visits.map,
    unproven: { notLocked: notLocked.map, notReplayed: notReplayed.map, refused: refused.map },
  }
}

interface Maps {
  readonly verdicts: CopiedMap<string, ReadonlyMap<string, LastVerdict>>
  readonly lanes: CopiedMap<string, SwitchLane>
  readonly visits: CopiedMap<string, Visits>
  readonly unproven: {
    readonly notLocked: CopiedMap<string, true>
    readonly notReplayed: CopiedMap<string, string>
    readonly refused: CopiedMap<string, string>
  }
}

function folded(before: ViewState, event: JournalEvent, maps: Maps) {
  if (event.execution !== before.execution.id) return before
  const execution = fold(before.execution, event)
  const judged = judgedSoFar(before.judged, event)
  const at = Date.parse(event.at)
  const device = deviceOf(execution, event)
  const gap = gapBefore(event, before.lastAt, at)
  foldVerdict(maps.verdicts, event, at)
  foldUnproven(maps.unproven, event)
  foldLanes(maps.lanes, { before: before.execution, after: execution }, judged, event)
  for (const one of transitionsOf(event)) foldVisit(maps.visits, one)
  return {
    ...before,
    execution,
    first: before.first === 0 ? event.seq : before.first,
    beganAt: before.beganAt ?? at,
    endedAt: endOf(before.endedAt, event, at),
    redrivenAt: event.type === 'ExecutionRedriven' ? at : before.redrivenAt,
    judged,
    failed: failuresSoFar(before.failed, { event, ...definedMembers({ device }) }),
    happened: foldHappened(before.happened, event, { before: before.execution, after: execution, gap }),
    lastAt: at,
    gaps: gap === undefined ? before.gaps : [...before.gaps, gap],
  }
}

// Where a process has gone on that found switches in the middle of the change, nobody ran it since the record before.
function gapBefore(event: JournalEvent, last: number | undefined, at: number): Gap | undefined {
  if (event.type !== 'ExecutionResumed' || (event.abandoned ?? []).length === 0 || last === undefined) return undefined
  return { from: last, to: at }
}

function endOf(before: number | undefined, { type }: JournalEvent, at: number) {
  if (type === 'ExecutionEnded') return at
  return type === 'ExecutionRedriven' ? undefined : before
}

function foldVerdict(verdicts: Maps['verdicts'], event: JournalEvent, at: number) {
  if (event.type === 'ActIntended' && isNewChange(event)) verdicts.delete(event.device)
  if (event.type !== 'VerdictGiven') return
  const { device, round, verdict } = event
  const own = new Map(verdicts.get(device)).set(checkName(event), { ...judgedOn(event), round, verdict, at })
  verdicts.set(device, own)
}

function foldLanes(
  lanes: Maps['lanes'],
  { before, after }: { readonly before: ExecutionState; readonly after: ExecutionState },
  { bad }: GoodSince,
  event: JournalEvent,
) {
  if (event.type === 'ExecutionEnded') {
    const at = Date.parse(event.at)
    for (const [name, lane] of [...lanes.map]) lanes.set(name, { ...ended(lane, at), isGoingBack: false })
    return
  }
  const { names, ...about } = concerned(event, before, after)
  for (const name of names) {
    const known = lanes.get(name) ?? EMPTY_LANE
    const next = foldLane(known, event, { isGood: (bad.get(name)?.size ?? 0) === 0, ...about })
    if (next !== known) lanes.set(name, next)
  }
}

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

export function placeOfState(path: string, state: string): string {
  return path === '' ? state : `${path.replace(/\[\d+\]/g, '')}.${state}`
}

function foldVisit(visits: Maps['visits'], event: JournalEvent) {
  const key = COUNTED[event.type]
  if (key === undefined || !('path' in event)) return
  const place = placeOfState(event.path, event.state)
  const known = visits.get(place) ?? NEVER
  const caught = event.type === 'StateExited' && event.caught !== undefined ? 1 : 0
  visits.set(place, { ...known, [key]: known[key] + 1, caught: known.caught + caught })
}

const COUNTED: { readonly [T in JournalEvent['type']]?: 'entered' | 'done' | 'failed' } = {
  StateEntered: 'entered',
  StateExited: 'done',
  StateFailed: 'failed',
}

class CopiedMap<K, V> {
  #map: ReadonlyMap<K, V>
  #own: Map<K, V> | undefined

  constructor(before: ReadonlyMap<K, V>) {
    this.#map = before
  }

  get map(): ReadonlyMap<K, V> {
    return this.#map
  }

  get(key: K): V | undefined {
    return this.#map.get(key)
  }

  set(key: K, value: V): void {
    this.#copy().set(key, value)
  }

  delete(key: K): void {
    if (this.#map.has(key)) this.#copy().delete(key)
  }

  #copy() {
    this.#own ??= new Map(this.#map)
    this.#map = this.#own
    return this.#own
  }
}

export type Decision = Extract<JournalEvent, { type: 'ApprovalDecided' }>

export interface ViewContext {
  /** The time, milliseconds since the epoch. */
  readonly now: number
  readonly isRunning?: boolean
  readonly suspension?: Suspension
  readonly unserved?: readonly string[]
  readonly leftAlone?: LeftAloneExecution
  readonly terms?: TermsOf
  readonly decisions?: readonly Decision[]
  readonly rollback?: RollbackLinks
  readonly after?: AfterStanding
  readonly pulses?: ReadonlyMap<string, Pulse>
}

/** A span of one switch, milliseconds since the epoch; without `to` it goes on. */
export interface Segment {
  readonly kind: SegmentKind
  readonly from: number
  readonly to?: number
}

/** A commit timer as the controller counts it, milliseconds since the epoch. */
export interface Fuse {
  readonly armedAt: number
  readonly endsAt: number
  readonly over?: number
}

export interface SwitchLane {
  readonly segments: readonly Segment[]
  readonly fuses: readonly Fuse[]
  readonly isGoingBack: boolean
}

export const EMPTY_LANE: SwitchLane = { segments: [], fuses: [], isGoingBack: false }

interface LaneContext {
  readonly isGood: boolean
  readonly task?: string
}

export function foldLane(before: SwitchLane, event: JournalEvent, { isGood, task }: LaneContext): SwitchLane {
  const at = Date.parse(event.at)
  switch (event.type) {
    case 'ActIntended':
      return intended(before, event, at)
    case 'ActFinished':
      return finished(before, event, at)
    case 'DeviceSettled':
      return settled(before, event.found, at)
    case 'VerdictGiven':
      return isOpen(before, 'verify', 'bad') ? begun(before, isGood ? 'verify' : 'bad', at) : before
    case 'TaskSucceeded':
      return task === 'verify' && isOpen(before, 'verify', 'bad') ? begun(before, 'hold', at) : before
    case 'UndoStarted':
      return begun({ ...before, isGoingBack: true }, 'back', at)
    case 'UndoFinished': {
      const back = { ...before, isGoingBack: false }
      if (event.end === 'unknown') return begun(back, 'unknown', at)
      return burnt(event.end === 'changed' ? begun(back, 'keep', at) : ended(back, at), at)
    }
    default:
      return before
  }
}

type IntendedLines = Extract<JournalEvent, { type: 'ActIntended' }>
type Finished = Extract<JournalEvent, { type: 'ActFinished' }>

function intended(before: SwitchLane, event: IntendedLines, at: number): SwitchLane {
  if (isNewChange(event)) return begun(before, 'load', at)
  switch (event.act) {
    case 'arm': {
      const fuse: Fuse = { armedAt: at, endsAt: at + (event.seconds ?? 0) * 1000 }
      return { ...before, fuses: [...before.fuses, fuse] }
    }
    case 'confirm':
      return begun(before, 'confirm', at)
    case 'abort':
    case 'restore':
      // A session of a plan or a replay is aborted too: there the switch runs no change.
      return isOpen(before, 'verify', 'bad', 'hold', 'confirm', 'keep') ? begun(before, 'back', at) : before
    default:
      return before
  }
}

function finished(before: SwitchLane, { act, outcome }: Finished, at: number) {
  if (before.isGoingBack) return before
  if (act !== 'arm' && act !== 'confirm') return before
  if (outcome === 'unknown') return begun(before, 'unknown', at)
  if (outcome === 'done') {
    return act === 'arm' ? begun(before, 'verify', at) : burnt(begun(before, 'keep', at), at)
  }
  return act === 'arm' ? burnt(ended(before, at), at) : begun(before, 'hold', at)
}

function settled(before: SwitchLane, found: Extract<JournalEvent, { type: 'DeviceSettled' }>['found'], at: number) {
  if (before.isGoingBack || before.segments.length === 0) return before
  switch (found) {
    case 'armed':
      return isOpen(before, 'load', 'unknown') ? begun(before, 'verify', at) : before
    case 'target':
      return burnt(begun(before, 'keep', at), at)
    case 'base':
      return burnt(ended(before, at), at)
    case 'other':
    case 'unreachable':
      return begun(before, 'unknown', at)
  }
}

function isOpen({ segments }: SwitchLane, ...kinds: readonly SegmentKind[]) {
  const last = segments.at(-1)
  return last !== undefined && last.to === undefined && kinds.includes(last.kind)
}

function begun(before: SwitchLane, kind: SegmentKind, at: number) {
  if (isOpen(before, kind)) return before
  const { segments } = ended(before, at)
  return { ...before, segments: [...segments, { kind, from: Math.max(at, segments.at(-1)?.to ?? at) }] }
}

function ended(before: SwitchLane, at: number) {
  const last = before.segments.at(-1)
  if (last === undefined || last.to !== undefined) return before
  const others = before.segments.slice(0, -1)
  return { ...before, segments: at <= last.from ? others : [...others, { ...last, to: at }] }
}

function burnt(before: SwitchLane, at: number) {
  const last = before.fuses.at(-1)
  if (last === undefined || last.over !== undefined) return before
  return { ...before, fuses: [...before.fuses.slice(0, -1), { ...last, over: Math.min(at, last.endsAt) }] }
}
