import type { Device } from './device.ts'
import type { DeviceTarget } from './transport.ts'

// How long an answer is waited for where the inventory says nothing, in seconds.
const USUAL = 120

/** By how many seconds more than usual an answer of a switch is waited for; nothing where it is not more. */
export function patienceOf({ answerSeconds = USUAL }: DeviceTarget): Pick<Device, 'patience'> {
  return answerSeconds <= USUAL ? {} : { patience: answerSeconds - USUAL }
}
