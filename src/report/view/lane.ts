import { isNewChange } from '../../change/engine/fold-device.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import type { SegmentKind } from './execution-view.ts'

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

export function closeLane(before: SwitchLane, at: number): SwitchLane {
  return { ...ended(before, at), isGoingBack: false }
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
