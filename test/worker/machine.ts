import { changes, requestOf } from '../../simulate/verbs.ts'
import { RequestReader } from './request-reader.ts'
import { Stalls } from './stalls.ts'
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
