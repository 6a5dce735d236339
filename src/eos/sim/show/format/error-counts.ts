import type { JsonObject } from '../../../../model/json.ts'
import type { ErrorCounts } from '../../converge/faults.ts'
import type { InterfaceState } from '../../converge/network-state.ts'
import type { ShowContext } from './define.ts'

// What a port has carried in one direction since it came up.
interface Traffic {
  readonly unicast: number
  readonly multicast: number
  readonly broadcast: number
  readonly octets: number
}

const SILENT: Traffic = { unicast: 0, multicast: 0, broadcast: 0, octets: 0 }

/** No host sends anything here, but a network is never silent: spanning-tree, LLDP, ARP and routing keepalives go over every port that is up. */
export function traffic(state: InterfaceState, now: number, bootedAt: number): Traffic {
  const isPort = state.kind === 'ethernet' || state.kind === 'management' || state.kind === 'portChannel'
  if (!isPort || state.status !== 'connected') return SILENT
  const up = Math.max(0, Math.floor((now - Math.max(bootedAt, state.since ?? bootedAt)) / 1000))
  const [unicast, multicast, broadcast] = [up * 3, Math.floor(up / 2), Math.floor(up / 10)]
  return { unicast, multicast, broadcast, octets: unicast * 96 + multicast * 119 + broadcast * 64 }
}

/** What a port carries a second in one direction: bits, and packets of 1,000 bytes. */
export function rateOf(context: ShowContext, port: string, way: 'in' | 'out'): { bits: number; packets: number } {
  const bits = context.state.rates().get(port)?.[way] ?? 0
  return { bits, packets: bits / 8000 }
}

export function packets({ unicast, multicast, broadcast }: Traffic): number {
  return unicast + multicast + broadcast
}

export interface ErrorTotals {
  readonly detail: Readonly<
    Record<'runtFrames' | 'giantFrames' | 'fcsErrors' | 'alignmentErrors' | 'symbolErrors', number>
  >
  readonly inErrors: number
  readonly outErrors: number
  readonly inDiscards: number
  readonly outDiscards: number
}

export function errorTotals(errors: ErrorCounts): ErrorTotals {
  const detail = {
    runtFrames: errors.runtFrames ?? 0,
    giantFrames: errors.giantFrames ?? 0,
    fcsErrors: errors.fcsErrors ?? 0,
    alignmentErrors: errors.alignmentErrors ?? 0,
    symbolErrors: errors.symbolErrors ?? 0,
  }
  return {
    detail,
    inErrors: Object.values(detail).reduce((sum, count) => sum + count, 0),
    outErrors: errors.outErrors ?? 0,
    inDiscards: errors.inDiscards ?? 0,
    outDiscards: errors.outDiscards ?? 0,
  }
}

/** One element of `show interfaces counters errors`. */
export function errorsJson({ detail, inErrors, outErrors }: ErrorTotals): JsonObject {
  return {
    inErrors,
    outErrors,
    fcsErrors: detail.fcsErrors,
    alignmentErrors: detail.alignmentErrors,
    symbolErrors: detail.symbolErrors,
    frameTooShorts: detail.runtFrames,
    frameTooLongs: detail.giantFrames,
  }
}
