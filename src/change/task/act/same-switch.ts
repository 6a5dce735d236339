import type { DeviceIdentity } from '../../../eos/device/device.ts'
import { EosflowError } from '../../../model/error.ts'

/** Whether both are one switch: a reused address may lead to another (docs/fault-model.md row 32). */
export function isSameSwitch(a: DeviceIdentity, b: DeviceIdentity): boolean {
  return a.serial === b.serial && a.systemMac === b.systemMac
}

/**
 * Throws `wrong-device` unless both are one switch. `before`: how the sentence names the known one.
 */
export function requireSameSwitch(name: string, found: DeviceIdentity, known: DeviceIdentity, before: string): void {
  if (isSameSwitch(found, known)) return
  throw new EosflowError(
    'wrong-device',
    `${name}: another switch answers: serial ${found.serial}, MAC ${found.systemMac}; ${before} serial ${known.serial}, MAC ${known.systemMac}`,
    { device: name, hint: 'Check the address in inventory.yaml, then plan again.' },
  )
}
