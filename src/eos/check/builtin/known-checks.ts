import type { Check } from '../area/define.ts'
import { FRIENDLY_NAMES } from '../finding/friendly-names.ts'
import { builtinChecks } from './index.ts'

const byName: ReadonlyMap<string, Check> = new Map(builtinChecks.map((check) => [check.name, check]))

/** Every check under every name that a workflow or catalog may use: its own, and the short one where it has one. */
export const knownChecks: readonly Check[] = [
  ...builtinChecks,
  ...Object.entries(FRIENDLY_NAMES).flatMap(([name, behind]) => {
    const check = byName.get(behind)
    return check === undefined ? [] : [renamed(check, name)]
  }),
]

const known: ReadonlyMap<string, Check> = new Map(knownChecks.map((check) => [check.name, check]))

/** The check of that name. */
export function checkNamed(name: string): Check | undefined {
  return known.get(name)
}

function renamed(check: Check, name: string): Check {
  return Object.freeze(Object.create(check, { name: { value: name, enumerable: true } }) as Check)
}
