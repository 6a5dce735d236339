/** `1 switch`, `3 switches`: a number with its noun. */
export function count(n: number, one: string, many: string = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`
}

/** `switch` in its plural. */
export const switches = (n: number): string => count(n, 'switch', 'switches')

export const MOST_NAMED = 1000
const FIRST = 10

export function someOf(names: readonly string[], separator = ' '): string {
  if (names.length <= MOST_NAMED) return names.join(separator)
  return `${names.slice(0, FIRST).join(separator)} and ${names.length - FIRST} more`
}

/** Seconds as a person says them: `45s`, `10m`, `1h 30m`. */
export function duration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'm'],
    [Math.round(seconds % 60), 's'],
  ] as const
  const said = parts.filter(([value]) => value > 0).map(([value, unit]) => `${value}${unit}`)
  return said.length === 0 ? '0s' : said.join(' ')
}

/** The first eight hex digits of a digest: enough to recognise, never to decide. */
export function short(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1).slice(0, 8)
}

/**
 * The time of day of an ISO 8601 time, as every line of progress has it: UTC, said by its `Z`. The record is in UTC, and so are the
 * logs of switches in several places.
 */
export function clockTime(at: string): string {
  return `${new Date(at).toISOString().slice(11, 19)}Z`
}
