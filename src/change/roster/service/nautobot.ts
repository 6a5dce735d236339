import type { DeviceForm } from './device-list.ts'
import { nameIn } from './device-record.ts'
import { listAddress, type PageRules } from './page-address.ts'

/** The first page of Nautobot's devices, with related objects in whole (`depth=1`) and ordered by id. */
export function nautobotAddress(rules: PageRules): URL {
  return listAddress(rules, { depth: '1', sort: 'id', ...(rules.hasContext ? { include: 'config_context' } : {}) })
}

export const nautobotAuthorization = (token: string): string => `Token ${token}`

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
