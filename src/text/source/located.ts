import { isJsonObject, type Json } from '../../model/json.ts'
import type { Place } from '../../model/problem.ts'

export type Path = readonly (string | number)[]

export interface Spot {
  /** Offset of the key that names this value; absent at the root and in lists. */
  readonly key?: number
  readonly value: number
  /** Offset of the first character of a quoted text, behind the quote. */
  readonly text?: number
  /** How a number is written, where it prints otherwise: `010`, `1.0`, `0x1F`. */
  readonly written?: string
  readonly members: ReadonlyMap<string, Spot>
}

export const NO_MEMBERS: Spot['members'] = new Map()

export interface LocatedValue {
  readonly file: string
  readonly value: Json
  readonly spot: Spot
  readonly lineStarts: readonly number[]
}

/** A value that has no text of its own, such as a flag's: all of it stands at the first character of `file`. */
export function locatedNowhere(value: Json, file: string): LocatedValue {
  return { file, value, spot: { value: 0, members: NO_MEMBERS }, lineStarts: [0] }
}

/** Where the value at `path` is written, or the nearest part around it that is. */
export function placeOf(located: LocatedValue, path: Path = []): Place {
  return placeOfOffset(located, nearest(located, path).spot.value)
}

/** Where the text at `path` begins: behind the quote, if it is quoted. */
export function textPlaceOf(located: LocatedValue, path: Path = []): Place {
  const { spot } = nearest(located, path)
  return placeOfOffset(located, spot.text ?? spot.value)
}

/** Where the key of the value at `path` is written; the value's own place where it has no key. */
export function keyPlaceOf(located: LocatedValue, path: Path = []): Place {
  const { spot } = nearest(located, path)
  return placeOfOffset(located, spot.key ?? spot.value)
}

/** The part of a located value at `path`; undefined when there is none. */
export function locatedAt(located: LocatedValue, path: Path): LocatedValue | undefined {
  const { spot, depth } = nearest(located, path)
  const value = path.reduce<Json | undefined>(memberOf, located.value)
  return value === undefined || (depth < path.length && spot.members.size > 0) ? undefined : { ...located, value, spot }
}

/** How the value at `path` is written, where that is a number that prints otherwise; undefined for anything else. */
export function writtenAt(located: LocatedValue, path: Path = []): string | undefined {
  const { spot, depth } = nearest(located, path)
  return depth < path.length ? undefined : spot.written
}

export function lineStartsOf(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

export function placeOfOffset({ file, lineStarts }: Pick<LocatedValue, 'file' | 'lineStarts'>, offset: number): Place {
  let low = 0
  let high = lineStarts.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((lineStarts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { file, line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 }
}

function nearest(located: LocatedValue, path: Path) {
  let spot = located.spot
  for (const [depth, step] of path.entries()) {
    const member = spot.members.get(String(step))
    if (member === undefined) return { spot, depth }
    spot = member
  }
  return { spot, depth: path.length }
}

function memberOf(value: Json | undefined, step: string | number): Json | undefined {
  if (Array.isArray(value)) return value[Number(step)]
  return isJsonObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
}
