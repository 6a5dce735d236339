import { childAt, hasChild } from '../../config/text/tree.ts'
import { converge } from '../converge/converge.ts'
import type { BgpPeer, NetworkState } from '../converge/network-state.ts'
import { operationalMessages } from '../converge/operational-log.ts'
import type { SwitchInput } from '../converge/read-interfaces.ts'
import type { OperationalFault } from '../fault/operational.ts'
import type { Cable, Demand } from '../platform/facts.ts'
import type { ShowContext } from '../show/format/define.ts'
import { hostnameOf } from '../switch/running-config.ts'
import type { Switch } from '../switch/switch.ts'
import { type LogEntry, logLine } from '../switch/syslog.ts'
import type { Fabric } from './fabric.ts'

// The instants after `from` and up to `until` at which faults begin, end, or turn a flapping link; the last so many.
function faultEdges(
  faults: readonly OperationalFault[],
  from: number,
  until: number,
  limit: number,
): readonly number[] {
  const edges = new Set<number>()
  for (const fault of faults) {
    for (const edge of edgesOf(fault, from, until, limit)) if (edge > from && edge <= until) edges.add(edge)
  }
  return [...edges].sort((a, b) => a - b).slice(-limit)
}

function edgesOf(fault: OperationalFault, from: number, until: number, limit: number) {
  const ends = [fault.from, fault.until].filter((edge) => edge !== undefined)
  if (fault.kind !== 'link-flap') return ends
  const half = fault.periodMs / 2
  const start = fault.from ?? 0
  const stop = Math.min(until, (fault.until ?? until + 1) - 1)
  const first = Math.max(Math.ceil((from - start) / half), Math.floor((stop - start) / half) - limit, 0)
  const last = Math.floor((stop - start) / half)
  return [...ends, ...Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => start + (first + at) * half)]
}

interface Epoch {
  readonly at: number
  readonly inputs: readonly SwitchInput[]
  readonly faults: readonly OperationalFault[]
}

// So many changes are remembered; what lies before them is no longer logged.
const EPOCHS = 64
const EDGES = 120

class NetworkLog {
  readonly #cabling: readonly Cable[]
  #epochs: Epoch[] = []
  readonly #states = new Map<string, NetworkState>()

  constructor(cabling: readonly Cable[]) {
    this.#cabling = cabling
  }

  note(at: number, inputs: readonly SwitchInput[], faults: readonly OperationalFault[]): void {
    this.#epochs.push({ at, inputs, faults })
    if (this.#epochs.length > EPOCHS) this.#epochs = this.#epochs.slice(-EPOCHS)
  }

  // What one switch has logged until now, oldest first.
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
    const ribd = !hasChild(input.config, 'service routing protocols model multi-agent')
    const hostname = hostnameOf(input.config)
    return operationalMessages(was, is, ribd).map(({ agent, words }) => ({
      at,
      line: logLine(at, hostname, agent, words),
    }))
  }

  #state(index: number, { inputs, faults }: Epoch, at: number) {
    const key = `${this.#epochs[index]?.at} ${index} ${at} ${this.#epochs.length}`
    const known = this.#states.get(key)
    if (known !== undefined) return known
    const state = converge(inputs, this.#cabling, faults, at)
    if (this.#states.size > EPOCHS) this.#states.clear()
    this.#states.set(key, state)
    return state
  }
}

const TICK = 1000

// A session that stays Idle although nothing is wrong any more.
type Latch = Extract<OperationalFault, { readonly kind: 'bgp-peer-latched' }>

/** A peer that sends more routes than `maximum-routes` allows while somebody asks is kept Idle from then on, until somebody clears the session, shuts it down or takes it out of the configuration, or the switch boots. */
export class NetworkPart {
  readonly #switches: ReadonlyMap<string, Switch>
  readonly #all: ReadonlyMap<string, Switch>
  readonly #cabling: readonly Cable[]
  readonly #demands: readonly Demand[]
  #faults: readonly OperationalFault[] = []
  #latches: readonly Latch[] = []
  #changes = 0
  #quietUntil = 0
  #key = ''
  #state: NetworkState | undefined
  readonly #log: NetworkLog
  readonly #compute: typeof converge

  constructor(
    switches: readonly Switch[],
    all: ReadonlyMap<string, Switch>,
    { cabling, demands = [] }: Pick<Fabric, 'cabling' | 'demands'>,
    compute: typeof converge,
  ) {
    this.#compute = compute
    this.#switches = new Map(switches.map((device) => [device.name, device]))
    this.#all = all
    this.#cabling = cabling
    this.#demands = demands
    this.#log = new NetworkLog(cabling)
    this.#note()
    for (const device of switches) device.watch(() => this.changed())
  }

  /** What a switch has logged about the network, oldest first. */
  logOf(device: Switch): readonly LogEntry[] {
    this.#settle(device.now)
    return this.#log.entries(device.name, device.now)
  }

  #note() {
    const [first] = this.#switches.values()
    this.#log.note(first?.now ?? 0, this.#inputs(), this.#wrong)
  }

  #inputs(): readonly SwitchInput[] {
    const heard = this.#faults.flatMap((fault) =>
      fault.kind === 'lldp-neighbor-swapped' && !this.#switches.has(fault.heard.device)
        ? (this.#all.get(fault.heard.device) ?? [])
        : [],
    )
    return [...this.#switches.values(), ...new Set(heard)].map(inputOf)
  }

  changed(): void {
    this.#changes += 1
    this.#quietUntil = 0
    this.#faults = this.#faults.map((fault) => this.#released(fault))
    this.#note()
  }

  clear(device: Switch, vrf: string, peer: string | undefined): void {
    this.#latches = this.#latches.filter(
      (latch) => latch.device !== device.name || latch.vrf !== vrf || (peer ?? latch.peer) !== latch.peer,
    )
    this.changed()
  }

  #released(fault: OperationalFault) {
    if (fault.kind !== 'port-errdisabled' || fault.until !== undefined) return fault
    const device = this.#switches.get(fault.device)
    const now = device?.now ?? 0
    const port = childAt(device?.running, `interface ${fault.port}`)
    return hasChild(port, 'shutdown') && now >= (fault.from ?? 0) ? { ...fault, until: now } : fault
  }

  get #wrong(): readonly OperationalFault[] {
    return [...this.#faults, ...this.#latches]
  }

  disturb(fault: OperationalFault): void {
    this.#faults = [...this.#faults, fault]
    this.changed()
  }

  restore(): void {
    this.#faults = []
    this.changed()
  }

  get faults(): readonly OperationalFault[] {
    return this.#faults
  }

  context(device: Switch): ShowContext {
    const stateOf = () => this.#stateOf(device)
    return {
      name: device.name,
      facts: device.facts,
      running: device.running,
      get state() {
        return stateOf()
      },
      now: tick(device.now),
      bootedAt: device.bootedAt,
      maintenance: device.maintenance,
    }
  }

  stamp(now: number): string {
    this.#settle(now)
    return `${this.#changes} ${tick(now)}`
  }

  #stateOf(device: Switch) {
    const state = this.#settled(device.now).switches.get(device.name)
    if (state === undefined) throw new RangeError(`no switch ${device.name} in the network`)
    return state
  }

  #settle(now: number) {
    if (now < this.#quietUntil) return
    for (const device of this.#switches.values()) device.settle()
    const wakes = [...this.#switches.values()].flatMap(({ nextWake }) => nextWake ?? [])
    const next = Math.min(...wakes)
    if (now >= this.#quietUntil) this.#changes += 1
    this.#quietUntil = next
  }

  #settled(now: number) {
    this.#settle(now)
    const key = `${this.#changes} ${faultPhase(this.#faults, now)}`
    if (this.#state === undefined || key !== this.#key) {
      this.#state = this.#latching(now)
      this.#key = `${this.#changes} ${faultPhase(this.#faults, now)}`
    }
    return this.#state
  }

  #latching(now: number) {
    const inputs = this.#inputs()
    for (;;) {
      const state = this.#compute(inputs, this.#cabling, this.#wrong, now, this.#demands)
      const kept = this.#latches.filter((latch) => isKept(latch, state))
      const exceeded = exceededIn(state, now)
      if (exceeded.length === 0 && kept.length === this.#latches.length) return state
      this.#latches = [...kept, ...exceeded]
      this.#changes += 1
      this.#note()
    }
  }
}

function isKept({ device, vrf, peer }: Latch, { switches }: NetworkState) {
  const here = switches.get(device)
  return here?.up === true && here.bgp.get(vrf)?.peers.get(peer)?.idleReason === 'MaxPath'
}

function exceededIn({ switches }: NetworkState, now: number): readonly Latch[] {
  return [...switches.values()].flatMap(({ name: device, bgp }) =>
    [...bgp].flatMap(([vrf, { peers }]) =>
      [...peers.values()]
        .filter(hasExceeded)
        .map(({ address: peer }): Latch => ({ kind: 'bgp-peer-latched', device, vrf, peer, from: now })),
    ),
  )
}

function hasExceeded({ state, maximumRoutes, endsAtMaximum, families }: BgpPeer) {
  if (state !== 'Established' || maximumRoutes === 0 || !endsAtMaximum) return false
  return [...families.values()].reduce((sum, { received }) => sum + received, 0) > maximumRoutes
}

function inputOf(device: Switch): SwitchInput {
  return { name: device.name, config: device.running, facts: device.facts, up: device.up }
}

function tick(now: number) {
  return Math.floor(now / TICK) * TICK
}

/** A text that is another whenever faults say something else: when one begins or ends, and every second for what flaps or counts. */
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

function moves({ kind }: OperationalFault) {
  return kind === 'link-flap' || kind === 'error-counters'
}
