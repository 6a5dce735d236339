import type { Service } from '../../transport/http-service.ts'
import { type DeviceServiceOptions, startDeviceService } from './device-service.ts'

/** A token of Nautobot: 40 hexadecimal digits. */
export const NAUTOBOT_TOKEN = 'fedcba9876543210fedcba9876543210fedcba98'

/** The id of a device: a UUID, whose order has nothing to do with that of the devices. */
export const idOf = (number: number): string => {
  const mixed = ((number * 2_654_435_761) >>> 0).toString(16).padStart(8, '0')
  return `${mixed}-0000-4000-8000-${String(number).padStart(12, '0')}`
}

const related = (type: string, name: string, more: object = {}): object => ({
  id: idOf(name.length * 1000),
  object_type: type,
  display: name,
  url: `http://nautobot.example/api/${type.replace('.', '/')}/${name}/`,
  natural_slug: `${name}_1234`,
  name,
  description: '',
  created: '2026-01-05T09:00:00.000000Z',
  last_updated: '2026-11-20T16:41:03.512345Z',
  notes_url: `http://nautobot.example/api/${type.replace('.', '/')}/${name}/notes/`,
  custom_fields: {},
  ...more,
})

/** A device in the shape of Nautobot 2 with `depth=1` (nautobot/dcim/api/serializers.py), invented. */
export function nautobotDevice(number: number, more: object = {}): object {
  const address = `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}/32`
  return {
    id: idOf(number),
    object_type: 'dcim.device',
    display: `sw${number}`,
    url: `http://nautobot.example/api/dcim/devices/${idOf(number)}/`,
    natural_slug: `sw${number}_1234`,
    face: null,
    local_config_context_data: null,
    name: `sw${number}`,
    serial: `SSJ${number}`,
    asset_tag: null,
    position: null,
    comments: '',
    device_type: related('dcim.devicetype', 'DCS-7050SX3-48YC8', {
      name: undefined,
      model: 'DCS-7050SX3-48YC8',
      manufacturer: {
        id: idOf(7),
        object_type: 'dcim.manufacturer',
        url: 'http://nautobot.example/api/dcim/manufacturers/7/',
      },
    }),
    status: related('extras.status', 'Active', { color: '4caf50' }),
    role: related('extras.role', number % 2 === 0 ? 'Leaf' : 'Border Leaf', { color: '2196f3', weight: null }),
    tenant: null,
    platform: related('dcim.platform', 'Arista EOS', { network_driver: 'arista_eos', napalm_driver: 'eos' }),
    location: related('dcim.location', number % 3 === 0 ? 'AMS1' : 'FRA2'),
    rack: null,
    primary_ip4: related('ipam.ipaddress', address, {
      name: undefined,
      address,
      host: address.replace('/32', ''),
      mask_length: 32,
      ip_version: 4,
    }),
    primary_ip6: null,
    cluster: null,
    virtual_chassis: null,
    created: '2026-01-05T09:00:00.000000Z',
    last_updated: '2026-11-20T16:41:03.512345Z',
    tags: [related('extras.tag', 'core', { color: '9e9e9e' })],
    notes_url: `http://nautobot.example/api/dcim/devices/${idOf(number)}/notes/`,
    custom_fields: { mgmt_vrf: 'MGMT' },
    config_context: { ntp: ['192.0.2.1'] },
    ...more,
  }
}

/** As many of them, in the order of their ids. */
export const nautobotDevices = (count: number): readonly object[] =>
  Array.from({ length: count }, (_, index) => index + 1)
    .sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1))
    .map((number) => nautobotDevice(number))

interface Filtered {
  readonly location?: { readonly name: string }
  readonly role?: { readonly name: string }
  readonly status?: { readonly name: string }
}

/** Starts a Nautobot that has these devices. An unknown filter is refused, as Nautobot does (STRICT_FILTERING). */
export function startNautobot(records: readonly object[], more: Partial<DeviceServiceOptions> = {}): Promise<Service> {
  return startDeviceService({
    records,
    authorization: `Token ${NAUTOBOT_TOKEN}`,
    filters: {
      location: ({ location }: Filtered) => location?.name,
      role: ({ role }: Filtered) => role?.name,
      status: ({ status }: Filtered) => status?.name,
    },
    isStrict: true,
    withContext: ({ searchParams }) => searchParams.get('include') === 'config_context',
    ...more,
  })
}
