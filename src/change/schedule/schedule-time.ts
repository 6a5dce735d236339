import { Cron } from 'croner'
import { messageOf } from '../../model/error.ts'
import { keptIn } from '../../model/once.ts'

/** When a schedule is due: at times on the wall of a zone, or after a time has elapsed, in seconds. */
export interface ScheduleTime {
  readonly tz: string
  /** Five fields: minute, hour, day of the month, month, day of the week. */
  readonly cron?: string | undefined
  readonly every?: number | undefined
  /** The last instant that it may be due at, in milliseconds since the epoch. */
  readonly until?: number | undefined
}

/** Instants in order, milliseconds since the epoch, and whether more of them follow within the same stretch of time. */
export interface Instants {
  readonly instants: readonly number[]
  readonly more: boolean
}

/** The first instant after another one, milliseconds since the epoch; undefined where there is none. `every` counts from `after`. */
export function nextInstant(when: ScheduleTime, after: number): number | undefined {
  const { cron, every, tz, until = Number.POSITIVE_INFINITY } = when
  if (every !== undefined) return after + every * 1000 > until ? undefined : after + every * 1000
  if (cron === undefined) return undefined
  return cronOf(cron, tz).nextRun(new Date(after))?.getTime()
}

/** The instants after one and up to another, at most so many. */
export function instantsBetween(when: ScheduleTime, after: number, until: number, most: number): Instants {
  const instants: number[] = []
  for (let next = nextInstant(when, after); next !== undefined && next <= until; next = nextInstant(when, next)) {
    if (instants.length === most) return { instants, more: true }
    instants.push(next)
  }
  return { instants, more: false }
}

export function isSameWhen(one: ScheduleTime, other: ScheduleTime): boolean {
  return one.tz === other.tz && one.cron === other.cron && one.every === other.every && one.until === other.until
}

/** What is wrong with a pattern, in one sentence; undefined where it is good. */
export function cronFault(cron: string): string | undefined {
  try {
    if (cronOf(cron, 'UTC').nextRun(SOME_DAY) === null) return `\`${cron}\` is due on no day`
    return undefined
  } catch (error) {
    const why = messageOf(error)
    return `\`${cron}\` is no pattern: ${why.replace(/^CronPattern: /, '')}`
  }
}

// Any day does: a pattern that is due on some day is due after this one.
const SOME_DAY = new Date('2026-01-01T00:00:00Z')

const patterns = new Map<string, Cron>()

function cronOf(cron: string, timezone: string): Cron {
  const make = () => new Cron(cron, { timezone, mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true })
  return keptIn(patterns, `${timezone} ${cron}`, make)
}
