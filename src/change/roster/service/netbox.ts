import type { JsonObject } from '../../../model/json.ts'
import type { DeviceForm } from './device-list.ts'
import { nameIn } from './device-record.ts'
import { listAddress, type PageRules } from './page-address.ts'

/**
 * The first page of NetBox's devices: ordered by id, so that a page does not depend on names that are edited meanwhile. `exclude` leaves config contexts
 * out until 4.6, `omit` since then (NetBox, REST API overview); each ignores the other's word.
 */
export function netboxAddress(rules: PageRules): URL {
  const context = rules.hasContext ? {} : { exclude: 'config_context', omit: 'config_context' }
  return listAddress(rules, { ordering: 'id', ...context })
}

/** The header that a token of NetBox is sent with: version 2 since 4.5 begins with `nbt_`, any other is version 1. */
export const netboxAuthorization = (token: string): string =>
  token.startsWith('nbt_') ? `Bearer ${token}` : `Token ${token}`

/** Until 3.6 its role was `device_role`, until 2.4 its platform a text. */
export const NETBOX: DeviceForm = {
  groups: [
    ['site', 'site'],
    ['location', 'location'],
    ['role', 'role'],
    ['role', 'device_role'],
    ['platform', 'platform'],
    ['manufacturer', 'device_type.manufacturer'],
    ['device_type', 'device_type'],
    ['tenant', 'tenant'],
    ['status', 'status'],
    ['tag', 'tags'],
  ],
  platform: ({ platform }: JsonObject) => words(platform),
}

function words(platform: JsonObject[string] | undefined) {
  const named = nameIn(platform)
  const name = typeof platform === 'object' && platform !== null && 'name' in platform ? platform.name : undefined
  return [named, name].filter((one) => typeof one === 'string')
}
