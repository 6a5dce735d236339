import { defineShow, type ShowContext } from '../format/define.ts'
import { seconds, two } from '../format/text-format.ts'

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** `show clock`: JSON as recorded on 4.31 (`dayOfWeek` 0 is Monday, `dayOfYear` counts from 1), text as on 4.23. */
export const showClock = defineShow({
  words: 'show clock',
  docs: 'The time of the switch; suzieq and ntc (text), anta (JSON, 4.31).',
  json: (context) => {
    const local = localTime(context)
    return {
      utcTime: seconds(context.now),
      timezone: timezone(context),
      localTime: {
        year: local.getUTCFullYear(),
        month: local.getUTCMonth() + 1,
        dayOfMonth: local.getUTCDate(),
        hour: local.getUTCHours(),
        min: local.getUTCMinutes(),
        sec: local.getUTCSeconds(),
        dayOfWeek: (local.getUTCDay() + 6) % 7,
        dayOfYear: dayOfYear(local),
        daylightSavingsAdjust: 0,
      },
      clockSource: { local: true },
    }
  },
  text: (context) => `${clockLine(context)}\nTimezone: ${timezone(context)}\nClock source: local\n`,
})

function timezone({ running }: ShowContext): string {
  const line = running.children.find((node) => node.line.startsWith('clock timezone '))?.line
  return line?.slice('clock timezone '.length) ?? 'UTC'
}

/** The wall clock of the configured zone, as a Date whose UTC fields hold it; UTC for a zone nobody knows. */
function localTime(context: ShowContext): Date {
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone(context),
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }).formatToParts(context.now)
    const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0)
    return new Date(Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')))
  } catch {
    return new Date(context.now)
  }
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1
}

/** `Mon Jun  7 00:19:42 2021`. */
function clockLine(context: ShowContext): string {
  const local = localTime(context)
  const day = DAYS[(local.getUTCDay() + 6) % 7]
  const month = MONTHS[local.getUTCMonth()]
  const clock = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`
  return `${day} ${month} ${String(local.getUTCDate()).padStart(2)} ${clock} ${local.getUTCFullYear()}`
}
