import type { JournalEvent } from '../../../change/record/event/event.ts'
import { type AfterFinding, type AfterLook, UNJUDGED_IN_A_ROW } from '../../../model/after.ts'
import type { NoticeKind } from '../../../model/notice.ts'
import { networkInShort } from '../../../report/phrases/network-words.ts'
import { findingWords } from '../../../report/view/after-words.ts'
import { withKey, withoutKey } from './keyed.ts'
import { type Leftovers, leftAfter, withEnd } from './leftovers.ts'
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

/** A switch that was put back while its network is not as before, or nobody knows. */
interface OddNetwork {
  /** The number of the record that says so. */
  readonly seq: number
  readonly kind: 'network-differs' | 'network-unknown'
  readonly reason: string
  readonly execution: string
}

/**
 * Folds the next record, by switch. It is over when the same execution has read the network as before, or somebody who may end notices has kept a
 * snapshot of the switch: what another execution calls before may be what is wrong.
 */
function networksAfter(before: ReadonlyMap<string, OddNetwork>, event: JournalEvent): ReadonlyMap<string, OddNetwork> {
  switch (event.type) {
    case 'NetworkRead': {
      const { seq, device, network, execution = '' } = event
      if (network === 'same') return before.get(device)?.execution === execution ? withoutKey(before, device) : before
      const kind = network === 'differs' ? 'network-differs' : 'network-unknown'
      const reason = `${device} was put back, ${networkInShort(event)}`
      return withKey(before, device, { seq, kind, reason, execution })
    }
    case 'SnapshotTaken':
      return event.notices.reduce(withoutKey<OddNetwork>, before)
    default:
      return before
  }
}

/** A confirmed change whose checks fail since, or could not be judged for a while. */
interface BadAfter {
  /** The number of the record that first says so. */
  readonly seq: number
  readonly kind: 'after-failed' | 'after-unjudged'
  readonly reason: string
  /** The switches that it is about. */
  readonly devices: readonly string[]
}

/** Those changes, by execution. */
type BadAfters = ReadonlyMap<string, BadAfter>

/**
 * Folds the next record. It is over when a look is good, when nothing of it is watched any more, when a person has ended the watch, when a later change was confirmed on its
 * switches, and when somebody who may end notices has kept a snapshot of them. A watch whose time is over leaves it as it is: nobody has seen that it is good.
 */
function aftersAfter(before: BadAfters, event: JournalEvent): BadAfters {
  switch (event.type) {
    case 'ScheduleFinished':
      return event.looked === undefined ? before : looked(before, event, event.looked)
    case 'ScheduleChanged':
      return event.change === 'removed' && event.principal !== undefined
        ? withoutKey(before, executionOf(event.schedule))
        : before
    case 'ExecutionEnded':
      return knownIn(before, withEnd(event, 'changed'), event.execution)
    case 'SnapshotTaken':
      return knownIn(before, event.notices, undefined)
    default:
      return before
  }
}

function looked(
  before: BadAfters,
  { schedule, seq }: JournalEvent & { readonly type: 'ScheduleFinished' },
  look: AfterLook,
): BadAfters {
  const execution = executionOf(schedule)
  const kind = kindOf(look)
  if (kind === undefined) return withoutKey(before, execution)
  const known = before.get(execution)
  if (known?.kind === kind || look.found.length === 0) return before
  const devices = [...new Set(look.found.map(({ device }) => device))]
  return withKey(before, execution, { seq, kind, reason: reasonOf(kind, execution, look), devices })
}

function kindOf({ failedSince, unjudgedInARow, devices }: AfterLook): BadAfter['kind'] | undefined {
  if (devices.length === 0) return undefined
  if (failedSince !== undefined) return 'after-failed'
  return unjudgedInARow >= UNJUDGED_IN_A_ROW ? 'after-unjudged' : undefined
}

/** The first that was found, and what a person can type: nothing is put back by itself. */
function reasonOf(kind: BadAfter['kind'], execution: string, { found, unjudgedInARow }: AfterLook): string {
  const [first, ...others] = found.map(toldOf)
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  const what = kind === 'after-failed' ? '' : `not judged ${unjudgedInARow} times in a row: `
  return `${what}${first}${more}. Look: eosflow show ${execution}. Roll back: eosflow rollback ${execution}`
}

/** Lines of a configuration are sent to nobody who has not asked for them. */
function toldOf(finding: AfterFinding): string {
  const isText = finding.check?.split(' ', 1)[0] === 'running-config'
  const [line = ''] = findingWords(isText ? { ...finding, says: 'it is not as approved' } : finding).split('\n', 1)
  return line
}

function executionOf(schedule: string): string {
  return schedule.slice(schedule.indexOf(':') + 1)
}

/** The same without switches of which something newer is known. */
function knownIn(before: BadAfters, names: readonly string[], by: string | undefined): BadAfters {
  if (names.length === 0 || before.size === 0) return before
  return new Map(
    [...before].flatMap(([execution, one]): readonly [string, BadAfter][] => {
      const devices = execution === by ? one.devices : one.devices.filter((name) => !names.includes(name))
      return devices.length === 0 ? [] : [[execution, { ...one, devices }]]
    }),
  )
}
