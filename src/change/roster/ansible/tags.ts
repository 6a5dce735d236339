import { keepKeys, keysOf, writtenKeys } from '../../../model/map-keys.ts'
import type { Place } from '../../../model/problem.ts'
import type { Yaml11 } from '../../../text/yaml-1-1/read.ts'
import type { TagMaker } from '../../../text/yaml-1-1/tagged.ts'
import { type RosterMap, type RosterValue, UnsafeText, VaultText } from '../hosts/roster.ts'

const vault: TagMaker = (value) => (typeof value === 'string' ? new VaultText(value) : undefined)

/** The tags that Ansible adds to YAML. */
export const ANSIBLE_TAGS: ReadonlyMap<string, TagMaker> = new Map([
  ['!vault', vault],
  ['!vault-encrypted', vault],
  ['!unsafe', (value) => unsafe(value as RosterValue) as object],
])

function unsafe(value: RosterValue): RosterValue {
  if (typeof value === 'string') return new UnsafeText(value)
  if (Array.isArray(value)) return value.map(unsafe)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  const made = Object.fromEntries(
    keysOf(value).map((key) => [key, unsafe((value as Record<string, RosterValue>)[key] ?? null)]),
  )
  keepKeys(made, writtenKeys(value))
  return made
}

export function isMap(value: unknown): value is RosterMap {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

const NOTHING: readonly unknown[] = [null, false, 0, '']

/** That Ansible passes over it where it wants a mapping. */
export function isNothing(value: unknown): boolean {
  return NOTHING.includes(value) || (Array.isArray(value) && value.length === 0)
}

/** The place of a part of a value, or of the nearest part around it that is known; undefined where none is. */
export function placeWithin(
  yaml: Yaml11,
  file: string,
  whole: unknown,
  path: readonly (string | number)[],
): Place | undefined {
  let [value, place]: [unknown, Place | undefined] = [whole, undefined]
  for (const key of path) {
    if (typeof value !== 'object' || value === null) break
    const mark = yaml.markOf(value, key)
    if (mark !== undefined) place = { file, ...mark }
    value = (value as { readonly [key: string | number]: unknown })[key]
  }
  return place
}
