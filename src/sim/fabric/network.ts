import { converge } from '../converge/converge.ts'
import type { OperationalFault } from '../converge/faults.ts'
import type { NetworkState, SwitchState } from '../converge/network-state.ts'
import type { Cable } from '../facts.ts'
import type { ShowContext } from '../show/define.ts'
import type { Switch } from '../switch/switch.ts'

/**
 * The operational state of a fabric, computed when it is asked for and kept until a configuration, a fault or a
 * switch's power changes. A fault that comes and goes by itself is asked for every second.
 */
export class Network {
  readonly #switches: ReadonlyMap<string, Switch>
  readonly #cabling: readonly Cable[]
  readonly #faults: OperationalFault[] = []
  #key = ''
  #state: NetworkState | undefined

  constructor(switches: readonly Switch[], cabling: readonly Cable[]) {
    this.#switches = new Map(switches.map((device) => [device.name, device]))
    this.#cabling = cabling
  }

  /** Something that is wrong between the switches from now on. */
  disturb(fault: OperationalFault): void {
    this.#faults.push(fault)
  }

  /** Takes back what is wrong between the switches. */
  restore(): void {
    this.#faults.length = 0
  }

  get faults(): readonly OperationalFault[] {
    return this.#faults
  }

  /** What a show command of a switch may look at. */
  context(device: Switch): ShowContext {
    return {
      name: device.name,
      facts: device.facts,
      running: device.running,
      state: this.#stateOf(device),
      now: device.now,
      bootedAt: device.bootedAt,
    }
  }

  #stateOf(device: Switch): SwitchState {
    const state = this.#settled(device.now).switches.get(device.name)
    if (state === undefined) throw new RangeError(`no switch ${device.name} in the network`)
    return state
  }

  #settled(now: number): NetworkState {
    for (const device of this.#switches.values()) device.settle()
    const versions = [...this.#switches.values()].map((device) => `${device.config.version}${device.up ? '' : '!'}`)
    const second = this.#faults.length === 0 ? 0 : Math.floor(now / 1000)
    const key = `${versions.join(' ')} ${this.#faults.length} ${second}`
    if (this.#state === undefined || key !== this.#key) {
      const inputs = [...this.#switches.values()].map((device) => ({
        name: device.name,
        config: device.running,
        facts: device.facts,
        up: device.up,
      }))
      this.#state = converge(inputs, this.#cabling, this.#faults, now)
      this.#key = key
    }
    return this.#state
  }
}
