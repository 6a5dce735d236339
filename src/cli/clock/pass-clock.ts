import { behindWords, type ClockRule } from '../../journal/clock-rule.ts'
import type { Io } from '../io.ts'

/** Lets a command write whatever its clock says, because it may have to put a switch back: what stands against it is a warning. */
export function passClock(rule: ClockRule | undefined, io: Pick<Io, 'err'>): void {
  const fault = rule?.waive()
  if (fault === undefined) return
  io.err(`warning: ${behindWords(fault)}; it goes on all the same, because switches may have to be put back\n`)
}
