import type { Place } from '../../../model/problem.ts'
import { compareText, type Variable } from '../hosts/roster.ts'
import { broken } from './fault.ts'

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
