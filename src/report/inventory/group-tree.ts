import type { Inventory } from '../../change/inventory/inventory.ts'
import type { Json } from '../../model/json.ts'
import { visibleLine } from '../text/text.ts'

interface TreeGroup {
  readonly name: string
  readonly groups: readonly TreeGroup[]
  readonly switches: readonly string[]
}

/** The groups of an inventory below `all`. */
export function groupTree({ devices, groups }: Pick<Inventory, 'devices' | 'groups'>): TreeGroup {
  // What is in `all` alone is at the top.
  const inner = new Set([...groups.values()].flatMap(({ name, children }) => (name === 'all' ? [] : children)))
  const order = new Map(devices.map(({ name }, index) => [name, index]))
  const sorted = (names: readonly string[]) =>
    names.filter((name) => order.has(name)).sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
  const treeOf = (name: string): TreeGroup => {
    const group = groups.get(name)
    return {
      name,
      groups: [...(group?.children ?? [])].filter((child) => groups.has(child)).map(treeOf),
      switches: sorted(group?.hosts ?? []),
    }
  }
  const top = [...groups.keys()].filter((name) => name !== 'all' && name !== 'ungrouped' && !inner.has(name))
  return {
    name: 'all',
    groups: top.map(treeOf),
    switches: devices.filter((device) => device.groups.every((name) => name === 'ungrouped')).map(({ name }) => name),
  }
}

/** The groups as `ansible-inventory --graph` draws them. */
export function groupTreeText(tree: TreeGroup): string {
  const lines = (group: TreeGroup, depth: number): readonly string[] => [
    `${indent(depth)}@${group.name}:`,
    ...group.groups.flatMap((one) => lines(one, depth + 1)),
    ...group.switches.map((name) => `${indent(depth + 1)}${name}`),
  ]
  return lines(tree, 0).map(visibleLine).join('\n')
}

function indent(depth: number) {
  return depth === 0 ? '' : `${'  |'.repeat(depth)}--`
}

export function groupTreeJson(tree: TreeGroup): Json {
  return { version: 1, kind: 'inventory-groups', tree: tree as unknown as Json }
}
