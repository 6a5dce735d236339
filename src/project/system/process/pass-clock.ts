import { behindWords, type ClockRule } from '../../../change/record/clock-rule.ts'
import type { Console } from './console.ts'

/** Lets a command write whatever its clock says, because it may have to put a switch back: what stands against it is a warning. */
export async function passClock(rule: ClockRule | undefined, caller: Pick<Console, 'tell'>): Promise<void> {
  const fault = await rule?.waive()
  if (fault === undefined) return
  caller.tell(`! ${behindWords(fault)}; it goes on all the same, because switches may have to be put back\n`)
}
