import { mayPush } from '../../change/engine/sites.ts'
import { type ExecutionState, startedTimers } from '../../change/engine/state.ts'
import { neverWords, UNTOUCHED, wasCommitted } from '../../eos/device/history.ts'
import type { DeviceEnd, DeviceEnds } from '../../model/act.ts'
import { definedMembers } from '../../model/json.ts'
import { isOdd, networkOf, networkSentence } from '../phrases/disruption.ts'
import { END_WORDS } from '../phrases/end-words.ts'
import { instantOf } from '../text/text.ts'
import type { ExecutionView, Tone, ViewLane } from './execution-view.ts'
import { EMPTY_LANE, type Fuse, type Segment, type SwitchLane, type ViewContext, type ViewState } from './view-state.ts'

interface SwitchLabel {
  readonly tone: Tone
  readonly word: string
  readonly note?: string
}

export const END_TONE: Readonly<Record<DeviceEnd, Tone>> = {
  changed: 'ok',
  reverted: 'undo',
  unchanged: 'idle',
  untouched: 'idle',
  unknown: 'bad',
}
const END_NOTE: Readonly<Record<Exclude<DeviceEnd, 'untouched'>, string>> = {
  changed: 'saved and read back',
  reverted: 'read back',
  unchanged: 'nothing to change',
  unknown: 'a person has to look',
}

// `end` is where it ended, of an execution that has ended.
function switchLabelOf(view: ViewState, name: string, end: DeviceEnd | undefined): SwitchLabel {
  const { execution, lanes } = view
  const found = execution.ends.get(name)
  if (found !== undefined) return endedLabel(execution, name, found)
  if (execution.leftOut.has(name)) return { tone: 'live', word: 'left out', note: 'it did not answer' }
  if (end !== undefined && execution.status === 'ended') {
    const note = end === 'untouched' ? neverWords(execution.devices.get(name)) : END_NOTE[end]
    return { tone: END_TONE[end], word: END_WORDS[end], note }
  }
  if (lanes.get(name)?.isGoingBack === true) return { tone: 'undo', word: 'being put back' }
  const { phase } = execution.devices.get(name) ?? UNTOUCHED
  switch (phase) {
    case 'untouched':
      return untouched(execution, name)
    case 'staging':
    case 'staged':
      return { tone: 'run', word: 'loading the change' }
    case 'arming':
      return { tone: 'live', word: 'asked to commit', note: 'its answer is not on record' }
    case 'armed':
      return armed(view, name)
    case 'confirming':
      return { tone: 'live', word: 'asked to confirm', note: 'its answer is not on record' }
    case 'confirmed':
    case 'saving':
      return { tone: 'ok', word: 'confirmed, not saved' }
    case 'saved':
      return { tone: 'ok', word: END_WORDS.changed, note: END_NOTE.changed }
    case 'aborting':
    case 'restoring':
      return { tone: 'undo', word: 'being put back' }
    case 'ended':
      return wasCommitted(execution.devices.get(name))
        ? { tone: 'undo', word: 'aborted, not read back' }
        : { tone: 'idle', word: END_WORDS.untouched, note: neverWords(execution.devices.get(name)) }
  }
}

function endedLabel(
  execution: ExecutionState,
  name: string,
  { end, detail }: { readonly end: DeviceEnd; readonly detail: string },
): SwitchLabel {
  const network = networkOf(execution, name)
  if (network === undefined) return { tone: END_TONE[end], word: END_WORDS[end], note: detail }
  const note = `${detail}; ${networkSentence(network)}`
  return { tone: isOdd(network) ? 'bad' : END_TONE[end], word: END_WORDS[end], note }
}

function untouched(execution: ExecutionState, name: string): SwitchLabel {
  const { plan, status, purpose, sites } = execution
  if (plan?.unchanged.includes(name) === true)
    return { tone: 'idle', word: END_WORDS.unchanged, note: END_NOTE.unchanged }
  if (mayPush(sites))
    return { tone: 'run', word: 'changed by its site', note: 'the execution of its site says where it is' }
  if (status === 'running' && purpose === 'run') return { tone: 'idle', word: 'waits for its wave' }
  return { tone: 'idle', word: END_WORDS.untouched, note: neverWords(execution.devices.get(name)) }
}

function armed({ lanes, judged }: ViewState, name: string): SwitchLabel {
  switch (lanes.get(name)?.segments.at(-1)?.kind) {
    case 'hold':
      return { tone: 'live', word: 'verified, not confirmed' }
    case 'unknown':
      return { tone: 'bad', word: 'unknown', note: 'nobody has read what it holds' }
    default:
      return (judged.bad.get(name)?.size ?? 0) > 0
        ? { tone: 'bad', word: 'live, not good' }
        : { tone: 'live', word: 'live, verifying' }
  }
}

type Wave = ExecutionView['waves'][number]

/** The waves of a plan with their switches over time; none before there is a plan. */
export function wavesOf(view: ViewState, moment: ViewContext, ends: DeviceEnds): readonly Wave[] {
  const { execution } = view
  const { plan } = execution
  if (plan === undefined) return []
  const timers = new Map(startedTimers(execution).map(({ device, until }) => [device, until]))
  const waves = plan.waves.map((names, index): Wave => {
    const lanes = names.map((name) => laneOf(view, name, { moment, until: timers.get(name), end: ends[name] }))
    const isCanary = names.length > 0 && names.every((name) => plan.canaries.includes(name))
    return { number: index + 1, standing: waveStanding(view, names, lanes), isCanary, lanes }
  })
  return withEarliest(view, waves, moment)
}

interface LaneTerms {
  readonly moment: ViewContext
  readonly until: number | undefined
  readonly end: DeviceEnd | undefined
}

function laneOf(view: ViewState, name: string, { moment, until, end }: LaneTerms): ViewLane {
  const { segments, fuses } = view.lanes.get(name) ?? EMPTY_LANE
  const isOver = until !== undefined && until <= moment.now
  const { tone, word, note } = isOver ? UNREAD : switchLabelOf(view, name, end)
  const pulse = until === undefined ? undefined : moment.pulses?.get(name)
  // One of an earlier timer says nothing about this one.
  const told = pulse !== undefined && pulse.at >= (fuses.at(-1)?.armedAt ?? 0) ? pulse.timerEnds : undefined
  return {
    device: name,
    mark: { tone, word },
    ...definedMembers({ note }),
    isFailing: tone === 'bad' || hasFailed(view, name),
    segments: cutAtTimers(segments, fuses, moment.now).map(({ kind, from, to }) => ({
      kind,
      from: instantOf(from),
      ...(to === undefined ? {} : { to: instantOf(to) }),
    })),
    fuses: fuses.map((fuse, index) =>
      fuseOf(fuse, index === fuses.length - 1 ? (told ?? until) : undefined, moment.now),
    ),
  }
}

const UNREAD = {
  tone: 'live',
  word: 'timer over, not read',
  note: 'its commit timer has run out, and nobody has read it since',
} as const

function cutAtTimers(segments: readonly Segment[], fuses: readonly Fuse[], now: number): readonly Segment[] {
  const ranOut = fuses.filter(({ endsAt, over }) => over === undefined || over >= endsAt).map(({ endsAt }) => endsAt)
  return segments.flatMap((segment): readonly Segment[] => {
    const { kind, from, to } = segment
    const at = ranOut.find((one) => one > from && one < (to ?? now))
    if (at === undefined || !UNDER_TIMER.has(kind)) return [segment]
    return [
      { kind, from, to: at },
      { kind: 'unknown', from: at, ...definedMembers({ to }) },
    ]
  })
}

const UNDER_TIMER: ReadonlySet<string> = new Set(['verify', 'bad', 'hold'])

// Whether the work on this switch has failed by itself, so that nobody may overlook it.
function hasFailed({ execution, failed }: ViewState, name: string) {
  return execution.failed.has(name) || failed.failures.some(({ device, caught }) => device === name && !caught)
}

function fuseOf({ armedAt, endsAt, over }: Fuse, until: number | undefined, now: number) {
  const isRunning = until !== undefined && over === undefined
  return {
    armedAt: instantOf(armedAt),
    endsAt: instantOf(isRunning ? until : endsAt),
    ...(over === undefined ? {} : { over: instantOf(over) }),
    ...(isRunning ? { left: Math.max(0, Math.ceil((until - now) / 1000)) } : {}),
  }
}

const isThrough = ({ segments }: Pick<SwitchLane, 'segments'>) => {
  const kind = segments.at(-1)?.kind
  return kind === 'hold' || kind === 'keep' || kind === 'confirm'
}

function waveStanding(view: ViewState, names: readonly string[], lanes: readonly ViewLane[]) {
  if (lanes.some(({ isFailing }) => isFailing)) return 'failed'
  const { ends, sites, status } = view.execution
  if (mayPush(sites)) return status === 'ended' || names.every((name) => ends.has(name)) ? 'done' : 'now'
  const own = names.map((name) => view.lanes.get(name) ?? EMPTY_LANE)
  const touched = own.filter(({ segments }) => segments.length > 0)
  if (touched.length === 0) return 'ahead'
  if (status === 'ended') return 'done'
  return touched.length === own.length && own.every(isThrough) ? 'done' : 'now'
}

function withEarliest({ execution, judged }: ViewState, waves: readonly Wave[], { now, terms }: ViewContext) {
  if (terms === undefined || execution.status !== 'running') return waves
  const soak = (names: readonly string[]) => Math.max(0, ...names.map((name) => terms(name).stableFor)) * 1000
  let from: number | undefined
  return waves.map((wave) => {
    const names = wave.lanes.map(({ device }) => device)
    if (wave.standing === 'now') {
      const since = names.map((name) => judged.since.get(name) ?? now)
      from = Math.max(now, Math.max(...since) + soak(names))
      return wave
    }
    if (wave.standing !== 'ahead' || from === undefined) return wave
    const earliest = { from: instantOf(from), to: instantOf(from + soak(names)) }
    from += soak(names)
    return { ...wave, lanes: wave.lanes.map((lane) => ({ ...lane, earliest })) }
  })
}
