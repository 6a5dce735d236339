import { spokenNames } from '../phrases/spoken.ts'
import { switches } from '../text/count.ts'

/** `a`, `a and b`, `a, b and c`; more than `most` are counted: `a, b and 38 more`. */
export function listed(names: readonly string[], most = 6): string {
  return spokenNames(names, most)
}

export function namedSwitches(names: readonly string[]): string {
  return names.length === 0 || names.length > 3 ? switches(names.length) : listed(names)
}
