import { connect, createServer, type Server, type Socket } from 'node:net'

/** One connection over a way. */
export interface Line {
  readonly near: Socket
  readonly far: Socket
  /** No byte of it arrives any more, and neither end hears of that. */
  isSilent: boolean
}

/** Who looks at what goes over a way. */
export interface Tap {
  /** Somebody has begun a connection. */
  begun?(line: Line): void
  /** Its far end is there: it sees this port. */
  opened?(line: Line, port: number): void
  /** The near end has sent this, at a time in milliseconds since the epoch; it is carried on next. */
  sent?(bytes: Buffer, line: Line, at: number): void
  /** The near end is told something next. */
  heard?(): void
}

/** How long a far end is kept whose near end is gone without a word, in milliseconds. */
const FORGOTTEN = 10_000

/** A way to a port of loopback that can be cut, slow and half-open, and whose far end can be another one later. */
export class Way {
  readonly #server: Server
  readonly #lines = new Set<Line>()
  readonly #tap: Tap
  #target: number
  #state: 'open' | 'cut' | 'silent' = 'open'
  #delay = 0

  private constructor(target: number, tap: Tap) {
    this.#target = target
    this.#tap = tap
    this.#server = createServer((near) => this.#serve(near))
    this.#server.listen(0, '127.0.0.1')
  }

  /** A way to a port of loopback. */
  static async to(target: number, tap: Tap = {}): Promise<Way> {
    const way = new Way(target, tap)
    await new Promise((resolve) => way.#server.once('listening', resolve))
    return way
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  /** Whatever is open breaks off, and nothing new comes through until it is mended. */
  cut(): void {
    this.#state = 'cut'
    this.#breakOff()
  }

  /** Half-open: what is open, or is opened before it is mended, never carries a byte again, and nobody is told. */
  silence(): void {
    this.#state = 'silent'
    for (const line of this.#lines) line.isSilent = true
  }

  /** Every piece takes so many milliseconds longer, in both directions. */
  slow(milliseconds: number): void {
    this.#delay = milliseconds
  }

  /** What is new comes through again, and at once. */
  mend(): void {
    this.#state = 'open'
    this.#delay = 0
  }

  /** Leads elsewhere from here on; what is open breaks off. */
  leadTo(target: number): void {
    this.#target = target
    this.#breakOff()
  }

  close(): void {
    this.#server.close()
    this.#breakOff()
    for (const { near, far } of this.#lines) {
      near.destroy()
      far.destroy()
    }
  }

  #breakOff(): void {
    for (const { near, far, isSilent } of this.#lines) {
      if (isSilent) continue
      near.resetAndDestroy()
      far.destroy()
    }
  }

  #serve(near: Socket): void {
    if (this.#state === 'cut') {
      near.resetAndDestroy()
      return
    }
    const far = connect(this.#target, '127.0.0.1')
    const line: Line = { near, far, isSilent: this.#state === 'silent' }
    this.#lines.add(line)
    const tap = this.#tap
    tap.begun?.(line)
    far.once('connect', () => tap.opened?.(line, far.localPort ?? 0))
    this.#carry(line, near, far, (bytes, at) => tap.sent?.(bytes, line, at))
    this.#carry(line, far, near, () => tap.heard?.())
  }

  #carry(line: Line, from: Socket, to: Socket, seen: (bytes: Buffer, at: number) => void): void {
    let last: Promise<unknown> = Promise.resolve()
    from.on('data', (bytes: Buffer) => {
      const at = Date.now()
      last = last.then(async () => {
        if (line.isSilent) return
        if (this.#delay > 0) await new Promise((resolve) => setTimeout(resolve, this.#delay))
        seen(bytes, at)
        if (!(line.isSilent || to.destroyed)) to.write(bytes)
      })
    })
    from.on('error', () => undefined)
    from.on('close', (isBroken: boolean) => {
      this.#lines.delete(line)
      if (line.isSilent) setTimeout(() => to.destroy(), FORGOTTEN).unref()
      else if (isBroken) to.destroy()
      else void last.then(() => to.end())
    })
  }
}
