import { EosflowError } from '../../../model/error.ts'
import { isJsonObject, type Json } from '../../../model/json.ts'
import type { DeviceIdentity, DeviceTime } from '../../device/device.ts'

// The release at the head of a version; cEOS appends its build (`4.31.1F-34554157.4311F (engineering build)`).
const RELEASE = /^\d+(?:\.\d+)+[A-Z]*/

/** Who a switch is and what its clock says (`show version`, docs/eos.md 6.1). The serial number may be empty (vEOS). */
export function readVersion(reply: Json): { readonly identity: DeviceIdentity; readonly time: DeviceTime } {
  if (!isJsonObject(reply)) throw unreadable('an answer')
  const { serialNumber, systemMacAddress, version, modelName, uptime, bootupTimestamp } = reply
  if (typeof version !== 'string') throw unreadable('its version')
  if (typeof serialNumber !== 'string' || typeof systemMacAddress !== 'string') throw unreadable('its identity')
  if (typeof uptime !== 'number' || typeof bootupTimestamp !== 'number') throw unreadable('its uptime')
  return {
    identity: {
      serial: serialNumber,
      systemMac: systemMacAddress,
      eos: RELEASE.exec(version)?.[0] ?? version,
      model: typeof modelName === 'string' ? modelName : '',
    },
    time: { uptime, epoch: bootupTimestamp + uptime },
  }
}

function unreadable(what: string) {
  return new EosflowError('protocol', `show version does not tell ${what}`, {
    hint: 'eosflow needs EOS 4.23 or later.',
  })
}
