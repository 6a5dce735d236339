const SHORT = 16
const SMALL = 65_536

/**
 * Where a part begins in a text, from a place on; -1 where it is not. It takes as many steps as both have characters, whatever
 * they hold: the search of JavaScript takes their product for a part like `aaabaaa`.
 */
export function firstIn(text: string, part: string, from = 0): number {
  if (isQuick(text, part)) return text.indexOf(part, from)
  const { value } = placesOf(text, part, from).next()
  return typeof value === 'number' ? value : -1
}

/** Where a part begins for the last time in a text; -1 where it is not. */
export function lastIn(text: string, part: string): number {
  if (isQuick(text, part)) return text.lastIndexOf(part)
  let last = -1
  for (const place of placesOf(text, part, 0)) last = place
  return last
}

/** The parts of a text between a separator that is not empty. */
export function between(text: string, separator: string): string[] {
  if (isQuick(text, separator)) return text.split(separator)
  const parts: string[] = []
  let from = 0
  for (const at of placesOf(text, separator, 0)) {
    if (at < from) continue
    parts.push(text.slice(from, at))
    from = at + separator.length
  }
  return [...parts, text.slice(from)]
}

export function searchWork(text: string, part: string): number {
  return isQuick(text, part) ? 0 : text.length >> 4
}

function isQuick(text: string, part: string) {
  return part.length <= SHORT || text.length * part.length <= SMALL || part.length > text.length
}

function* placesOf(text: string, part: string, from: number): Generator<number, undefined> {
  const borders = bordersOf(part)
  let matched = 0
  for (let at = from; at < text.length; at += 1) {
    const sign = text.charCodeAt(at)
    while (matched > 0 && part.charCodeAt(matched) !== sign) matched = borders[matched - 1] ?? 0
    if (part.charCodeAt(matched) === sign) matched += 1
    if (matched < part.length) continue
    yield at - part.length + 1
    matched = borders[matched - 1] ?? 0
  }
  return undefined
}

function bordersOf(part: string) {
  const borders = new Int32Array(part.length)
  let length = 0
  for (let at = 1; at < part.length; at += 1) {
    const sign = part.charCodeAt(at)
    while (length > 0 && part.charCodeAt(length) !== sign) length = borders[length - 1] ?? 0
    if (part.charCodeAt(length) === sign) length += 1
    borders[at] = length
  }
  return borders
}
