import type { ConfigReading } from '../../../eos/device/device.ts'
import type { TaskContext } from './context.ts'
import { observeSwitch, type SwitchNow } from './observe-switch.ts'

/** How often a switch is asked where it is while somebody types on it. */
const ASKED = 3

/**
 * Where a switch is, asked again while somebody types between the two commands of the reading: what is about to be put back takes
 * away what the first of them does not show.
 */
export async function observeUndisturbed(context: TaskContext<unknown>, name: string): Promise<SwitchNow> {
  let now = await observeSwitch(context, name)
  for (let asked = 1; asked < ASKED && isTypedOn(now.reading); asked++) now = await observeSwitch(context, name)
  return now
}

/** Whether the switch's own diff adds a line that its running-config, printed right before, does not hold. */
function isTypedOn({ running, startupDiff = '' }: ConfigReading): boolean {
  const held = new Set(running.split('\n').map((line) => line.trim()))
  return startupDiff
    .split('\n')
    .some((line) => line.startsWith('+') && !line.startsWith('+++') && !held.has(line.slice(1).trim()))
}
