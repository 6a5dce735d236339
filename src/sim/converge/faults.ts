import type { CableEnd } from '../facts.ts'

/** When a fault holds, milliseconds since the epoch: from `from` (always, if absent) up to, not including, `until`. */
interface FaultWindow {
  readonly from?: number
  readonly until?: number
}

/** Something that is wrong in the network, as data. */
export type OperationalFault =
  | (FaultWindow & { readonly kind: 'link-down'; readonly device: string; readonly port: string })
  | (FaultWindow & {
      readonly kind: 'link-flap'
      readonly device: string
      readonly port: string
      /** Down for the first half of each period, up for the second. */
      readonly periodMs: number
    })
  | (FaultWindow & {
      readonly kind: 'bgp-peer-down'
      readonly device: string
      readonly peer: string
      /** The VRF of the session; `default` if absent. */
      readonly vrf?: string
    })
  | (FaultWindow & { readonly kind: 'mlag-inactive'; readonly device: string })
  | (FaultWindow & {
      readonly kind: 'lldp-neighbor-swapped'
      readonly device: string
      readonly port: string
      /** Who is heard in place of the real neighbour. */
      readonly heard: CableEnd
    })

/** The faults that hold at one instant, in the form the protocols ask for. */
export interface FaultsAt {
  readonly linkDown: (device: string, port: string) => boolean
  readonly peerDown: (device: string, vrf: string, peer: string) => boolean
  readonly mlagDown: (device: string) => boolean
  readonly heardInstead: (device: string, port: string) => CableEnd | undefined
  /** When the port last changed because of a fault, if it did. */
  readonly changedAt: (device: string, port: string) => number | undefined
}

/** The faults that hold at `at`. */
export function faultsAt(faults: readonly OperationalFault[], at: number): FaultsAt {
  const holding = faults.filter((fault) => holds(fault, at))
  const down = new Set<string>()
  const peers = new Set<string>()
  const mlag = new Set<string>()
  const heard = new Map<string, CableEnd>()
  for (const fault of holding) {
    if (fault.kind === 'bgp-peer-down') peers.add(`${fault.device}|${fault.vrf ?? 'default'}|${fault.peer}`)
    else if (fault.kind === 'mlag-inactive') mlag.add(fault.device)
    else if (fault.kind === 'lldp-neighbor-swapped') heard.set(`${fault.device}|${fault.port}`, fault.heard)
    else down.add(`${fault.device}|${fault.port}`)
  }
  return {
    linkDown: (device, port) => down.has(`${device}|${port}`),
    peerDown: (device, vrf, peer) => peers.has(`${device}|${vrf}|${peer}`),
    mlagDown: (device) => mlag.has(device),
    heardInstead: (device, port) => heard.get(`${device}|${port}`),
    changedAt: (device, port) => lastChange(faults, device, port, at),
  }
}

function inWindow(fault: FaultWindow, at: number): boolean {
  return at >= (fault.from ?? Number.NEGATIVE_INFINITY) && at < (fault.until ?? Number.POSITIVE_INFINITY)
}

function holds(fault: OperationalFault, at: number): boolean {
  if (!inWindow(fault, at)) return false
  return fault.kind !== 'link-flap' || halfPeriods(fault.from, fault.periodMs, at) % 2 === 0
}

function halfPeriods(from: number | undefined, periodMs: number, at: number): number {
  return Math.floor((at - (from ?? 0)) / (periodMs / 2))
}

function lastChange(faults: readonly OperationalFault[], device: string, port: string, at: number): number | undefined {
  const changes = faults
    .filter((fault) => fault.kind === 'link-down' || fault.kind === 'link-flap')
    .filter((fault) => fault.device === device && fault.port === port)
    .flatMap((fault) => [fault.from, fault.until, lastFlap(fault, at)])
    .filter((change) => change !== undefined && change <= at)
  return changes.length === 0 ? undefined : Math.max(...changes.map((change) => change ?? 0))
}

function lastFlap(fault: OperationalFault, at: number): number | undefined {
  if (fault.kind !== 'link-flap' || !inWindow(fault, at)) return undefined
  return (fault.from ?? 0) + (halfPeriods(fault.from, fault.periodMs, at) * fault.periodMs) / 2
}
