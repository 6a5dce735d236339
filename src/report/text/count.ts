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

export function counted<State>(all: readonly { readonly state: State }[]): (state: State) => number {
  return (state) => all.filter((one) => one.state === state).length
}

export function clockParts(seconds: number): readonly [number, number, number] {
  return [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
}

/** Seconds as a person says them: `45s`, `10m`, `1h 30m`. */
export function duration(seconds: number): string {
  const parts = clockParts(seconds).map((value, at) => [Math.round(value), 'hms'[at]] as const)
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

/** A time in milliseconds since 1970, in ISO 8601. */
export function instantOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

export function tallied<One>(all: Iterable<One>): Map<One, number> {
  const counts = new Map<One, number>()
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1)
  return counts
}
