interface Waiting {
  readonly place: number
  readonly begin: () => void
}

export class Turns {
  #free: number
  readonly #waiting: Waiting[] = []

  constructor(atOnce: number) {
    this.#free = atOnce
  }

  begin(place: number, stop: AbortSignal): Promise<(() => void) | undefined> {
    if (stop.aborted) return Promise.resolve(undefined)
    const over = () => this.#next()
    if (this.#free > 0) {
      this.#free -= 1
      return Promise.resolve(over)
    }
    return new Promise((resolve) => {
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(own), 1)
        resolve(undefined)
      }
      const own: Waiting = {
        place,
        begin: () => {
          stop.removeEventListener('abort', leave)
          resolve(over)
        },
      }
      // Most come in the order of their places.
      this.#waiting.splice(this.#waiting.findLastIndex((one) => one.place < place) + 1, 0, own)
      stop.addEventListener('abort', leave, { once: true })
    })
  }

  #next() {
    const first = this.#waiting.shift()
    if (first === undefined) this.#free += 1
    else first.begin()
  }
}
