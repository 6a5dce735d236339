export type WrittenKey = string | number | bigint | boolean | null

const WRITTEN = Symbol('keys as they are written')

export function keepKeys(map: object, keys: readonly WrittenKey[]): void {
  Object.defineProperty(map, WRITTEN, { value: keys })
}

/** The keys of a mapping as they are written, in the order of the source. */
export function writtenKeys(map: object): readonly WrittenKey[] {
  return (map as { readonly [WRITTEN]?: readonly WrittenKey[] })[WRITTEN] ?? Object.keys(map)
}

/** The name under which a mapping has a key that is written so: as Python's JSON names it. */
export function nameOfKey(key: WrittenKey): string {
  return typeof key === 'string' ? key : String(key)
}

/** The names of a mapping in the order of the source. */
export function keysOf(map: object): readonly string[] {
  return writtenKeys(map).map(nameOfKey)
}

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
