import type { ConfigReading } from '../../../eos/device/device.ts'
import type { TaskContext } from './context.ts'
import { observeSwitch, type SwitchNow } from './observe-switch.ts'

const ASKED = 3

export async function observeUndisturbed(context: TaskContext<unknown>, name: string): Promise<SwitchNow> {
  let now = await observeSwitch(context, name)
  for (let asked = 1; asked < ASKED && isTypedOn(now.reading); asked++) now = await observeSwitch(context, name)
  return now
}

function isTypedOn({ running, startupDiff = '' }: ConfigReading) {
  const held = new Set(running.split('\n').map((line) => line.trim()))
  return startupDiff
    .split('\n')
    .some((line) => line.startsWith('+') && !line.startsWith('+++') && !held.has(line.slice(1).trim()))
}
