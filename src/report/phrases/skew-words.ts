import type { ClockReading } from '../../eos/device/clock-agreement.ts'
import { duration } from '../text/text.ts'

const DAY = 86_400

/** How far the clock of a switch is off: `leaf1: its clock is 365 days behind this machine's`. */
export function skewWords({ device, skew }: ClockReading): string {
  return `${device}: its clock is ${apart(Math.abs(skew))} ${skew > 0 ? 'ahead of' : 'behind'} this machine's`
}

function apart(seconds: number) {
  return seconds < 2 * DAY ? duration(Math.round(seconds)) : `${Math.round(seconds / DAY)} days`
}
