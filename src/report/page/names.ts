import { switches } from '../count.ts'

/** `a`, `a and b`, `a, b and c`; more than `most` are counted: `a, b and 38 more`. */
export function listed(names: readonly string[], most = 6): string {
  if (names.length > most) return `${names.slice(0, most - 1).join(', ')} and ${names.length - most + 1} more`
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** The switches by name where they are few, else their number. */
export function namedSwitches(names: readonly string[]): string {
  return names.length === 0 || names.length > 3 ? switches(names.length) : listed(names)
}
