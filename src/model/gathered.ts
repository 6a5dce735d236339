/** The second of each pair under its first, in the order of the pairs. */
export function gathered<Key, One>(pairs: Iterable<readonly [Key, One]>): Map<Key, One[]> {
  const groups = new Map<Key, One[]>()
  for (const [key, one] of pairs) {
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return groups
}
