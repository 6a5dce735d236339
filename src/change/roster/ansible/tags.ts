import { keepKeys, keysOf, writtenKeys } from '../../../model/map-keys.ts'
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
