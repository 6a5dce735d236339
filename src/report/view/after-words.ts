import {
  type AfterFinding,
  type AfterLook,
  type AfterSubject,
  type GoneSwitch,
  UNJUDGED_IN_A_ROW,
} from '../../model/after.ts'
import { duration, hanging, type Style } from '../text/text.ts'
import type { ExecutionView } from './execution-view.ts'

/** Instants are ISO 8601 in UTC. */
export interface AfterStanding {
  readonly subject: AfterSubject
  readonly every: number
  readonly begun: string
  readonly isPaused: boolean
  readonly look?: AfterLook & { readonly instant: string }
  /** Who or what has ended it before its time, or that its time is over. */
  readonly ended?: { readonly at: string; readonly reason: string }
}

export type AfterView = NonNullable<ExecutionView['after']>

export function findingWords({ device, check, says }: AfterFinding): string {
  return `${device}: ${check === undefined ? '' : `${check}: `}${says}`
}

export function leftWords({ device, because }: GoneSwitch): string {
  return `${device} is no longer watched: ${because}`
}

// How an after-watch is at a time, milliseconds since the epoch.
function afterStateOf({ subject, isPaused, look, ended }: AfterStanding, now: number) {
  const isAllGone = look?.devices.length === 0
  const isOver = ended !== undefined || now > Date.parse(subject.until)
  if (isAllGone || (ended !== undefined && Date.parse(ended.at) <= Date.parse(subject.until))) return 'ended'
  if (look?.failedSince !== undefined) return 'failed'
  if ((look?.unjudgedInARow ?? 0) >= UNJUDGED_IN_A_ROW) return 'unjudged'
  if (!isOver) return isPaused ? 'paused' : 'watching'
  return look?.result === 'good' ? 'held' : 'ended'
}

function afterWords(standing: AfterStanding, now: number) {
  const { subject, every, begun, look, ended } = standing
  const isOver = ended !== undefined || now > Date.parse(subject.until)
  const on = isOver ? 'its time is over' : `watching until ${subject.until}`
  switch (afterStateOf(standing, now)) {
    case 'watching':
      return look === undefined
        ? `watching until ${subject.until}, every ${duration(every)}; not looked yet`
        : `watching until ${subject.until}, every ${duration(every)}; ${RESULTS[look.result]} at ${look.instant}${goneWords(standing)}`
    case 'paused':
      return `paused; it would be watched until ${subject.until}`
    case 'failed':
      return `failed at ${look?.failedSince}${lastWords(look)}; ${on}${goneWords(standing)}`
    case 'unjudged':
      return `could not be judged ${look?.unjudgedInARow} times in a row: ${look?.found.map(findingWords)[0] ?? 'nobody knows why'}; ${on}${goneWords(standing)}`
    case 'held':
      return `held for ${duration((Date.parse(subject.until) - Date.parse(begun)) / 1000)}${looksWords(standing)}${goneWords(standing)}`
    case 'ended':
      return `ended: ${endWords(standing)}`
  }
}

function lastWords(look: AfterLook | undefined) {
  const [first] = look?.found.map(findingWords) ?? []
  if (first === undefined) return ''
  return look?.result === 'failed' ? `: ${first}` : `, not judged since: ${first}`
}

const RESULTS = { good: 'good', failed: 'not good', unjudged: 'not judged' } as const

function looksWords(standing: AfterStanding) {
  const { look } = standing
  const expected = expectedLooks(standing)
  const missing = expected - (look?.good ?? 0)
  return missing <= 0 ? '' : `, by ${look?.good ?? 0} of ${expected} looks`
}

function expectedLooks({ subject, begun, every }: AfterStanding) {
  return Math.floor((Date.parse(subject.until) - Date.parse(begun)) / 1000 / every)
}

function goneWords({ look }: AfterStanding) {
  return (look?.left ?? []).map((one) => `; ${leftWords(one)}`).join('')
}

function endWords({ subject, look, ended }: AfterStanding) {
  if (look?.devices.length === 0) return look.left.map(leftWords).join('; ')
  if (ended !== undefined && ended.reason !== '' && Date.parse(ended.at) <= Date.parse(subject.until))
    return ended.reason
  if (look === undefined) return 'its time is over, and nobody has looked'
  return `its time is over, and its last look ${look.result === 'unjudged' ? 'could not be judged' : 'was not good'}`
}

/** The after-watch of a change at a time, milliseconds since the epoch. */
export function afterView(standing: AfterStanding, now: number): AfterView {
  const { subject, every, look } = standing
  const { good = 0, failed = 0, unjudged = 0, devices = subject.devices } = look ?? {}
  return {
    state: afterStateOf(standing, now),
    words: afterWords(standing, now),
    until: subject.until,
    every,
    devices,
    looks: { good, failed, unjudged, expected: expectedLooks(standing) },
  }
}

/** The same as a line of its own behind a recap; empty where there is none. */
export function afterLine(after: AfterView | undefined, style: Style): string {
  if (after === undefined) return ''
  const line = `after: ${hanging(after.words)}`
  return `${after.state === 'failed' || after.state === 'unjudged' ? style.bad(line) : line}\n`
}
