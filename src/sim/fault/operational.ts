import type { OperationalFault } from '../converge/faults.ts'
import type { DeviceFault } from './fault.ts'

/** A fault of the network as `converge` takes it, with its times made absolute; undefined for a fault of the switch itself. */
export function operationalFault(fault: DeviceFault, now: number): OperationalFault | undefined {
  const { device } = fault
  switch (fault.kind) {
    case 'link-down':
      return { kind: 'link-down', device, port: fault.port, ...times(fault, now) }
    case 'link-flap':
      return { kind: 'link-flap', device, port: fault.port, periodMs: fault.period * 1000, ...times(fault, now) }
    case 'bgp-peer-down': {
      const vrf = fault.vrf === undefined ? {} : { vrf: fault.vrf }
      return { kind: 'bgp-peer-down', device, peer: fault.peer, ...vrf, ...times(fault, now) }
    }
    case 'mlag-inactive':
      return { kind: 'mlag-inactive', device, ...times(fault, now) }
    default:
      return undefined
  }
}

function times(
  fault: { readonly after?: number; readonly for?: number },
  now: number,
): { from: number; until?: number } {
  const from = now + (fault.after ?? 0) * 1000
  return fault.for === undefined ? { from } : { from, until: from + fault.for * 1000 }
}
