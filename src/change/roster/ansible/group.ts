import type { Place } from '../../../model/problem.ts'
import { compareText } from '../hosts/compare-text.ts'
import type { Variable } from '../hosts/roster.ts'
import { broken } from './fault.ts'

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
