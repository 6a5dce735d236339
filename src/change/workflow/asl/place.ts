import type { Place } from '../../../model/problem.ts'
import { keyPlaceOf, type LocatedValue, locatedAt, type Path, placeOf } from '../../../text/source/located.ts'

/** Where a part of a definition is written: a state or another object by its key, a value by itself. */
export function placeIn(located: LocatedValue, path: Path): Place {
  const value = locatedAt(located, path)?.value
  return typeof value === 'object' ? keyPlaceOf(located, path) : placeOf(located, path)
}
