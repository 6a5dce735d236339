import type { OperationalFault } from './operational-fault.ts'

/** The instants after `from` and up to `until` at which faults begin, end, or turn a flapping link; the last so many. */
export function faultEdges(
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
