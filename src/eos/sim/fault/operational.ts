import type { OperationalFault } from '../converge/operational-fault.ts'
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
    case 'port-errdisabled':
      return {
        kind: 'port-errdisabled',
        device,
        port: fault.port,
        cause: fault.cause ?? 'bpduguard',
        ...times(fault, now),
      }
    case 'mlag-inactive':
      return { kind: 'mlag-inactive', device, ...times(fault, now) }
    default:
      return overlayFault(fault, now)
  }
}

function overlayFault(fault: DeviceFault, now: number): OperationalFault | undefined {
  const { device } = fault
  switch (fault.kind) {
    case 'neighbor-swapped': {
      const heard = { device: fault.heard, port: fault.heardPort }
      return { kind: 'lldp-neighbor-swapped', device, port: fault.port, heard, ...times(fault, now) }
    }
    case 'routes-withdrawn': {
      const vrf = fault.vrf === undefined ? {} : { vrf: fault.vrf }
      const prefixes = fault.prefixes === undefined ? {} : { prefixes: fault.prefixes }
      return { kind: 'bgp-routes-withdrawn', device, peer: fault.peer, ...vrf, ...prefixes, ...times(fault, now) }
    }
    case 'member-inactive':
      return { kind: 'lag-member-inactive', device, port: fault.port, ...times(fault, now) }
    case 'flood-entry-lost': {
      const vlan = fault.vlan === undefined ? {} : { vlan: fault.vlan }
      return { kind: 'flood-entry-lost', device, vtep: fault.vtep, ...vlan, ...times(fault, now) }
    }
    case 'errors-rising': {
      const { port, counter, perSecond } = fault
      return { kind: 'error-counters', device, port, counter, perSecond, ...times(fault, now) }
    }
    default:
      return ailment(fault, now)
  }
}

function ailment(fault: DeviceFault, now: number): OperationalFault | undefined {
  const { device } = fault
  switch (fault.kind) {
    case 'clock-adrift':
      return { kind: 'clock-adrift', device, ...times(fault, now) }
    case 'supply-failed':
      return { kind: 'supply-failed', device, supply: fault.supply, ...times(fault, now) }
    case 'agent-crashed':
      return { kind: 'agent-crashed', device, agent: fault.agent, ...times(fault, now) }
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
