import type { Place } from '../../../model/error.ts'
import { keepKeys, keysOf, type WrittenKey, writtenKeys } from '../../../model/json.ts'
import type { TagMaker } from '../../../text/yaml-1-1/composer.ts'
import { readYaml11, type Yaml11 } from '../../../text/yaml-1-1/read.ts'
import { compareText, type RosterMap, type RosterValue, UnsafeText, type Variable, VaultText } from '../hosts/roster.ts'
import { broken, InventoryFault } from './fault.ts'
import { expandHosts } from './pattern.ts'

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

const SECTIONS = ['vars', 'children', 'hosts'] as const

/** Reads an inventory in Ansible's YAML form into `data`: groups with `hosts`, `children` and `vars`. Throws InventoryFault where it is none. */
export function readYaml(
  text: string,
  file: string,
  data: InventoryData,
  note: (text: string, at: Place) => void,
): void {
  const read = readYaml11(text, file, { tags: ANSIBLE_TAGS, markDepth: Number.POSITIVE_INFINITY })
  if (!read.ok) throw new InventoryFault(read.problems[0])
  new YamlReader(read.value, file, data, note).read()
}

class YamlReader {
  private readonly yaml: Yaml11
  private readonly file: string
  private readonly data: InventoryData
  private readonly note: (text: string, at: Place) => void

  constructor(yaml: Yaml11, file: string, data: InventoryData, note: (text: string, at: Place) => void) {
    this.yaml = yaml
    this.file = file
    this.data = data
    this.note = note
  }

  read(): void {
    const start = { file: this.file, line: 1, column: 1 }
    const { value } = this.yaml
    if (!isMap(value)) throw broken('an inventory must be a mapping of groups', start)
    if (writtenKeys(value).length === 0) throw broken('the inventory is empty', start)
    if (value.plugin)
      throw broken(
        'this configures an inventory plugin of Ansible',
        this.place(value, 'plugin'),
        'give eosflow what it prints: an exec source',
      )
    for (const name of writtenKeys(value)) this.group(name, value)
  }

  private place(container: object, key: WrittenKey): Place {
    const mark = this.yaml.markOf(container, String(key))
    return { file: this.file, ...(mark ?? { line: 1, column: 1 }) }
  }

  private group(name: WrittenKey, parent: RosterMap): string {
    const at = this.place(parent, name)
    const content = parent[String(name)] ?? null
    if (content !== null && !isMap(content)) {
      this.note(`${String(name)} is no group, and is skipped`, at)
      return String(name)
    }
    if (typeof name !== 'string')
      throw broken(`the name of a group must be a text, and ${String(name)} is none`, at, 'put it in quotes')
    const group = this.data.addGroup(name, at)
    if (content !== null) this.content(group, content)
    return name
  }

  private content(group: AnsibleGroup, content: RosterMap): void {
    const maps = new Map(writtenKeys(content).map((key) => [key, content[String(key)] ?? null]))
    for (const section of SECTIONS) {
      const given = maps.get(section) ?? null
      if (typeof given === 'string') maps.set(section, { [given]: null })
      else if (given !== null && !isMap(given))
        throw broken(
          `${section} of ${group.name} must be a mapping`,
          this.place(content, section),
          `write "${section}:" with "name:" lines below`,
        )
    }
    for (const [key, given] of maps) this.section(group, key, given, this.place(content, key))
  }

  private section(group: AnsibleGroup, key: WrittenKey, given: RosterValue, at: Place): void {
    if (given === null) return
    if (!isMap(given)) this.note(`${String(key)} in ${group.name} is no mapping, and is skipped`, at)
    else if (key === 'vars') {
      for (const name of writtenKeys(given)) this.data.setVariable(group.name, String(name), this.variable(given, name))
    } else if (key === 'children') {
      for (const name of writtenKeys(given)) this.data.addChild(group, this.group(name, given), this.place(given, name))
    } else if (key === 'hosts') {
      for (const pattern of writtenKeys(given)) this.host(group, pattern, given)
    } else this.note(`${String(key)} in ${group.name} is not vars, children or hosts, and is skipped`, at)
  }

  private host(group: AnsibleGroup, pattern: WrittenKey, hosts: RosterMap): void {
    const at = this.place(hosts, pattern)
    if (typeof pattern !== 'string')
      throw broken(`the name of a host must be a text, and ${String(pattern)} is none`, at, 'put it in quotes')
    const { names, port } = expandHosts(pattern, at)
    const vars = hosts[pattern] ?? null
    if (!isNothing(vars) && !isMap(vars)) throw broken(`the variables of ${pattern} must be a mapping`, at)
    for (const name of names) {
      this.data.addHost(name, group, port, at)
      if (!isMap(vars)) continue
      for (const key of writtenKeys(vars)) this.data.setVariable(name, String(key), this.variable(vars, key))
    }
  }

  private variable(container: RosterMap, key: WrittenKey): Variable {
    const value = container[String(key)] ?? null
    const at = this.place(container, key)
    return { value, at, placeOf: (path) => placeWithin(this.yaml, this.file, value, path) ?? at }
  }
}

export class InventoryData {
  readonly groups = new Map<string, AnsibleGroup>()
  readonly hosts = new Map<string, AnsibleHost>()
  readonly all: AnsibleGroup
  readonly ungrouped: AnsibleGroup

  constructor() {
    const nowhere = { file: '', line: 1, column: 1 }
    this.all = this.addGroup('all', nowhere)
    this.ungrouped = this.addGroup('ungrouped', nowhere)
    this.all.addChild(this.ungrouped, nowhere)
  }

  addGroup(name: string, at: Place): AnsibleGroup {
    if (name === '') throw broken('a group has an empty name', at)
    let group = this.groups.get(name)
    if (group === undefined) {
      group = new AnsibleGroup(name)
      this.groups.set(name, group)
    }
    return group
  }

  addHost(name: string, group: AnsibleGroup, port: number | undefined, at: Place): void {
    if (name === '') throw broken('a host has an empty name', at)
    let host = this.hosts.get(name)
    if (host === undefined) {
      host = { name, at, vars: new Map(), direct: new Set() }
      this.hosts.set(name, host)
      if (port !== undefined && port !== 0) host.vars.set('ansible_port', { value: port, at })
    }
    group.addHost(host)
  }

  addChild(group: AnsibleGroup, name: string, at: Place): void {
    const child = this.groups.get(name)
    if (child !== undefined) {
      group.addChild(child, at)
      return
    }
    const host = this.hosts.get(name)
    if (host === undefined) throw broken(`${name} in ${group.name} is neither a group nor a host`, at)
    group.addHost(host)
  }

  setVariable(name: string, key: string, variable: Variable): void {
    const group = this.groups.get(name)
    if (group === undefined) {
      this.hosts.get(name)?.vars.set(key, variable)
      return
    }
    if (key === 'ansible_group_priority') group.priority = priorityOf(variable)
    else group.vars.set(key, variable)
  }

  reconcile(): void {
    const nowhere = { file: '', line: 1, column: 1 }
    for (const group of this.groups.values())
      if (group !== this.all && group.parents.size === 0) this.all.addChild(group, nowhere)
    for (const host of this.hosts.values()) {
      const others = [...host.direct].some((group) => group !== this.all && group !== this.ungrouped)
      const isUngrouped = host.direct.has(this.ungrouped)
      // By its name: where a group has the same, Ansible puts that there.
      if (!others && !isUngrouped) this.addChild(this.ungrouped, host.name, host.at)
      if (!others || !isUngrouped) continue
      host.direct.delete(this.ungrouped)
      this.ungrouped.hosts.delete(host)
    }
  }
}

function priorityOf({ value, at }: Variable) {
  if (typeof value === 'boolean') return value ? 1 : 0
  const text = typeof value === 'string' ? value.trim().replaceAll(/(?<=\d)_(?=\d)/g, '') : value
  const number = typeof text === 'string' ? (/^[-+]?\d+$/.test(text) ? Number(text) : Number.NaN) : Number(text)
  if (typeof text !== 'string' && typeof text !== 'number' && typeof text !== 'bigint')
    throw broken('ansible_group_priority must be a whole number', at)
  if (Number.isNaN(number)) throw broken('ansible_group_priority must be a whole number', at)
  return Math.trunc(number)
}

export interface AnsibleHost {
  readonly name: string
  readonly at: Place
  readonly vars: Map<string, Variable>
  readonly direct: Set<AnsibleGroup>
}

export class AnsibleGroup {
  readonly name: string
  depth = 0
  priority = 1
  readonly vars = new Map<string, Variable>()
  readonly hosts = new Set<AnsibleHost>()
  readonly children = new Set<AnsibleGroup>()
  readonly parents = new Set<AnsibleGroup>()

  constructor(name: string) {
    this.name = name
  }

  /** Throws InventoryFault where a group would be in itself. */
  addChild(child: AnsibleGroup, at: Place): void {
    if (child === this) throw broken(`the group ${this.name} is in itself`, at)
    if (this.children.has(child)) return
    if (this.ancestors().has(child))
      throw broken(`the group ${child.name} in ${this.name} is a circle: ${this.name} is in ${child.name}`, at)
    this.children.add(child)
    child.depth = Math.max(this.depth + 1, child.depth)
    child.deepenChildren()
    child.parents.add(this)
  }

  addHost(host: AnsibleHost): void {
    this.hosts.add(host)
    host.direct.add(this)
  }

  ancestors(): Set<AnsibleGroup> {
    const found = new Set(this.parents)
    for (const group of found) for (const parent of group.parents) found.add(parent)
    return found
  }

  descendants(): Set<AnsibleGroup> {
    const found = new Set<AnsibleGroup>([this])
    for (const group of found) for (const child of group.children) found.add(child)
    return found
  }

  allHosts(): Set<AnsibleHost> {
    const hosts = new Set<AnsibleHost>()
    for (const group of this.descendants()) for (const host of group.hosts) hosts.add(host)
    return hosts
  }

  private deepenChildren(): void {
    let depth = this.depth
    let level = [...this.children]
    while (level.length > 0) {
      depth += 1
      const next = new Set<AnsibleGroup>()
      for (const group of level) {
        if (group.depth >= depth) continue
        group.depth = depth
        for (const child of group.children) next.add(child)
      }
      level = [...next]
    }
  }
}

export function byStrength(a: AnsibleGroup, b: AnsibleGroup): number {
  return a.depth - b.depth || a.priority - b.priority || compareText(a.name, b.name)
}
