import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { NoticeKind } from '../../../model/notice.ts'
import { aftersAfter, type BadAfters } from './afters.ts'
import { withKey, withoutKey } from './keyed.ts'
import { type Leftovers, leftAfter, withEnd } from './leftovers.ts'
import { networksAfter, type OddNetwork } from './networks.ts'
import { changeAfter, type OpenChange } from './open-change.ts'

/** What a record says of a schedule. */
interface ScheduleStatement {
  readonly name: string
  readonly isMissed: boolean
  readonly seq: number
  readonly reason: string
}

/** A notice that is open. */
export interface OpenNotice {
  /** The number of the record that opened it. */
  readonly seq: number
  readonly kind: NoticeKind
  readonly concerns?: string
  readonly devices?: readonly string[]
}

/** Something that a record has said and that lasts until another one says that it is over. */
export interface OngoingCondition {
  /** The number of that record. */
  readonly seq: number
  readonly reason: string
}

/** A verification that does not hold; `anchors`: how many checkpoints from outside one has to be held against that says the opposite. */
export interface TamperedRecord extends OngoingCondition {
  readonly anchors: number
}

/** What notices are judged by, folded from the records; nothing else is kept anywhere. */
export interface Watch {
  /** The number of the newest record that it is folded from; 0 before the first. */
  readonly seq: number
  /** The executions that have not ended. */
  readonly open: ReadonlyMap<string, OpenChange>
  readonly left: Leftovers
  /** By switch. */
  readonly networks: ReadonlyMap<string, OddNetwork>
  readonly afters: BadAfters
  /** By switch. */
  readonly drifted: ReadonlyMap<string, OngoingCondition>
  /** By schedule. */
  readonly missed: ReadonlyMap<string, OngoingCondition>
  readonly tampered: TamperedRecord | undefined
  /** By cause. */
  readonly notices: ReadonlyMap<string, OpenNotice>
}

/** Nothing is known. */
export const NOTHING_SEEN: Watch = {
  seq: 0,
  open: new Map(),
  left: new Map(),
  networks: new Map(),
  afters: new Map(),
  drifted: new Map(),
  missed: new Map(),
  tampered: undefined,
  notices: new Map(),
}

/** Folds the next record. One of an execution whose first record was not folded says nothing of it: see {@link recalled}. */
export function watched(before: Watch, event: JournalEvent): Watch {
  return {
    seq: event.seq,
    open: openAfter(before.open, event),
    left: leftAfter(before.left, event, partsOf(before.open, event)),
    networks: networksAfter(before.networks, event),
    afters: aftersAfter(before.afters, event),
    drifted: driftedAfter(before.drifted, event),
    missed: missedAfter(before.missed, event),
    tampered: tamperedAfter(before.tampered, event),
    notices: noticesAfter(before.notices, event),
  }
}

/** The same with an execution that has ended and begins again, by all of its records so far. */
export function recalled(before: Watch, execution: string, events: readonly JournalEvent[]): Watch {
  const change = events.reduce<OpenChange | undefined>(changeAfter, undefined)
  return change === undefined ? before : { ...before, open: withKey(before.open, execution, change) }
}

/** The first record that the watch has to be folded from after a restart. */
export function neededFrom({ seq, open, left, networks, afters, drifted, missed, tampered, notices }: Watch): number {
  return Math.min(
    seq + 1,
    ...[...open.values()].map(({ first }) => first),
    ...[left, networks, afters, drifted, missed, notices].flatMap((some) => [...some.values()].map((one) => one.seq)),
    ...(tampered === undefined ? [] : [tampered.seq]),
  )
}

function openAfter(before: Watch['open'], event: JournalEvent): Watch['open'] {
  const { execution, type } = event
  if (execution === undefined) return before
  if (type === 'ExecutionEnded') return withoutKey(before, execution)
  const known = before.get(execution)
  if (known === undefined && type !== 'ExecutionStarted') return before
  try {
    return withKey(before, execution, changeAfter(known, event))
  } catch {
    // A machine that this version refuses is not watched; the others are.
    return withoutKey(before, execution)
  }
}

function partsOf(open: Watch['open'], { execution = '' }: JournalEvent): readonly string[] {
  return open.get(execution)?.execution.sites.sites.map((part) => part.execution) ?? []
}

/** What is compared anew is as it was found; a confirmed change is what the switch is compared with from then on. */
function driftedAfter(before: Watch['drifted'], event: JournalEvent): Watch['drifted'] {
  if (event.type === 'ExecutionEnded') return withEnd(event, 'changed').reduce<Watch['drifted']>(withoutKey, before)
  if (event.type !== 'DriftCompared') return before
  const same = event.same.reduce<Watch['drifted']>(withoutKey, before)
  const found = { seq: event.seq, reason: 'its configuration is not the one that was confirmed last' }
  return event.differs.reduce((known, name) => (known.has(name) ? known : withKey(known, name, found)), same)
}

function missedAfter(before: Watch['missed'], event: JournalEvent): Watch['missed'] {
  const word = scheduleWord(event)
  if (word === undefined) return before
  return word.isMissed ? withKey(before, word.name, word) : withoutKey(before, word.name)
}

/** What only an anchor shows, a verification without that anchor does not see: it ends nothing. */
function tamperedAfter(before: Watch['tampered'], event: JournalEvent): Watch['tampered'] {
  if (event.type !== 'AuditVerified') return before
  const { seq, outcome, reason = 'it does not hold', anchors } = event
  const least = before?.anchors ?? 0
  if (outcome === 'intact') return anchors < least ? before : undefined
  return { seq: before?.seq ?? seq, reason, anchors: Math.max(least, anchors) }
}

function noticesAfter(before: Watch['notices'], event: JournalEvent): Watch['notices'] {
  if (event.type === 'NoticeClosed') return withoutKey(before, event.cause)
  if (event.type !== 'NoticeOpened') return before
  const { seq, notice: kind, cause, concerns, devices } = event
  const about = {
    ...(concerns === undefined ? {} : { concerns }),
    ...(devices === undefined ? {} : { devices }),
  }
  return withKey(before, cause, { seq, kind, ...about })
}

/** What a record says of a schedule that was missed, or of which nothing is missing any more; undefined for every other record. */
function scheduleWord(event: JournalEvent): ScheduleStatement | undefined {
  switch (event.type) {
    case 'ScheduleMissed':
      // Whoever has paused it knows.
      return event.because === 'paused' ? undefined : wordOf(event, true)
    case 'ScheduleFired':
      return wordOf(event, false)
    case 'ScheduleChanged':
      return event.change === 'removed' ? wordOf(event, false) : undefined
    default:
      return undefined
  }
}

function wordOf(
  { schedule, seq }: { readonly schedule: string; readonly seq: number },
  isMissed: boolean,
): ScheduleStatement {
  return { name: schedule, isMissed, seq, reason: `nobody was there to run ${schedule} when it was due` }
}
