import type { ErrorCounter, FaultWindow, OperationalFault } from '../fault/operational.ts'
import type { CableEnd } from '../platform/facts.ts'

interface AgentCrash {
  readonly agent: string
  // Milliseconds since the epoch.
  readonly at: number
}

/** What is wrong with a switch itself, whatever its network does. */
export interface Ailments {
  readonly clockAdrift: boolean
  /** The slots of the supplies that give no power. */
  readonly failedSupplies: readonly string[]
  /** What has crashed since the switch booted; each agent was started again at once. */
  readonly crashes: readonly AgentCrash[]
}

// What is wrong with a switch at an instant. A crash is not undone when its fault ends.
function ailmentsAt(faults: readonly OperationalFault[], device: string, at: number): Ailments {
  const begun = faults.filter((fault) => fault.device === device && at >= (fault.from ?? 0))
  const holding = begun.filter(({ until }) => until === undefined || at < until)
  return {
    clockAdrift: holding.some(({ kind }) => kind === 'clock-adrift'),
    failedSupplies: holding.flatMap((fault) => (fault.kind === 'supply-failed' ? [fault.supply] : [])),
    crashes: begun.flatMap((fault) =>
      fault.kind === 'agent-crashed' ? [{ agent: fault.agent, at: fault.from ?? at }] : [],
    ),
  }
}

/** How far the counters of one port have risen. */
export type ErrorCounts = Readonly<Partial<Record<ErrorCounter, number>>>

/** The faults that hold at one instant, in the form the protocols ask for. */
export interface FaultsAt {
  readonly linkDown: (device: string, port: string) => boolean
  readonly peerDown: (device: string, vrf: string, peer: string) => boolean
  /** Whether the end of a session keeps it Idle, because the peer has sent too many routes. */
  readonly latched: (device: string, vrf: string, peer: string) => boolean
  /** For what a switch has taken a port down; undefined where it has not. */
  readonly errdisabled: (device: string, port: string) => string | undefined
  readonly mlagDown: (device: string) => boolean
  readonly heardInstead: (device: string, port: string) => CableEnd | undefined
  /** When the port last changed because of a fault, if it did. */
  readonly changedAt: (device: string, port: string) => number | undefined
  /** How often the link went down and up because of faults. */
  readonly changes: (device: string, port: string) => number
  /** Which prefixes a peer takes back; undefined where it takes back nothing. */
  readonly withdrawn: (device: string, vrf: string, peer: string) => ((prefix: string) => boolean) | undefined
  readonly memberOut: (device: string, port: string) => boolean
  readonly floodLost: (device: string, vlan: number, vtep: string) => boolean
  readonly errors: (device: string, port: string) => ErrorCounts | undefined
  readonly ailments: (device: string) => Ailments
}

/** The faults that hold at `at`. */
export function faultsAt(faults: readonly OperationalFault[], at: number): FaultsAt {
  const holding = faults.filter((fault) => holds(fault, at))
  const down = new Set(of(holding, 'link-down', 'link-flap').map(portOf))
  const peers = new Set(of(holding, 'bgp-peer-down').map(peerOf))
  const latched = new Set(of(holding, 'bgp-peer-latched').map(peerOf))
  const errdisabled = new Map(of(holding, 'port-errdisabled').map((fault) => [portOf(fault), fault.cause]))
  const mlag = new Set(of(holding, 'mlag-inactive').map(({ device }) => device))
  const heard = new Map(of(holding, 'lldp-neighbor-swapped').map((fault) => [portOf(fault), fault.heard]))
  const withdrawn = of(holding, 'bgp-routes-withdrawn')
  const out = new Set(of(holding, 'lag-member-inactive').map(portOf))
  const lost = of(holding, 'flood-entry-lost')
  const counting = of(faults, 'error-counters')
  return {
    linkDown: (device, port) => down.has(`${device}|${port}`),
    peerDown: (device, vrf, peer) => peers.has(`${device}|${vrf}|${peer}`),
    latched: (device, vrf, peer) => latched.has(`${device}|${vrf}|${peer}`),
    errdisabled: (device, port) => errdisabled.get(`${device}|${port}`),
    mlagDown: (device) => mlag.has(device),
    heardInstead: (device, port) => heard.get(`${device}|${port}`),
    changedAt: (device, port) => lastChange(faults, device, port, at),
    changes: (device, port) => changesUntil(faults, device, port, at),
    withdrawn: (device, vrf, peer) => {
      const here = withdrawn.filter((fault) => peerOf(fault) === `${device}|${vrf}|${peer}`)
      if (here.length === 0) return undefined
      return (prefix) => here.some(({ prefixes }) => prefixes === undefined || prefixes.includes(prefix))
    },
    memberOut: (device, port) => out.has(`${device}|${port}`),
    floodLost: (device, vlan, vtep) =>
      lost.some((fault) => fault.device === device && fault.vtep === vtep && (fault.vlan ?? vlan) === vlan),
    errors: (device, port) => {
      const here = counting.filter((fault) => fault.device === device && fault.port === port)
      return here.length === 0 ? undefined : errorCounts(here, at)
    },
    ailments: (device) => ailmentsAt(faults, device, at),
  }
}

type FaultOf<K extends OperationalFault['kind']> = Extract<OperationalFault, { readonly kind: K }>

function of<K extends OperationalFault['kind']>(faults: readonly OperationalFault[], ...kinds: readonly K[]) {
  return faults.filter((fault): fault is FaultOf<K> => kinds.some((kind) => kind === fault.kind))
}

function portOf({ device, port }: { readonly device: string; readonly port: string }) {
  return `${device}|${port}`
}

function peerOf(fault: { readonly device: string; readonly vrf?: string; readonly peer: string }) {
  return `${fault.device}|${fault.vrf ?? 'default'}|${fault.peer}`
}

function errorCounts(faults: readonly FaultOf<'error-counters'>[], at: number): ErrorCounts {
  const counts: Partial<Record<ErrorCounter, number>> = {}
  for (const { counter, perSecond, from, until } of faults) {
    const lasted = Math.max(0, Math.min(at, until ?? at) - (from ?? 0))
    counts[counter] = (counts[counter] ?? 0) + Math.floor((lasted / 1000) * perSecond)
  }
  return counts
}

function inWindow(fault: FaultWindow, at: number) {
  return at >= (fault.from ?? Number.NEGATIVE_INFINITY) && at < (fault.until ?? Number.POSITIVE_INFINITY)
}

function holds(fault: OperationalFault, at: number) {
  if (!inWindow(fault, at)) return false
  return fault.kind !== 'link-flap' || halfPeriods(fault.from, fault.periodMs, at) % 2 === 0
}

function halfPeriods(from: number | undefined, periodMs: number, at: number) {
  return Math.floor((at - (from ?? 0)) / (periodMs / 2))
}

function lastChange(faults: readonly OperationalFault[], device: string, port: string, at: number) {
  const changes = faults
    .filter(({ kind }) => kind === 'link-down' || kind === 'link-flap' || kind === 'port-errdisabled')
    .filter((fault) => fault.device === device && 'port' in fault && fault.port === port)
    .flatMap((fault) => [fault.from, fault.until, lastFlap(fault, at)])
    .filter((change) => change !== undefined && change <= at)
  return changes.length === 0 ? undefined : Math.max(...changes.map((change) => change ?? 0))
}

function changesUntil(faults: readonly OperationalFault[], device: string, port: string, at: number) {
  return of(faults, 'link-down', 'link-flap', 'port-errdisabled')
    .filter((fault) => fault.device === device && fault.port === port && at >= (fault.from ?? 0))
    .reduce((count, fault) => count + linkChanges(fault, at), 0)
}

function linkChanges(fault: FaultOf<'link-down' | 'link-flap' | 'port-errdisabled'>, at: number) {
  const ended = fault.until !== undefined && at >= fault.until
  if (fault.kind !== 'link-flap') return ended ? 2 : 1
  if (!ended) return halfPeriods(fault.from, fault.periodMs, at) + 1
  const turns = Math.ceil(((fault.until ?? at) - (fault.from ?? 0)) / (fault.periodMs / 2))
  return turns + (turns % 2)
}

function lastFlap(fault: OperationalFault, at: number) {
  if (fault.kind !== 'link-flap' || !inWindow(fault, at)) return undefined
  return (fault.from ?? 0) + (halfPeriods(fault.from, fault.periodMs, at) * fault.periodMs) / 2
}
