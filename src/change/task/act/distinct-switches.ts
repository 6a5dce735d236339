import type { DeviceIdentity } from '../../../eos/device/device.ts'
import { EosflowError } from '../../../model/error.ts'

/** Equal are serial number and system MAC, neither of them empty: a virtual switch may have no serial number. Throws `guard`. */
export function requireDistinct(
  switches: readonly (readonly [name: string, identity: Pick<DeviceIdentity, 'serial' | 'systemMac'>])[],
): void {
  const names = new Map<string, string[]>()
  for (const [name, { serial, systemMac }] of switches) {
    if (serial === '' || systemMac === '') continue
    const who = `serial number ${serial} and system MAC ${systemMac.toLowerCase()}`
    names.set(who, [...(names.get(who) ?? []), name])
  }
  const shared = [...names].filter(([, all]) => all.length > 1)
  if (shared.length === 0) return
  const message = shared.map(([who, all]) => `${listed(all)} are one switch: ${who}`).join('\n')
  throw new EosflowError('guard', message, {
    hint: 'Delete all but one of the names from the inventory, or give each the address of another switch, then plan again.',
  })
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
