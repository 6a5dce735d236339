import type { Place, Problem } from '../../../model/error.ts'
import { definedMembers, gathered, isJsonObject, type Json, keepKeys, WholeFloat } from '../../../model/json.ts'
import {
  GENERATED_LIMIT,
  keyPlaceOf,
  type LocatedValue,
  locatedAt,
  type Path,
  placeOf,
  writtenAt,
} from '../../../text/source/located.ts'
import { readYaml } from '../../../text/source/yaml.ts'

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

/** The groups that hosts say they are in, where a source says nothing else of groups. */
export function groupsOfHosts(hosts: Iterable<RosterHost>): ReadonlyMap<string, RosterGroup> {
  const groups = gathered([...hosts].flatMap(({ name, groups: own }) => own.map((group) => [group, name] as const)))
  return new Map([...groups].map(([name, members]) => [name, { name, children: [], hosts: members, layers: [] }]))
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

/** The group that every host is in: it is in no other, and is the weakest. */
export const ALL = 'all'

export interface GroupNode {
  readonly children: readonly string[]
  readonly priority?: number
}

export interface GroupGraph {
  /** All groups that hold one of these, and these, sorted by strength: the weakest first. `all` is not among them. */
  around(names: readonly string[]): readonly string[]
  /** Without those of groups that are in themselves, or in such a one. */
  readonly depths: ReadonlyMap<string, number>
}

/** Without recursion: programs print groups that are nested thousands deep. */
export function groupGraph(groups: ReadonlyMap<string, GroupNode>): GroupGraph {
  const edges = [...groups].flatMap(([name, { children }]) =>
    [...new Set(children)].map((child) => [child, name] as const),
  )
  const parents = gathered(edges)
  const depths = depthsOf(groups, parents)
  const isWeaker = (a: string, b: string) =>
    (depths.get(a) ?? 0) - (depths.get(b) ?? 0) ||
    (groups.get(a)?.priority ?? 1) - (groups.get(b)?.priority ?? 1) ||
    (a < b ? -1 : 1)
  return {
    depths,
    around: (names) => {
      const found = new Set<string>()
      const waiting = [...names]
      for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
        if (name === ALL || found.has(name)) continue
        found.add(name)
        waiting.push(...(parents.get(name) ?? []))
      }
      return [...found].sort(isWeaker)
    },
  }
}

function depthsOf(groups: ReadonlyMap<string, GroupNode>, parents: ReadonlyMap<string, readonly string[]>) {
  const waiting = new Map([...parents].map(([name, above]) => [name, above.length]))
  const depths = new Map<string, number>()
  const ready = [...groups.keys()].filter((name) => !parents.has(name))
  for (let name = ready.pop(); name !== undefined; name = ready.pop()) {
    const above = (parents.get(name) ?? []).map((one) => depths.get(one) ?? 0)
    depths.set(name, name === ALL ? 0 : above.reduce((most, one) => Math.max(most, one), 0) + 1)
    for (const child of new Set(groups.get(name)?.children)) {
      const left = (waiting.get(child) ?? 0) - 1
      waiting.set(child, left)
      if (left === 0) ready.push(child)
    }
  }
  return depths
}

/** The circles of what leads on from one name to others: each once, its first name again at its end. */
export function circlesOf(
  names: Iterable<string>,
  nextOf: (name: string) => readonly string[],
): readonly (readonly string[])[] {
  const circles: (readonly string[])[] = []
  const done = new Set<string>()
  const walk = (name: string, trail: readonly string[]) => {
    const begin = trail.indexOf(name)
    if (begin >= 0) circles.push([...trail.slice(begin), name])
    if (begin >= 0 || done.has(name)) return
    for (const next of nextOf(name)) walk(next, [...trail, name])
    done.add(name)
  }
  for (const name of names) walk(name, [])
  return circles
}

export interface SourceText {
  readonly file: string
  readonly content: string | Uint8Array
}

// The key of YAML under which mappings are merged into the one around them.
const MERGE = '<<'

/** Keys under `<<` count as keys of the mapping around them. */
export class RosterPart {
  readonly #located: LocatedValue
  readonly #path: Path
  readonly #problems: Problem[]

  private constructor(located: LocatedValue, path: Path, problems: Problem[]) {
    this.#located = located
    this.#path = path
    this.#problems = problems
  }

  static of({ file, content }: SourceText, problems: Problem[]): RosterPart | undefined {
    const read = readYaml(content, file, GENERATED_LIMIT)
    if (read.ok) return new RosterPart(read.value, [], problems)
    problems.push(...read.problems.filter(({ code }) => code !== 'empty-file'))
    return undefined
  }

  get at(): Place {
    return placeOf(this.#located, this.#path)
  }

  get keyAt(): Place {
    return keyPlaceOf(this.#located, this.#path)
  }

  get isNull(): boolean {
    return this.#value() === null
  }

  members(): readonly (readonly [key: string, member: RosterPart])[] {
    return [...this.#mapping().entries()]
  }

  member(key: string): RosterPart | undefined {
    const member = this.#mapping().get(key)
    return member === undefined || member.isNull ? undefined : member
  }

  items(): readonly RosterPart[] {
    const value = this.#value()
    if (value === null) return []
    if (Array.isArray(value)) return value.map((_, index) => this.#part(index))
    this.fault('a list is expected here')
    return []
  }

  text(): string | undefined {
    const value = this.#value()
    if (typeof value === 'string') return value
    if (typeof value === 'number') return writtenAt(this.#located, this.#path) ?? String(value)
    this.fault('a text is expected here')
    return undefined
  }

  variable(): Variable {
    return { value: this.#plain(), at: this.at, placeOf: (path) => this.#below(path).at }
  }

  /** Those of its members that are there, as variables behind `prefix`. */
  variables(keys: readonly string[], prefix = ''): readonly (readonly [string, Variable])[] {
    return keys.flatMap((key) => {
      const member = this.member(key)
      return member === undefined ? [] : [[`${prefix}${key}`, member.variable()] as const]
    })
  }

  fault(message: string, hint?: string, code = 'inventory-value'): void {
    this.#problems.push({ code, message, at: this.at, ...definedMembers({ hint }) })
  }

  #value(): Json | undefined {
    return locatedAt(this.#located, this.#path)?.value
  }

  #part(...steps: Path): RosterPart {
    return new RosterPart(this.#located, [...this.#path, ...steps], this.#problems)
  }

  #mapping(): ReadonlyMap<string, RosterPart> {
    const value = this.#value()
    if (isJsonObject(value)) return this.#merged()
    if (value !== null && value !== undefined) this.fault('a mapping is expected here')
    return new Map()
  }

  #merged(): ReadonlyMap<string, RosterPart> {
    const own = new Map(this.#keys().map((key) => [key, this.#part(key)]))
    const merge = own.get(MERGE)
    if (merge === undefined) return own
    own.delete(MERGE)
    const parts = Array.isArray(merge.#value()) ? merge.items() : [merge]
    return new Map([...parts.toReversed().flatMap((part) => [...part.#mapping()]), ...own])
  }

  #keys(): readonly string[] {
    return [...(locatedAt(this.#located, this.#path)?.spot.members.keys() ?? [])]
  }

  #plain(): RosterValue {
    const value = this.#value()
    if (Array.isArray(value)) return this.items().map((item) => item.#plain())
    if (isJsonObject(value)) return this.#plainMap()
    const isFloat = typeof value === 'number' && /[.eE]/.test(writtenAt(this.#located, this.#path) ?? '')
    if (isFloat && Number.isInteger(value)) return new WholeFloat(value)
    return (value ?? null) as RosterValue
  }

  #plainMap(): RosterValue {
    const members = this.members()
    const map = Object.fromEntries(members.map(([key, member]) => [key, member.#plain()]))
    keepKeys(
      map,
      members.map(([key]) => key),
    )
    return map
  }

  #below(path: Path): RosterPart {
    return path.reduce<RosterPart>((part, step) => {
      const member = typeof step === 'string' && isJsonObject(part.#value()) ? part.#merged().get(step) : undefined
      return member ?? part.#part(step)
    }, this)
  }
}

/** A part that a source never says is absent. */
export interface ConnectionNames {
  readonly host: string
  readonly port?: string
  readonly platform?: string
}
