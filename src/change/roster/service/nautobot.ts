import type { DeviceForm } from './device-list.ts'
import { nameIn } from './device-record.ts'
import { listAddress, type PageRules } from './page-address.ts'

/**
 * The first page of Nautobot's devices, with related objects in whole (`depth=1`) and ordered by id. Config contexts are given to who asks
 * for them (Nautobot, REST API overview).
 */
export function nautobotAddress(rules: PageRules): URL {
  return listAddress(rules, { depth: '1', sort: 'id', ...(rules.hasContext ? { include: 'config_context' } : {}) })
}

/** The header that a token of Nautobot is sent with. */
export const nautobotAuthorization = (token: string): string => `Token ${token}`

/** What Nautobot calls the relations of a device: it has locations for sites, and names for slugs. */
export const NAUTOBOT: DeviceForm = {
  groups: [
    ['location', 'location'],
    ['role', 'role'],
    ['platform', 'platform'],
    ['device_type', 'device_type'],
    ['tenant', 'tenant'],
    ['status', 'status'],
    ['tag', 'tags'],
  ],
  platform: ({ platform }) => {
    if (typeof platform !== 'object' || platform === null || !('name' in platform)) return []
    return [nameIn(platform), platform.name, platform.network_driver].filter((one) => typeof one === 'string')
  },
}
