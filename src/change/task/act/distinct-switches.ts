import type { DeviceIdentity } from '../../../eos/device/device.ts'
import { EosflowError } from '../../../model/error.ts'
import { gathered } from '../../../model/map-keys.ts'

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
