import { type DeviceHistory, type Phase, UNTOUCHED } from '../../eos/device/history.ts'
import type { Act } from '../../model/act.ts'
import { definedMembers } from '../../model/json.ts'
import type { JournalEvent } from '../record/event/event.ts'

type IntendedLines = Extract<JournalEvent, { type: 'ActIntended' }>
type Finished = Extract<JournalEvent, { type: 'ActFinished' }>
type Settled = Extract<JournalEvent, { type: 'DeviceSettled' }>

type Changing = Exclude<Act, 'hold' | 'release'>

const INTENDED: Readonly<Record<Changing, Phase>> = {
  stage: 'staging',
  replay: 'staged',
  prune: 'staged',
  arm: 'arming',
  confirm: 'confirming',
  save: 'saving',
  abort: 'aborting',
  restore: 'restoring',
  boot: 'saved',
}
const DONE: Readonly<Record<Changing, Phase>> = {
  stage: 'staged',
  replay: 'staged',
  prune: 'staged',
  arm: 'armed',
  confirm: 'confirmed',
  save: 'saved',
  abort: 'ended',
  restore: 'ended',
  boot: 'saved',
}
const ORDER: readonly DeviceHistory['reached'][] = ['nothing', 'stage', 'arm', 'confirm', 'save']

export function isNewChange({ act, checkpoint }: IntendedLines): boolean {
  return act === 'stage' && checkpoint !== undefined
}

export function foldIntended(known: DeviceHistory = UNTOUCHED, event: IntendedLines): DeviceHistory {
  if (event.act === 'hold') return foldHold(known, event)
  if (event.act === 'release') return known
  const before = withOverwritten(isNewChange(event) ? begunAnew(known) : known, event)
  const sessions = event.act === 'stage' || event.act === 'replay' ? before.sessions + 1 : before.sessions
  if (event.act === 'replay') {
    return { ...before, sessions, replaying: event.session, replays: [...(before.replays ?? []), event.session] }
  }
  if (event.act === 'stage' && event.checkpoint === undefined) {
    return { ...before, sessions, planning: event.session }
  }
  if (event.act === 'boot') return { ...before, bootLines: event.lines ?? [] }
  return isBesideChange(before, event) ? before : advanced({ ...before, sessions }, event, event.act)
}

function advanced(before: DeviceHistory, event: IntendedLines, act: Changing): DeviceHistory {
  const forward = event.act === 'stage' || event.act === 'arm' || event.act === 'confirm' || event.act === 'save'
  if (!forward && before.reached === 'nothing') return before
  return {
    ...before,
    phase: INTENDED[act],
    reached: forward ? further(before.reached, event.act as DeviceHistory['reached']) : before.reached,
    ...(event.act === 'stage' ? { session: event.session } : {}),
    ...(event.checkpoint === undefined ? {} : { checkpoint: event.checkpoint, hasSaved: true }),
    ...(putsBack(before, act) ? { unread: true as const } : {}),
    ...(event.act === 'arm'
      ? {
          armedAt: Date.parse(event.at),
          armedRecord: event.seq,
          timer: event.seconds ?? 0,
          commits: [...(before.commits ?? []), event.session],
        }
      : {}),
  }
}

function putsBack({ armedRecord }: DeviceHistory, act: Changing): boolean {
  return armedRecord !== undefined && (act === 'abort' || act === 'restore')
}

function withAnswer(before: DeviceHistory, { act, outcome }: Finished): DeviceHistory {
  if ((act !== 'abort' && act !== 'restore') || outcome !== 'done') return before
  const { unread: _, ...known } = before
  return known
}

function begunAnew(known: DeviceHistory): DeviceHistory {
  if (known.phase === 'ended') return fresh(known)
  const { startup: _, replaced: __, overwritten: ___, unread: ____, ...kept } = known
  return kept
}

// What is put back names beforehand what goes with it: a controller that ends before it can say so must not lose the names.
function withOverwritten(before: DeviceHistory, { overwrites = [] }: Pick<IntendedLines, 'overwrites'>): DeviceHistory {
  if (overwrites.length === 0) return before
  return { ...before, overwritten: [...new Set([...(before.overwritten ?? []), ...overwrites])] }
}

function isBesideChange({ replays = [] }: DeviceHistory, { act, session }: IntendedLines | Finished): boolean {
  return act === 'replay' || act === 'prune' || (act === 'abort' && replays.includes(session))
}

function fresh(known: DeviceHistory): DeviceHistory {
  const { replayed, replays } = known
  const kept = definedMembers({ replayed, replays })
  return { ...untouchedAgain(known), ...kept }
}

export function untouchedAgain(known: DeviceHistory): DeviceHistory {
  const { sessions, holds, owners, commits, hasSaved, wasPutBack } = known
  return {
    ...UNTOUCHED,
    sessions,
    ...definedMembers({ holds, owners, commits, hasSaved, wasPutBack }),
  }
}

export function foldFinished(before: DeviceHistory = UNTOUCHED, event: Finished): DeviceHistory {
  return event.act === 'hold' || event.act === 'release'
    ? foldOwner(before, event)
    : foldOutcome(before, event, event.act)
}

// A timed commit that the switch refused, or that never reached it, has changed nothing: it got no further than the staging.
function foldOutcome(before: DeviceHistory, event: Finished, act: Changing): DeviceHistory {
  if (isBesideChange(before, event)) return foldReplayed(before, event)
  return withTexts(withAnswer(withOverwritten(before, event), event), event, act)
}

function withTexts(before: DeviceHistory, event: Finished, act: Changing): DeviceHistory {
  const texts = definedMembers({
    base: event.base,
    target: event.target,
    startup: event.startup,
    replaced: event.replaced,
  })
  if (event.act === 'boot') return event.error?.kind === 'unreachable' ? withoutBoot(before) : before
  if (event.act === 'arm' && neverHappened(event)) return { ...before, phase: 'staged', reached: 'stage' }
  if (event.session === before.planning) return isGone(event) ? withoutPlanning(before) : before
  if (before.reached === 'nothing' || event.outcome !== 'done') return { ...before, ...texts }
  return { ...before, ...texts, phase: DONE[act] }
}

/** One that shows the change, although it refused the timed commit, has been committed: it got as far as that. */
export function foldSettled(known: DeviceHistory, { found, unrecorded = [] }: Settled): DeviceHistory {
  const all = [...new Set([...(known.unrecorded ?? []), ...unrecorded])]
  const before = unrecorded.length === 0 ? known : { ...known, unrecorded: all }
  if (before.armedRecord === undefined || (found !== 'armed' && found !== 'target')) return before
  return { ...before, reached: further(before.reached, 'arm') }
}

function foldReplayed(before: DeviceHistory, { act, outcome, base }: Finished): DeviceHistory {
  if (outcome === 'unknown' || act === 'prune') return before
  const { replaying: _, ...known } = before
  return act === 'replay' && outcome === 'done' && base !== undefined ? { ...known, replayed: base } : known
}

// A plan's session ends with the request that opened it, or by an abort, or was never opened.
function isGone(event: Finished): boolean {
  return event.outcome === 'done' || (event.act === 'stage' && event.error?.kind === 'unreachable')
}

function withoutPlanning({ planning: _, ...known }: DeviceHistory): DeviceHistory {
  return known
}

// What never reached the switch is not in force there.
function withoutBoot({ bootLines: _, ...known }: DeviceHistory): DeviceHistory {
  return known
}

function neverHappened({ outcome, error }: Finished): boolean {
  return outcome === 'refused' && (error?.kind === 'refused' || error?.kind === 'unreachable')
}

function further(a: DeviceHistory['reached'], b: DeviceHistory['reached']): DeviceHistory['reached'] {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b
}

function foldHold(
  known: DeviceHistory,
  { session, seq: record }: Extract<JournalEvent, { type: 'ActIntended' }>,
): DeviceHistory {
  const owners = [...(known.owners ?? []), { session, record, isOpen: false }]
  return { ...known, holds: (known.holds ?? 0) + 1, owners }
}

function foldOwner(
  before: DeviceHistory,
  { act, session, outcome }: Extract<JournalEvent, { type: 'ActFinished' }>,
): DeviceHistory {
  const { owners = [], ...known } = before
  const isGone = act === 'release' ? outcome === 'done' : outcome === 'refused'
  const isOpen = act === 'hold' && outcome === 'done'
  const left = isGone
    ? owners.filter((one) => one.session !== session)
    : owners.map((one) => (one.session === session && isOpen ? { ...one, isOpen } : one))
  return left.length === 0 ? known : { ...known, owners: left }
}
