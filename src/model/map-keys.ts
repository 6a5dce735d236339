/** A key as its source writes it, where that is not a text. */
export type WrittenKey = string | number | bigint | boolean | null

const WRITTEN = Symbol('keys as they are written')

/**
 * Keeps the keys of a mapping as its source writes them, in its order: JavaScript makes texts of all keys, and puts those that are
 * whole numbers first. Needed only where one of both is not so in the source.
 */
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
