import { isJsonObject, type Json } from '../../../model/json.ts'
import type { Place } from '../../../model/problem.ts'
import type { WholeFloat } from '../../../model/whole-float.ts'

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

export type RosterValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | WholeFloat
  | VaultText
  | UnsafeText
  | readonly RosterValue[]
  | RosterMap

export interface RosterMap {
  readonly [key: string]: RosterValue
}

/** A value that is encrypted by ansible-vault: its envelope, from `$ANSIBLE_VAULT` on. */
export class VaultText {
  readonly envelope: string

  constructor(envelope: string) {
    this.envelope = envelope
  }
}

/** A text that is no template, whatever it holds: `!unsafe` of Ansible. */
export class UnsafeText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export interface Variable {
  readonly value: RosterValue
  /** `file` is a path as messages show it, or the name of a source that has no files: `netbox https://netbox.example`. */
  readonly at: Place
  /** Where a part of the value is written, by its keys and indices; `at` where a source does not know. */
  readonly placeOf?: (path: readonly (string | number)[]) => Place
  /** Whether the source calls it a secret: a file that is encrypted as a whole. Inline values are a {@link VaultText}. */
  readonly isSecret?: true
}

export interface Layer {
  readonly of: string
  readonly vars: ReadonlyMap<string, Variable>
}

export interface RosterGroup {
  readonly name: string
  /** Names of the groups directly in it, in the order of the source. */
  readonly children: readonly string[]
  /** Names of the hosts directly in it, in the order of the source. */
  readonly hosts: readonly string[]
  readonly layers: readonly Layer[]
}

export interface RosterHost {
  readonly name: string
  readonly at: Place
  /** All groups it is in, directly or not, `all` among them where the source has that; sorted by strength, the weakest first. */
  readonly groups: readonly string[]
  readonly layers: readonly Layer[]
}

export interface Roster {
  readonly hosts: ReadonlyMap<string, RosterHost>
  readonly groups: ReadonlyMap<string, RosterGroup>
}

export function variableOf(host: RosterHost, name: string): Variable | undefined {
  for (let index = host.layers.length - 1; index >= 0; index -= 1) {
    const variable = host.layers[index]?.vars.get(name)
    if (variable !== undefined) return variable
  }
  return undefined
}

/** The names of all variables of a host, in the order of its layers. */
export function variableNames(host: RosterHost): readonly string[] {
  return [...new Set(host.layers.flatMap(({ vars }) => [...vars.keys()]))]
}

/** The hosts of a group as Ansible orders them: its own as they are listed, then those of the groups in it, nearer groups first. */
export function membersOf(roster: Roster, name: string): ReadonlySet<string> {
  const groups = new Set([name])
  const hosts = new Set<string>()
  for (const group of groups) {
    const { hosts: own = [], children = [] } = roster.groups.get(group) ?? {}
    for (const host of own) hosts.add(host)
    for (const child of children) groups.add(child)
  }
  // The list of a program need not put its groups into `all`.
  if (name === 'all') for (const host of roster.hosts.keys()) hosts.add(host)
  return hosts
}

/** Texts as Python sorts them: by code points. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index)
    const right = b.charCodeAt(index)
    if (left === right) continue
    // A surrogate is a half of a code point above all that are one unit.
    const leftHigh = left >= 0xd800 && left < 0xe000
    const rightHigh = right >= 0xd800 && right < 0xe000
    return leftHigh === rightHigh ? left - right : leftHigh ? 1 : -1
  }
  return a.length - b.length
}
