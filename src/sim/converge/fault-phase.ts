import type { OperationalFault } from './operational-fault.ts'

/** Milliseconds between two looks at what changes all the time. */
const TICK = 1000

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
