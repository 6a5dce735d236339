/** A group in the graph of groups: what is in it, and its weight among others of its depth. */
export interface GroupNode {
  readonly children: readonly string[]
  /** 1 where nobody says it. */
  readonly priority?: number
}

/** Which groups are in which, over everything that names groups. */
export interface GroupGraph {
  /** All groups that hold one of these, and these, sorted by strength: the weakest first. `all` is not among them. */
  around(names: Iterable<string>): readonly string[]
  /** Groups that are in themselves: from a group over its children back to it. Each circle once. */
  readonly circles: readonly (readonly string[])[]
}

/** The group that every host is in. */
export const ALL = 'all'

/**
 * The graph of groups. A group is stronger than those around it: strength is Ansible's, by depth below `all`, then priority, then name
 * (Ansible 2.14, `ansible/inventory/helpers.py`, `sort_groups`).
 */
export function groupGraph(groups: ReadonlyMap<string, GroupNode>): GroupGraph {
  const parents = new Map<string, string[]>()
  for (const [name, { children }] of groups) {
    for (const child of children) parents.set(child, [...(parents.get(child) ?? []), name])
  }
  const circles = circlesOf(groups)
  const depths = new Map<string, number>()
  const depthOf = (name: string): number => {
    const known = depths.get(name)
    if (known !== undefined) return known
    // Of a circle, which is refused, any depth is as good.
    depths.set(name, 0)
    const depth = name === ALL ? 0 : 1 + Math.max(0, ...(parents.get(name) ?? []).map(depthOf))
    depths.set(name, depth)
    return depth
  }
  const isWeaker = (a: string, b: string): number =>
    depthOf(a) - depthOf(b) ||
    (groups.get(a)?.priority ?? 1) - (groups.get(b)?.priority ?? 1) ||
    (a < b ? -1 : a > b ? 1 : 0)
  return {
    circles,
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

function circlesOf(groups: ReadonlyMap<string, GroupNode>): readonly (readonly string[])[] {
  const circles: (readonly string[])[] = []
  const done = new Set<string>()
  const walk = (name: string, trail: readonly string[]): void => {
    const begin = trail.indexOf(name)
    if (begin >= 0) circles.push([...trail.slice(begin), name])
    if (begin >= 0 || done.has(name)) return
    for (const child of groups.get(name)?.children ?? []) walk(child, [...trail, name])
    done.add(name)
  }
  for (const name of groups.keys()) walk(name, [])
  return circles
}
