import { isJsonObject, type Json } from '../../../model/json.ts'
import { type RosterValue, UnsafeText, VaultText } from './roster.ts'

export interface ListedGroup {
  readonly hosts?: readonly string[]
  readonly children?: readonly string[]
  /** Only programs print it: `ansible-inventory` has put the variables of groups into those of the hosts. */
  readonly vars?: { readonly [name: string]: Json }
}

export interface ListForm {
  readonly _meta: { readonly hostvars: { readonly [host: string]: { readonly [name: string]: Json } } }
  readonly [group: string]: ListedGroup | ListForm['_meta']
}

const VAULT = '__ansible_vault'
const UNSAFE = '__ansible_unsafe'

/** A value of the list form as rosters hold it: what is encrypted, and what is no template, has an object of one key around it. */
export function fromListed(value: Json): RosterValue {
  if (Array.isArray(value)) return (value as readonly Json[]).map(fromListed)
  if (!isJsonObject(value)) return value as RosterValue
  const entries = Object.entries(value)
  const [only] = entries
  if (entries.length === 1 && typeof only?.[1] === 'string') {
    if (only[0] === VAULT) return new VaultText(only[1])
    if (only[0] === UNSAFE) return new UnsafeText(only[1])
  }
  return Object.fromEntries(entries.map(([key, one]) => [key, fromListed(one)]))
}

export function plainListed(value: Json): Json {
  if (typeof value === 'string') return /\{[{%#]/.test(value) ? { [UNSAFE]: value } : value
  if (Array.isArray(value)) return (value as readonly Json[]).map(plainListed)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plainListed(one)]))
}
