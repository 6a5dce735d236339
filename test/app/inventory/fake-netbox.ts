import type { Service } from '../../transport/http-service.ts'
import { type DeviceServiceOptions, startDeviceService } from './device-service.ts'

/** A token of version 1, and one of version 2, as NetBox 4.5 and later makes them. */
export const TOKENS = {
  v1: '0123456789abcdef0123456789abcdef01234567',
  v2: 'nbt_Kx7Rm2QpVt9a.6bJ0cYwHnE3sLuD8fZ1gXo5iTqA4rMkBvPeN7yCd',
} as const

const SITES = ['ams1', 'fra-2', 'lon3'] as const
const ROLES = ['leaf', 'spine', 'border-leaf'] as const

const related = (path: string, id: number, slug: string): object => ({
  id,
  url: `http://netbox.example/api/dcim/${path}/${id}/`,
  display: slug.toUpperCase(),
  name: slug.toUpperCase(),
  slug,
  description: '',
  device_count: 40,
})

/** A device in the shape of NetBox 4.2 (netbox/dcim/api/serializers_/devices.py), invented. */
export function netboxDevice(id: number, more: object = {}): object {
  const site = SITES[id % SITES.length] ?? 'ams1'
  const role = ROLES[id % ROLES.length] ?? 'leaf'
  const address = `10.${id >> 16}.${(id >> 8) & 255}.${id & 255}/24`
  const ip = {
    id: 900_000 + id,
    url: `http://netbox.example/api/ipam/ip-addresses/${id}/`,
    display: address,
    family: { value: 4, label: 'IPv4' },
    address,
    description: '',
  }
  return {
    id,
    url: `http://netbox.example/api/dcim/devices/${id}/`,
    display_url: `http://netbox.example/dcim/devices/${id}/`,
    display: `sw${id}`,
    name: `sw${id}`,
    device_type: {
      ...related('device-types', 3, 'dcs-7050sx3-48yc8'),
      model: 'DCS-7050SX3-48YC8',
      manufacturer: related('manufacturers', 1, 'arista'),
    },
    role: related('device-roles', 1, role),
    tenant: null,
    platform: related('platforms', 1, 'arista-eos'),
    serial: `SSJ${id}`,
    asset_tag: null,
    site: related('sites', 1, site),
    location: null,
    rack: null,
    position: 12,
    face: { value: 'front', label: 'Front' },
    status: { value: 'active', label: 'Active' },
    primary_ip: ip,
    primary_ip4: ip,
    primary_ip6: null,
    oob_ip: null,
    cluster: null,
    virtual_chassis: null,
    vc_position: null,
    description: '',
    comments: 'uses {{ braces }}',
    config_context: { ntp: ['192.0.2.1'], asn: 65000 + (id % 500) },
    local_context_data: null,
    tags: [
      {
        id: 4,
        url: 'http://netbox.example/api/extras/tags/4/',
        display: 'core',
        name: 'Core',
        slug: 'core',
        color: '9e9e9e',
      },
    ],
    custom_fields: { mgmt_vrf: 'MGMT', contract: null },
    created: '2026-01-05T09:00:00.000000Z',
    last_updated: '2026-11-20T16:41:03.512345Z',
    console_port_count: 1,
    interface_count: 56,
    ...more,
  }
}

/** As many of them, with ids from 1. */
export const netboxDevices = (count: number): readonly object[] =>
  Array.from({ length: count }, (_, index) => netboxDevice(index + 1))

interface Filtered {
  readonly site?: { readonly slug: string }
  readonly role?: { readonly slug: string }
  readonly status?: { readonly value: string }
}

/** Starts a NetBox that has these devices. An unknown filter is passed over, as NetBox does. */
export function startNetbox(
  records: readonly object[],
  more: Partial<DeviceServiceOptions> & { readonly token?: string } = {},
): Promise<Service> {
  const { token = TOKENS.v1, ...rest } = more
  return startDeviceService({
    records,
    authorization: token.startsWith('nbt_') ? `Bearer ${token}` : `Token ${token}`,
    filters: {
      site: ({ site }: Filtered) => site?.slug,
      role: ({ role }: Filtered) => role?.slug,
      status: ({ status }: Filtered) => status?.value,
    },
    withContext: ({ searchParams }) =>
      searchParams.get('exclude') !== 'config_context' && searchParams.get('omit') !== 'config_context',
    ...rest,
  })
}
