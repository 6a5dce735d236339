import { changes, requestOf } from '../../simulate/verbs.ts'
import { RequestReader } from './request-reader.ts'
import { type Line, type Tap, Way } from './way.ts'

/** A request that can change a switch, as it left the machine of a worker. */
export interface RequestLeft {
  /** The worker, by the name that its records have. */
  readonly worker: string
  readonly device: string
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly commands: readonly string[]
}

/** What a machine is made of. */
export interface MachineOptions {
  readonly name: string
  /** The port that everybody knows the database by, and the one where it is. */
  readonly store: { readonly known: number; readonly real: number }
  /** The ports of the switches. */
  readonly switches: Readonly<Record<string, number>>
}

/** The network of one machine: its ways to the database and to each switch. What leaves it for a switch is on its list. */
export class Machine {
  readonly name: string
  readonly left: RequestLeft[] = []
  readonly #known: number
  readonly #ports: Readonly<Record<string, number>>
  #store: Way | undefined
  #switches: readonly (readonly [number, Way])[] = []
  /** Who works here, by the name that its records have. */
  worker = ''

  private constructor({ name, store, switches }: MachineOptions) {
    this.name = name
    this.#known = store.known
    this.#ports = switches
  }

  static async at(options: MachineOptions): Promise<Machine> {
    const machine = new Machine(options)
    machine.#store = await Way.to(options.store.real)
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
    this.#store?.close()
    this.toSwitches((way) => way.close())
  }

  #listening(device: string): Tap {
    const readers = new WeakMap<Line, { readonly reader: RequestReader; readonly worker: string }>()
    return {
      sent: (bytes, line) => {
        const known = readers.get(line) ?? { reader: new RequestReader(), worker: this.worker }
        readers.set(line, known)
        const at = Date.now()
        for (const commands of known.reader.read(bytes)) {
          if (changes(requestOf(commands))) this.left.push({ worker: known.worker, device, at, commands })
        }
      },
    }
  }
}
