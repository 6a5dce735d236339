import type { FaultWindow, OperationalFault } from '../converge/operational-fault.ts'
import type { DeviceFault } from './fault.ts'

/** A fault of the network as `converge` takes it, with its times made absolute; undefined for a fault of the switch itself. */
export function operationalFault(fault: DeviceFault, now: number): OperationalFault | undefined {
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
      return { ...rest, kind: 'lldp-neighbor-swapped', heard: { device: heard, port: heardPort } }
    }
    case 'routes-withdrawn':
      return { ...timed(fault, now), kind: 'bgp-routes-withdrawn' }
    case 'member-inactive':
      return { ...timed(fault, now), kind: 'lag-member-inactive' }
    case 'errors-rising':
      return { ...timed(fault, now), kind: 'error-counters' }
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
