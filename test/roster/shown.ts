import type { ValueOrProblems } from '../../src/model/problem.ts'
import { WholeFloat } from '../../src/model/whole-float.ts'
import { type Roster, type RosterHost, type RosterValue, variableNames, variableOf } from '../../src/roster/roster.ts'

/** The roster of a reading; its problems end the test. */
export function rosterOf(read: ValueOrProblems<Roster>): Roster {
  if (read.ok) return read.value
  throw new Error(read.problems.map(({ message, at }) => `${at.file}:${at.line}:${at.column} ${message}`).join('\n'))
}

/** The problems of a reading, as `file:line:column code message`. */
export function problemsOf(read: ValueOrProblems<Roster>): string[] {
  if (read.ok) return []
  return read.problems.map(({ code, message, at }) => `${at.file}:${at.line}:${at.column} ${code} ${message}`)
}

/** The variables of a host that hold, as plain data. */
export function varsOf(host: RosterHost | undefined): Record<string, unknown> {
  if (host === undefined) throw new Error('there is no such host')
  return Object.fromEntries(variableNames(host).map((name) => [name, plainOf(variableOf(host, name)?.value ?? null)]))
}

function plainOf(value: RosterValue): unknown {
  if (value instanceof WholeFloat) return value.value
  if (Array.isArray(value)) return value.map(plainOf)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plainOf(member)]))
}

/** Where a variable of a host is written, or a part of it: `file:line:column`. */
export function placeIn(host: RosterHost | undefined, name: string, ...path: (string | number)[]): string {
  const variable = host === undefined ? undefined : variableOf(host, name)
  const at = path.length === 0 ? variable?.at : variable?.placeOf?.(path)
  return `${at?.file}:${at?.line}:${at?.column}`
}
