const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/

/**
 * The instant that an RFC 3339 text with an upper-case `T` and `Z` or an offset names, in nanoseconds since the epoch;
 * undefined for any other text and for days that no calendar has.
 */
export function instantOf(text: string): bigint | undefined {
  const match = RFC3339.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second, fraction = '', offset = 'Z'] = match
  const parts = [year, month, day, hour, minute, second].map(Number)
  const [yearNumber = 0, monthNumber = 0, dayNumber = 0, hours = 0, minutes = 0, seconds = 0] = parts
  const date = new Date(0)
  date.setUTCFullYear(yearNumber, monthNumber - 1, dayNumber)
  date.setUTCHours(hours, minutes, seconds)
  const shift = offsetMinutes(offset)
  if (shift === undefined || date.toISOString().slice(0, 19) !== text.slice(0, 19)) return undefined
  return BigInt(date.getTime() - shift * 60_000) * 1_000_000n + BigInt(fraction.padEnd(9, '0'))
}

function offsetMinutes(offset: string) {
  if (offset === 'Z') return 0
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(4))]
  if (hours > 18 || minutes > 59) return undefined
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}
