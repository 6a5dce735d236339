import { converge } from '../converge/converge.ts'
import type { NetworkState, SwitchState } from '../converge/network-state.ts'
import type { OperationalFault } from '../converge/operational-fault.ts'
import type { SwitchInput } from '../converge/read-switch.ts'
import type { Cable } from '../facts.ts'
import type { ShowContext } from '../show/define.ts'
import type { Switch } from '../switch/switch.ts'
import type { LogEntry } from '../switch/syslog.ts'
import { NetworkLog } from './network-log.ts'

/** Milliseconds between two looks at what changes all the time. */
const _TICK = 1000

/** Milliseconds of a tick: what a show command says holds for one, so counters and times move from tick to tick. */
const TICK = 1000

/**
 * The operational state of a fabric, computed when it is asked for and kept until a configuration, a fault or a
 * switch's power changes, or a fault between the switches moves on.
 */
export class Network {
  readonly #switches: ReadonlyMap<string, Switch>
  readonly #cabling: readonly Cable[]
  readonly #faults: OperationalFault[] = []
  /** Grows with everything that may change the state. */
  #changes = 0
  /** Nothing happens by itself before this time. */
  #quietUntil = 0
  #key = ''
  #state: NetworkState | undefined
  readonly #log: NetworkLog
  readonly #compute: typeof converge

  /** `compute` is `converge`, or what gives the same and has kept some of it. */
  constructor(switches: readonly Switch[], cabling: readonly Cable[], compute: typeof converge = converge) {
    this.#compute = compute
    this.#switches = new Map(switches.map((device) => [device.name, device]))
    this.#cabling = cabling
    this.#log = new NetworkLog(cabling)
    this.#note(switches)
    for (const device of switches) device.watch(() => this.changed())
  }

  /** What a switch has logged about the network, oldest first. */
  logOf(device: Switch): readonly LogEntry[] {
    this.#settle(device.now)
    return this.#log.entries(device.name, device.now)
  }

  #note(switches: Iterable<Switch>): void {
    const all = [...switches]
    const now = all[0]?.now ?? 0
    this.#log.note(now, all.map(inputOf), [...this.#faults])
  }

  /** Says that a switch has changed in a way that it does not tell by itself: a fault was set on it. */
  changed(): void {
    this.#changes += 1
    this.#quietUntil = 0
    this.#note(this.#switches.values())
  }

  /** Something that is wrong between the switches from now on. */
  disturb(fault: OperationalFault): void {
    this.#faults.push(fault)
    this.changed()
  }

  /** Takes back what is wrong between the switches. */
  restore(): void {
    this.#faults.length = 0
    this.changed()
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
      now: tick(device.now),
      bootedAt: device.bootedAt,
    }
  }

  /** A text that is another whenever a show command of any switch may say something else. */
  stamp(now: number): string {
    this.#settle(now)
    return `${this.#changes} ${tick(now)}`
  }

  #stateOf(device: Switch): SwitchState {
    const state = this.#settled(device.now).switches.get(device.name)
    if (state === undefined) throw new RangeError(`no switch ${device.name} in the network`)
    return state
  }

  /** Lets happen what is due on any switch. */
  #settle(now: number): void {
    if (now < this.#quietUntil) return
    for (const device of this.#switches.values()) device.settle()
    const wakes = [...this.#switches.values()].flatMap(({ nextWake }) => nextWake ?? [])
    const next = Math.min(...wakes)
    if (now >= this.#quietUntil) this.#changes += 1
    this.#quietUntil = next
  }

  #settled(now: number): NetworkState {
    this.#settle(now)
    const key = `${this.#changes} ${faultPhase(this.#faults, now)}`
    if (this.#state === undefined || key !== this.#key) {
      const inputs = [...this.#switches.values()].map(inputOf)
      this.#state = this.#compute(inputs, this.#cabling, this.#faults, now)
      this.#key = key
    }
    return this.#state
  }
}

function inputOf(device: Switch): SwitchInput {
  return { name: device.name, config: device.running, facts: device.facts, up: device.up }
}

function tick(now: number): number {
  return Math.floor(now / TICK) * TICK
}

/**
 * A text that is another whenever faults say something else: when one begins or ends, and every second for what flaps or
 * counts. A fault that only lasts changes nothing from one look to the next.
 */
export function faultPhase(faults: readonly OperationalFault[], at: number): string {
  return faults
    .map((fault) => {
      const { from = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = fault
      if (at < from) return 'before'
      if (at >= until) return 'after'
      return moves(fault) ? String(Math.floor(at / TICK)) : 'holds'
    })
    .join(' ')
}

function moves({ kind }: OperationalFault): boolean {
  return kind === 'link-flap' || kind === 'error-counters'
}
