import { changes, requestOf } from '../../../simulate/verbs.ts'
import { type Line, type Tap, Way } from './way.ts'

/** A request that can change a switch, as it left the machine of a worker. */
export interface RequestLeft {
  /** The worker, by the name that its records have. */
  readonly worker: string
  readonly device: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly commands: readonly string[]
  /** For how long the machine had not heard from the database by then, in milliseconds, without the time for which its network was held up. */
  readonly silent: number
  /** The TTL of its worker, in milliseconds. */
  readonly ttl: number
}

/** A connection of a worker to a switch. */
export interface Connection {
  readonly worker: string
  readonly device: string
  /** The port that the switch sees. */
  readonly port: number
  /** Milliseconds since the epoch. */
  readonly since: number
}

/** What a machine is made of. */
export interface MachineOptions {
  readonly name: string
  /** The port that everybody knows the database by, and the one where it is. */
  readonly store: { readonly known: number; readonly real: number }
  /** The ports of the switches. */
  readonly switches: Readonly<Record<string, number>>
  /** The TTL of its workers, in milliseconds. */
  readonly ttl: number
}

/** The network of one machine: its ways to the database and to each switch. What leaves it for a switch is on its list. */
export class Machine {
  readonly name: string
  readonly left: RequestLeft[] = []
  readonly connections: Connection[] = []
  readonly #ttl: number
  readonly #stalls = new Stalls()
  /** When it has heard from the database, milliseconds since the epoch. */
  readonly #heard: number[] = []
  readonly #known: number
  readonly #ports: Readonly<Record<string, number>>
  #store: Way | undefined
  #switches: readonly (readonly [number, Way])[] = []
  /** Who works here, by the name that its records have. */
  worker = ''

  private constructor({ name, store, switches, ttl }: MachineOptions) {
    this.#ttl = ttl
    this.name = name
    this.#known = store.known
    this.#ports = switches
  }

  static async at(options: MachineOptions): Promise<Machine> {
    const machine = new Machine(options)
    machine.#store = await Way.to(options.store.real, { heard: () => machine.#hears() })
    machine.#switches = await Promise.all(
      Object.entries(machine.#ports).map(
        async ([device, port]) => [port, await Way.to(port, machine.#listening(device))] as const,
      ),
    )
    return machine
  }

  /** The ways of this machine, as `ways.mjs` reads them. */
  get ways(): string {
    const switches = this.#switches.map(([port, way]) => [port, way.port] as const)
    return JSON.stringify(Object.fromEntries([[this.#known, this.store.port], ...switches]))
  }

  get store(): Way {
    if (this.#store === undefined) throw new RangeError('the machine has no way to the database yet')
    return this.#store
  }

  /** Does the same to its ways to these switches, by their places; absent: to all. */
  toSwitches(act: (way: Way) => void, isMeant: (place: number) => boolean = () => true): void {
    for (const [place, [, way]] of this.#switches.entries()) if (isMeant(place)) act(way)
  }

  close(): void {
    this.#stalls.end()
    this.#store?.close()
    this.toSwitches((way) => way.close())
  }

  #hears(): void {
    const now = Date.now()
    if (this.#heard.at(-1) !== now) this.#heard.push(now)
  }

  /** For how long nothing was heard at a moment, without the time for which this process could not look. */
  #silentAt(at: number): number {
    const heard = this.#heard.findLast((one) => one <= at) ?? 0
    return at - heard - this.#stalls.within(heard, at)
  }

  #listening(device: string): Tap {
    const workers = new WeakMap<Line, string>()
    const readers = new WeakMap<Line, RequestReader>()
    return {
      opened: (line, port) => {
        const worker = workers.get(line) ?? ''
        this.connections.push({ worker, device, port, since: Date.now() })
      },
      begun: (line) => void workers.set(line, this.worker),
      sent: (bytes, line, begun) => {
        const reader = readers.get(line) ?? new RequestReader()
        readers.set(line, reader)
        const at = Date.now()
        for (const commands of reader.read(bytes)) {
          if (!changes(requestOf(commands))) continue
          const silent = this.#silentAt(begun)
          this.left.push({ worker: workers.get(line) ?? '', device, at, commands, silent, ttl: this.#ttl })
        }
      },
    }
  }
}

/** How often it looks at the clock, in milliseconds. */
const EVERY = 20

/** When this process was held up: what it has carried meanwhile it has found only later. */
export class Stalls {
  readonly #found: { readonly from: number; readonly to: number }[] = []
  readonly #timer: NodeJS.Timeout

  constructor() {
    let before = Date.now()
    this.#timer = setInterval(() => {
      const now = Date.now()
      if (now - before > 2 * EVERY) this.#found.push({ from: before + EVERY, to: now })
      before = now
    }, EVERY)
    this.#timer.unref()
  }

  /** For how many milliseconds of this time, both since the epoch, it was held up. */
  within(from: number, to: number): number {
    const parts = this.#found.map((one) => Math.min(one.to, to) - Math.max(one.from, from))
    return parts.filter((length) => length > 0).reduce((sum, length) => sum + length, 0)
  }

  end(): void {
    clearInterval(this.#timer)
  }
}

const HEAD_END = Buffer.from('\r\n\r\n')

/** Finds the requests of eAPI in what a client sends over one connection, which comes in pieces. */
export class RequestReader {
  #rest = Buffer.alloc(0)

  /** The commands of each request that is whole with these bytes. */
  read(bytes: Buffer): readonly (readonly string[])[] {
    this.#rest = Buffer.concat([this.#rest, bytes])
    const found: (readonly string[])[] = []
    for (;;) {
      const end = this.#rest.indexOf(HEAD_END)
      if (end === -1) return found
      const begin = end + HEAD_END.length
      const head = this.#rest.subarray(0, end).toString('latin1')
      const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0)
      if (this.#rest.length < begin + length) return found
      if (length > 0) found.push(commandsOf(this.#rest.subarray(begin, begin + length).toString('utf8')))
      this.#rest = this.#rest.subarray(begin + length)
    }
  }
}

function commandsOf(body: string) {
  const { params = {} } = JSON.parse(body) as { readonly params?: { readonly cmds?: readonly unknown[] } }
  return (params.cmds ?? []).map((one) => (typeof one === 'string' ? one : (one as { readonly cmd: string }).cmd))
}
