import { keptIn } from '../../model/once.ts'
import type { ChangeWindow, Freeze, Policy } from './policy.ts'

export const MOST_CARRIES = 3

export function letsCarry(policy: Pick<Policy, 'rules'> | undefined): boolean {
  return policy?.rules.some(({ require }) => require?.approvals.carry) === true
}

/** What has gone by since the first approval of a plan was given, both in milliseconds since the epoch, so that none carries: a freeze of the policy, or the end of a window of a rule that lets approvals carry. */
export function passedSince(
  { rules, windows, freezes }: Pick<Policy, 'rules' | 'windows' | 'freezes'>,
  first: number,
  now: number,
): string | undefined {
  const freeze = freezeWithin(freezes, { from: first, to: now })
  if (freeze !== undefined) return `the freeze \`${freeze.name}\` has been in force since the first approval`
  const names = rules.flatMap(({ require, when }) => (require?.approvals.carry && when.window) || [])
  const passed = names.find((name) => windows[name] && closedSince(windows[name], first, now))
  return passed && `the window \`${passed}\` has closed since the first approval`
}

// A stretch of time, milliseconds since the epoch.
interface Stretch {
  readonly from: number
  readonly to: number
}

const DAY = 86_400_000
const WEEKDAYS = ['su', 'mo', 'tu', 'we', 'th', 'fr', 'sa'] as const

/** Whether one of the windows, or several that follow each other without a gap, hold everything from `from` until `to`. */
export function isWithin(windows: readonly ChangeWindow[], { from, to }: Stretch): boolean {
  return occurrences(windows, { from, to }).some((open) => open.from <= from && from < open.to && to <= open.to)
}

/** When, after `at`, something that takes `lasts` milliseconds can be done within the windows; undefined within the next 8 days. */
export function nextOpening(windows: readonly ChangeWindow[], at: number, lasts: number): number | undefined {
  return occurrences(windows, { from: at, to: at + 8 * DAY }).find(({ from, to }) => from > at && to - from >= lasts)
    ?.from
}

/** Until when the windows are open that are open at `at`; undefined where none is, and where they stay open for the next 8 days. */
export function openUntil(windows: readonly ChangeWindow[], at: number): number | undefined {
  const end = at + 8 * DAY
  const open = occurrences(windows, { from: at, to: end }).find(({ from, to }) => from <= at && at < to)
  return open === undefined || open.to >= end ? undefined : open.to
}

/** When one window is open within a stretch of time, also where that begins before it or ends behind it; in order. */
export function windowOpenings(window: ChangeWindow, around: Stretch): readonly Stretch[] {
  return occurrences([window], around).filter(({ from, to }) => from < around.to && to > around.from)
}

export function closedSince(window: ChangeWindow, from: number, to: number): boolean {
  return occurrences([window], { from, to }).some((open) => from < open.to && open.to <= to)
}

export function freezeWithin(freezes: readonly Freeze[], { from, to }: Stretch): Freeze | undefined {
  return freezes.find((freeze) => from < Date.parse(freeze.to) && Math.max(to, from + 1) > Date.parse(freeze.from))
}

function occurrences(windows: readonly ChangeWindow[], around: Stretch): readonly Stretch[] {
  const merged: Stretch[] = []
  for (const next of windows.flatMap((window) => openings(window, around)).toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1)
    if (last === undefined || next.from > last.to) merged.push(next)
    else merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, next.to) }
  }
  return merged
}

// Its ends are times on a wall: one that does not exist on a day when the clock is put forward, or exists twice when it is put back, makes the
// window shorter, never longer.
function openings({ tz, days, from, to }: ChangeWindow, around: Stretch): Stretch[] {
  const [begin, end] = [minutesOf(from), minutesOf(to)]
  const length = Math.ceil((around.to - around.from) / DAY) + 3
  const first = wallTime(tz, around.from) - 2 * DAY
  return Array.from({ length }, (_, index) => Math.floor(first / DAY) * DAY + index * DAY).flatMap((midnight) => {
    const weekday = WEEKDAYS[new Date(midnight).getUTCDay()]
    if (weekday === undefined || !days.includes(weekday)) return []
    const opens = Math.max(...instants(tz, midnight + begin * 60_000))
    const closes = Math.min(...instants(tz, midnight + (end > begin ? 0 : DAY) + end * 60_000))
    return closes > opens ? [{ from: opens, to: closes }] : []
  })
}

function minutesOf(clock: string) {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return hours * 60 + minutes
}

// The instants at which the clock on the wall of a zone shows `wall` (milliseconds, as if it were UTC): one, two when the clock is put back
// over it, and when it is put forward past it the two that it would be by the clock before and after.
function instants(tz: string, wall: number) {
  const offsets = [wall - DAY, wall + DAY].map((near) => wallTime(tz, near) - near)
  const guesses = [...new Set(offsets)].map((offset) => wall - offset)
  const shown = guesses.filter((at) => wallTime(tz, at) === wall)
  return shown.length > 0 ? shown : guesses
}

// What the clock on the wall of a zone shows at an instant, in milliseconds as if it were UTC, to the second.
function wallTime(tz: string, at: number) {
  const parts = Object.fromEntries(
    formatOf(tz)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) + (at % 1000)
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string) {
  const numeric = 'numeric'
  const make = () =>
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    })
  return keptIn(formats, timeZone, make)
}
