const PARTS =
  /^([0-9]{4})-([0-9][0-9]?)-([0-9][0-9]?)(?:(?:[Tt]|[ \t]+)([0-9][0-9]?):([0-9]{2}):([0-9]{2})(?:\.([0-9]*))?(?:[ \t]*(Z|([-+])([0-9][0-9]?)(?::([0-9]{2}))?))?)?$/

/** A timestamp as Python's `isoformat` writes what PyYAML makes of it; undefined where there is no such day or time. */
export function isoTime(text: string): string | undefined {
  const [found, year, month, day, hour, minute, second, fraction, zone, sign, zoneHour, zoneMinute] =
    PARTS.exec(text) ?? []
  if (found === undefined || !isDay(Number(year), Number(month), Number(day))) return undefined
  const date = `${year}-${two(month)}-${two(day)}`
  if (hour === undefined) return date
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const micro = (fraction ?? '').slice(0, 6).padEnd(6, '0')
  const offset =
    zone === undefined ? '' : zone === 'Z' ? '+00:00' : offsetOf(sign ?? '', Number(zoneHour), Number(zoneMinute ?? 0))
  if (offset === undefined) return undefined
  return `${date}T${two(hour)}:${minute}:${second}${micro === '000000' ? '' : `.${micro}`}${offset}`
}

function two(digits: string | undefined): string {
  return (digits ?? '').padStart(2, '0')
}

/** Python's timezone takes less than a day, minutes of any number. */
function offsetOf(sign: string, hours: number, minutes: number): string | undefined {
  const whole = hours * 60 + minutes
  if (whole >= 24 * 60) return undefined
  return `${whole === 0 ? '+' : sign}${two(String(Math.floor(whole / 60)))}:${two(String(whole % 60))}`
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return year > 0 && date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}
