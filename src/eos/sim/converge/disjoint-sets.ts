/** Sets of names that are joined two by two (union-find): each name is alone until it is joined. */
export interface DisjointSets {
  /** The name that its whole set is told by; a name alone tells itself. */
  find(name: string): string
  /** Joins the sets of two names: the second tells both then. */
  join(name: string, other: string): void
}

/** Sets that are all of one name. */
export function disjointSets(): DisjointSets {
  const above = new Map<string, string>()
  const find = (name: string) => {
    let root = name
    for (let up = above.get(root); up !== undefined; up = above.get(root)) root = up
    if (root !== name) above.set(name, root)
    return root
  }
  return {
    find,
    join: (name, other) => {
      const [one, root] = [find(name), find(other)]
      if (one !== root) above.set(one, root)
    },
  }
}
