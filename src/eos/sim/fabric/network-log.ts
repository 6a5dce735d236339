import { converge } from '../converge/converge.ts'
import { faultEdges } from '../converge/fault-edges.ts'
import type { NetworkState } from '../converge/network-state.ts'
import type { OperationalFault } from '../converge/operational-fault.ts'
import { operationalMessages } from '../converge/operational-log.ts'
import type { SwitchInput } from '../converge/read-switch.ts'
import type { Cable } from '../platform/facts.ts'
import { hostnameOf } from '../switch/running-config.ts'
import { type LogEntry, logLine } from '../switch/syslog.ts'

/** What the network was made of from one instant on. */
interface Epoch {
  readonly at: number
  readonly inputs: readonly SwitchInput[]
  readonly faults: readonly OperationalFault[]
}

/** So many changes are remembered; what lies before them is no longer logged. */
const EPOCHS = 64
/** So many turns of faults are looked at between two changes. */
const EDGES = 120

/**
 * What the switches of a network log about it. Nothing is computed until a log is asked for: then the states before and
 * after each change are, and what lies between them is said at the time of the change.
 */
export class NetworkLog {
  readonly #cabling: readonly Cable[]
  #epochs: Epoch[] = []
  readonly #states = new Map<string, NetworkState>()

  constructor(cabling: readonly Cable[]) {
    this.#cabling = cabling
  }

  /** Remembers what the network is made of from now on. */
  note(at: number, inputs: readonly SwitchInput[], faults: readonly OperationalFault[]): void {
    this.#epochs.push({ at, inputs, faults })
    if (this.#epochs.length > EPOCHS) this.#epochs = this.#epochs.slice(-EPOCHS)
  }

  /** What one switch has logged until now, oldest first. */
  entries(device: string, now: number): readonly LogEntry[] {
    const found: LogEntry[] = []
    let before: NetworkState | undefined
    for (const [index, epoch] of this.#epochs.entries()) {
      const until = this.#epochs[index + 1]?.at ?? now
      for (const at of [epoch.at, ...faultEdges(epoch.faults, epoch.at, until, EDGES)]) {
        const after = this.#state(index, epoch, at)
        if (before !== undefined) found.push(...this.#between(before, after, device, epoch, at))
        before = after
      }
    }
    return found
  }

  #between(
    before: NetworkState,
    after: NetworkState,
    device: string,
    { inputs }: Epoch,
    at: number,
  ): readonly LogEntry[] {
    const [was, is] = [before.switches.get(device), after.switches.get(device)]
    const input = inputs.find(({ name }) => name === device)
    if (was === undefined || is === undefined || input === undefined || !is.up) return []
    const ribd = !input.config.children.some(({ line }) => line === 'service routing protocols model multi-agent')
    const hostname = hostnameOf(input.config)
    return operationalMessages(was, is, { ribd }).map(({ agent, words }) => ({
      at,
      line: logLine(at, hostname, agent, words),
    }))
  }

  #state(index: number, { inputs, faults }: Epoch, at: number): NetworkState {
    const key = `${this.#epochs[index]?.at} ${index} ${at} ${this.#epochs.length}`
    const known = this.#states.get(key)
    if (known !== undefined) return known
    const state = converge(inputs, this.#cabling, faults, at)
    if (this.#states.size > EPOCHS) this.#states.clear()
    this.#states.set(key, state)
    return state
  }
}
