import type { DeviceIdentity } from '../../../eos/device/device.ts'
import { EosflowError } from '../../../model/error.ts'
import { gathered } from '../../../model/json.ts'

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

/** Equal are serial number and system MAC, neither of them empty: a virtual switch may have no serial number. Throws `guard`. */
export function requireDistinct(
  switches: readonly (readonly [name: string, identity: Pick<DeviceIdentity, 'serial' | 'systemMac'>])[],
): void {
  const names = switches.flatMap(([name, { serial, systemMac }]) =>
    serial === '' || systemMac === ''
      ? []
      : [[`serial number ${serial} and system MAC ${systemMac.toLowerCase()}`, name] as const],
  )
  const shared = [...gathered(names)].filter(([, all]) => all.length > 1)
  if (shared.length === 0) return
  const message = shared
    .map(([who, all]) => `${all.slice(0, -1).join(', ')} and ${all.at(-1)} are one switch: ${who}`)
    .join('\n')
  throw new EosflowError('guard', message, {
    hint: 'Delete all but one of the names from the inventory, or give each the address of another switch, then plan again.',
  })
}
