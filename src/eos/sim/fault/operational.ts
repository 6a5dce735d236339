import type { DeviceFault, FaultOf } from './fault.ts'

/** When a fault holds, milliseconds since the epoch: from `from` (always, if absent) up to, not including, `until`. */
export interface FaultWindow {
  readonly from?: number
  readonly until?: number
}

// A session of which the peer has sent too many routes: the switch that has heard them keeps it Idle.
interface Latch extends FaultWindow {
  readonly kind: 'bgp-peer-latched'
  readonly device: string
  readonly peer: string
  readonly vrf: string
}

/** Something that is wrong in the network, as data. */
export type OperationalFault = NonNullable<ReturnType<typeof ofNetwork>> | Latch

/** The counters of an interface that a fault can make rise. */
export type ErrorCounter = FaultOf<'errors-rising'>['counter']

/** A fault of the network as `converge` takes it, with its times made absolute; undefined for a fault of the switch itself. */
export function operationalFault(fault: DeviceFault, now: number): OperationalFault | undefined {
  return ofNetwork(fault, now)
}

function ofNetwork(fault: DeviceFault, now: number) {
  switch (fault.kind) {
    case 'link-down':
    case 'bgp-peer-down':
    case 'mlag-inactive':
    case 'flood-entry-lost':
    case 'clock-adrift':
    case 'supply-failed':
    case 'agent-crashed':
      return timed(fault, now)
    case 'link-flap': {
      const { period, ...rest } = timed(fault, now)
      return { ...rest, periodMs: period * 1000 }
    }
    case 'port-errdisabled':
      return { cause: 'bpduguard', ...timed(fault, now) }
    case 'neighbor-swapped': {
      const { heard, heardPort, ...rest } = timed(fault, now)
      return { ...rest, kind: 'lldp-neighbor-swapped' as const, heard: { device: heard, port: heardPort } }
    }
    case 'routes-withdrawn':
      return { ...timed(fault, now), kind: 'bgp-routes-withdrawn' as const }
    case 'member-inactive':
      return { ...timed(fault, now), kind: 'lag-member-inactive' as const }
    case 'errors-rising':
      return { ...timed(fault, now), kind: 'error-counters' as const }
    default:
      return undefined
  }
}

type Timed<T> = T extends unknown ? Omit<T, 'after' | 'for'> & FaultWindow : never

function timed<T extends { readonly after?: number; readonly for?: number }>(fault: T, now: number) {
  const { after = 0, for: lasts, ...rest } = fault
  const from = now + after * 1000
  return { ...rest, from, ...(lasts === undefined ? {} : { until: from + lasts * 1000 }) } as Timed<T>
}
