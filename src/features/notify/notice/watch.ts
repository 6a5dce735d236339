import type { EventOf, JournalEvent } from '../../../change/record/event/event.ts'
import { type AfterFinding, type AfterLook, UNJUDGED_IN_A_ROW } from '../../../model/after.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import type { NoticeKind } from '../../../model/notice.ts'
import { networkInShort } from '../../../report/phrases/disruption.ts'
import { findingWords } from '../../../report/view/after-words.ts'
import { withKey, withoutKey } from './keyed.ts'
import { type Leftovers, leftAfter, withEnd } from './leftovers.ts'
import { changeAfter, type OpenChange } from './open-change.ts'

interface ScheduleStatement {
  readonly name: string
  readonly isMissed: boolean
  readonly seq: number
  readonly reason: string
}

export interface OpenNotice {
  readonly seq: number
  readonly kind: NoticeKind
  readonly concerns?: string
  readonly devices?: readonly string[]
}

export interface OngoingCondition {
  readonly seq: number
  readonly reason: string
}

export interface TamperedRecord extends OngoingCondition {
  readonly anchors: number
}

export interface Watch {
  /** The number of the newest record that it is folded from; 0 before the first. */
  readonly seq: number
  readonly open: ReadonlyMap<string, OpenChange>
  readonly left: Leftovers
  readonly networks: ReadonlyMap<string, OddNetwork>
  readonly afters: BadAfters
  readonly drifted: ReadonlyMap<string, OngoingCondition>
  readonly missed: ReadonlyMap<string, OngoingCondition>
  readonly tampered: TamperedRecord | undefined
  readonly notices: ReadonlyMap<string, OpenNotice>
}

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

/** One of an execution whose first record was not folded says nothing of it: see {@link recalled}. */
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

function openAfter(before: Watch['open'], event: JournalEvent) {
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

function partsOf(open: Watch['open'], { execution = '' }: JournalEvent) {
  return open.get(execution)?.execution.sites.sites.map((part) => part.execution) ?? []
}

function driftedAfter(before: Watch['drifted'], event: JournalEvent) {
  if (event.type === 'ExecutionEnded') return withEnd(event, 'changed').reduce<Watch['drifted']>(withoutKey, before)
  if (event.type !== 'DriftCompared') return before
  const same = event.same.reduce<Watch['drifted']>(withoutKey, before)
  const found = { seq: event.seq, reason: 'its configuration is not the one that was confirmed last' }
  return event.differs.reduce((known, name) => (known.has(name) ? known : withKey(known, name, found)), same)
}

function missedAfter(before: Watch['missed'], event: JournalEvent) {
  const word = scheduleWord(event)
  if (word === undefined) return before
  return word.isMissed ? withKey(before, word.name, word) : withoutKey(before, word.name)
}

function tamperedAfter(before: Watch['tampered'], event: JournalEvent) {
  if (event.type !== 'AuditVerified') return before
  const { seq, outcome, reason = 'it does not hold', anchors } = event
  const least = before?.anchors ?? 0
  if (outcome === 'intact') return anchors < least ? before : undefined
  return { seq: before?.seq ?? seq, reason, anchors: Math.max(least, anchors) }
}

function noticesAfter(before: Watch['notices'], event: JournalEvent) {
  if (event.type === 'NoticeClosed') return withoutKey(before, event.cause)
  if (event.type !== 'NoticeOpened') return before
  const { seq, notice: kind, cause, concerns, devices } = event
  const about = {
    ...definedMembers({ concerns, devices }),
  }
  return withKey(before, cause, { seq, kind, ...about })
}

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

interface OddNetwork {
  readonly seq: number
  readonly kind: 'network-differs' | 'network-unknown'
  readonly reason: string
  readonly execution: string
}

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

// A confirmed change whose checks fail since, or could not be judged for a while.
interface BadAfter {
  readonly seq: number
  readonly kind: 'after-failed' | 'after-unjudged'
  readonly reason: string
  readonly devices: readonly string[]
}

type BadAfters = ReadonlyMap<string, BadAfter>

function aftersAfter(before: BadAfters, event: JournalEvent) {
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

function looked(before: BadAfters, { schedule, seq }: EventOf<'ScheduleFinished'>, look: AfterLook) {
  const execution = executionOf(schedule)
  const kind = kindOf(look)
  if (kind === undefined) return withoutKey(before, execution)
  const known = before.get(execution)
  if (known?.kind === kind || look.found.length === 0) return before
  const devices = [...new Set(look.found.map(({ device }) => device))]
  return withKey(before, execution, { seq, kind, reason: reasonOf(kind, execution, look), devices })
}

function kindOf({ failedSince, unjudgedInARow, devices }: AfterLook) {
  if (devices.length === 0) return undefined
  if (failedSince !== undefined) return 'after-failed'
  return unjudgedInARow >= UNJUDGED_IN_A_ROW ? 'after-unjudged' : undefined
}

function reasonOf(kind: BadAfter['kind'], execution: string, { found, unjudgedInARow }: AfterLook) {
  const [first, ...others] = found.map(toldOf)
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  const what = kind === 'after-failed' ? '' : `not judged ${unjudgedInARow} times in a row: `
  return `${what}${first}${more}. Look: eosflow show ${execution}. Roll back: eosflow rollback ${execution}`
}

function toldOf(finding: AfterFinding) {
  const isText = finding.check?.split(' ', 1)[0] === 'running-config'
  const [line = ''] = findingWords(isText ? { ...finding, says: 'it is not as approved' } : finding).split('\n', 1)
  return line
}

function executionOf(schedule: string) {
  return schedule.slice(schedule.indexOf(':') + 1)
}

function knownIn(before: BadAfters, names: readonly string[], by: string | undefined) {
  if (names.length === 0 || before.size === 0) return before
  return new Map(
    [...before].flatMap(([execution, one]): readonly [string, BadAfter][] => {
      const devices = execution === by ? one.devices : one.devices.filter((name) => !names.includes(name))
      return devices.length === 0 ? [] : [[execution, { ...one, devices }]]
    }),
  )
}
