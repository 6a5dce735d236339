/** A map that is changed many times: it is copied before the first change, and whoever has the one before sees none of them. */
export class CopiedMap<K, V> {
  #map: ReadonlyMap<K, V>
  #own: Map<K, V> | undefined

  constructor(before: ReadonlyMap<K, V>) {
    this.#map = before
  }

  /** The map as it is now. Nobody may change this one once it was given away. */
  get map(): ReadonlyMap<K, V> {
    return this.#map
  }

  get(key: K): V | undefined {
    return this.#map.get(key)
  }

  set(key: K, value: V): void {
    this.#copy().set(key, value)
  }

  delete(key: K): void {
    if (this.#map.has(key)) this.#copy().delete(key)
  }

  #copy(): Map<K, V> {
    this.#own ??= new Map(this.#map)
    this.#map = this.#own
    return this.#own
  }
}
