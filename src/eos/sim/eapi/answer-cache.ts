interface Shelf {
  stamp: string
  readonly results: Map<string, Buffer>
  bytes: number
}

const LIMIT = 32 * 1024 * 1024

/** The results of show commands as the bytes that are sent, for as long as nothing that they depend on has changed: the stamp says when (configurations, network, tick of the clock). */
export class AnswerCache {
  /** The most that it holds, in bytes. */
  readonly limit: number
  readonly #shelves = new Map<string, Shelf>()
  #bytes = 0

  /** `limit` is in bytes. */
  constructor(limit = LIMIT) {
    this.limit = limit
  }

  /** How much it holds, in bytes. */
  get bytes(): number {
    return this.#bytes
  }

  result(device: string, stamp: string, question: string, make: () => Buffer): Buffer {
    const shelf = this.#shelf(device, stamp)
    const known = shelf.results.get(question)
    if (known !== undefined) return known
    const made = make()
    if (made.length > this.limit) return made
    shelf.results.set(question, made)
    shelf.bytes += made.length
    this.#bytes += made.length
    this.#makeRoom(device)
    return made
  }

  #shelf(device: string, stamp: string) {
    const found = this.#shelves.get(device)
    if (found?.stamp === stamp) return found
    if (found !== undefined) this.#drop(device, found)
    const shelf: Shelf = { stamp, results: new Map(), bytes: 0 }
    this.#shelves.set(device, shelf)
    return shelf
  }

  #makeRoom(asking: string) {
    for (const [device, shelf] of this.#shelves) {
      if (this.#bytes <= this.limit) return
      if (device !== asking) this.#drop(device, shelf)
    }
    const own = this.#shelves.get(asking)
    if (own !== undefined && this.#bytes > this.limit) this.#drop(asking, own)
  }

  #drop(device: string, shelf: Shelf) {
    this.#shelves.delete(device)
    this.#bytes -= shelf.bytes
  }
}
