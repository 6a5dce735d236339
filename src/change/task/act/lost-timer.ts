import type { Look } from '../../../eos/device/device.ts'
import type { TaskContext } from './context.ts'

// By how many seconds two readings of the same time may disagree: an uptime is told in whole seconds.
const SLACK = 2

/**
 * Whether a switch has booted since its commit timer was started: it is up for less time than that. Says how something came about
 * and decides nothing, because the controller's clock may have jumped.
 */
export function hasRebooted(
  { clock, history }: Pick<TaskContext<unknown>, 'clock' | 'history'>,
  name: string,
  { uptime }: Pick<Look, 'uptime'>,
): boolean {
  const { armedAt } = history(name)
  return armedAt !== undefined && uptime + SLACK < (clock.now() - armedAt) / 1000
}

export function lostTimer(
  context: Pick<TaskContext<unknown>, 'clock' | 'history'>,
  name: string,
  look: Pick<Look, 'uptime'>,
): string {
  const lost = 'the change is no longer under our commit timer'
  return hasRebooted(context, name, look) ? `the switch has rebooted: ${lost}` : lost
}
