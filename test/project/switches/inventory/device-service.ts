import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Service, startService } from '../../../lab/service.ts'
import { type HeardFault, SPOILT } from '../../execution/around/loopback-service.ts'

/** A token of version 1, and one of version 2, as NetBox 4.5 and later makes them. */
export const TOKENS = {
  v1: '0123456789abcdef0123456789abcdef01234567',
  v2: 'nbt_Kx7Rm2QpVt9a.6bJ0cYwHnE3sLuD8fZ1gXo5iTqA4rMkBvPeN7yCd',
} as const

const SITES = ['ams1', 'fra-2', 'lon3'] as const
const ROLES = ['leaf', 'spine', 'border-leaf'] as const

const related = (path: string, id: number, slug: string) => ({
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
) {
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

/** A token of Nautobot: 40 hexadecimal digits. */
export const NAUTOBOT_TOKEN = 'fedcba9876543210fedcba9876543210fedcba98'

/** The id of a device: a UUID, whose order has nothing to do with that of the devices. */
export const idOf = (number: number) => {
  const mixed = ((number * 2_654_435_761) >>> 0).toString(16).padStart(8, '0')
  return `${mixed}-0000-4000-8000-${String(number).padStart(12, '0')}`
}

const relatedInNautobot = (type: string, name: string, more: object = {}) => ({
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
    device_type: relatedInNautobot('dcim.devicetype', 'DCS-7050SX3-48YC8', {
      name: undefined,
      model: 'DCS-7050SX3-48YC8',
      manufacturer: {
        id: idOf(7),
        object_type: 'dcim.manufacturer',
        url: 'http://nautobot.example/api/dcim/manufacturers/7/',
      },
    }),
    status: relatedInNautobot('extras.status', 'Active', { color: '4caf50' }),
    role: relatedInNautobot('extras.role', number % 2 === 0 ? 'Leaf' : 'Border Leaf', {
      color: '2196f3',
      weight: null,
    }),
    tenant: null,
    platform: relatedInNautobot('dcim.platform', 'Arista EOS', { network_driver: 'arista_eos', napalm_driver: 'eos' }),
    location: relatedInNautobot('dcim.location', number % 3 === 0 ? 'AMS1' : 'FRA2'),
    rack: null,
    primary_ip4: relatedInNautobot('ipam.ipaddress', address, {
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
    tags: [relatedInNautobot('extras.tag', 'core', { color: '9e9e9e' })],
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

interface FilteredInNautobot {
  readonly location?: { readonly name: string }
  readonly role?: { readonly name: string }
  readonly status?: { readonly name: string }
}

/** Starts a Nautobot that has these devices. An unknown filter is refused, as Nautobot does (STRICT_FILTERING). */
export function startNautobot(records: readonly object[], more: Partial<DeviceServiceOptions> = {}) {
  return startDeviceService({
    records,
    authorization: `Token ${NAUTOBOT_TOKEN}`,
    filters: {
      location: ({ location }: FilteredInNautobot) => location?.name,
      role: ({ role }: FilteredInNautobot) => role?.name,
      status: ({ status }: FilteredInNautobot) => status?.name,
    },
    isStrict: true,
    withContext: ({ searchParams }) => searchParams.get('include') === 'config_context',
    ...more,
  })
}

/** What a page of the service does instead of answering well. `page` counts from 1, `tries` how often this page was asked for. */
export type Misbehave = (asked: AskedPage, answer: Answer) => Answer | undefined

/** One request for a page. A page begins with the last record of the one before. */
export interface AskedPage {
  readonly page: number
  /** Of this page, from 1. */
  readonly tries: number
  readonly url: URL
  readonly response: ServerResponse
}

/** What the service is about to say. */
export interface Answer {
  readonly count: number
  readonly next: string | null
  readonly previous: string | null
  readonly results: readonly object[]
}

/** A service that keeps devices, as NetBox and Nautobot do. */
export interface DeviceServiceOptions {
  readonly records: readonly object[]
  /** The branches of a NetBox, in the shape of NetBox Branching. Absent: it is not installed. */
  readonly branches?: () => readonly { readonly name: string; readonly schema_id: string }[]
  /** The devices that are seen under the header of a branch, by its schema. */
  readonly onBranch?: (schema: string) => readonly object[]
  /** The header that it wants. */
  readonly authorization: string
  /** `MAX_PAGE_SIZE` there. */
  readonly maxPageSize?: number
  /** What a token that may not see all sees. */
  readonly seen?: (record: object) => boolean
  /** What becomes of the nth request of all, counted from 1; undefined: it is answered. */
  readonly spoil?: (nth: number, path: string) => HeardFault | undefined
  /** Undefined: it has answered itself. */
  readonly misbehave?: Misbehave
  /** The filters that it takes: a record fits where it has one of the values. */
  readonly filters?: Readonly<Record<string, (record: never) => string | undefined>>
  /** Whether an unknown filter is refused, as Nautobot does, or passed over, as NetBox does. */
  readonly isStrict?: boolean
  /** How it is reached, where its own idea of that differs: what a proxy before it changes. */
  readonly calledOrigin?: string
  /** Whether `config_context` is in the records of an answer. */
  readonly withContext: (url: URL) => boolean
}

const PAGING: readonly string[] = ['limit', 'offset', 'ordering', 'sort', 'exclude', 'omit', 'include', 'depth']

/** Starts such a service on loopback, with the paging of both products (netbox/api/pagination.py). Ends with the test. */
export async function startDeviceService(options: DeviceServiceOptions) {
  const tries = new Map<string, number>()
  const service: Service = await startService((request, response) => {
    const url = new URL(request.url ?? '', service.origin)
    if (request.headers.authorization !== options.authorization) return forbidden(response)
    if (isSpoilt(url, { request, response, nth: service.seen.length }, options)) return
    if (url.pathname !== '/api/dcim/devices/') return void elsewhere(url, response, options)
    const unknown = unknownFilter(url, options)
    if (unknown !== undefined && options.isStrict === true)
      return json(response, 400, { [unknown]: ['Unknown filter field'] })
    const answer = answerOf(url, request, options)
    const asked = (tries.get(url.href) ?? 0) + 1
    tries.set(url.href, asked)
    const page = Math.floor(Number(url.searchParams.get('offset') ?? 0) / (pageSize(url, options) - 1)) + 1
    const { misbehave = (_: AskedPage, good: Answer) => good } = options
    const given = misbehave({ page, tries: asked, url, response }, answer)
    if (given !== undefined) json(response, 200, given)
  })
  return service
}

function unknownFilter({ searchParams }: URL, { filters }: DeviceServiceOptions) {
  return [...searchParams.keys()].find((name) => !PAGING.includes(name) && filters?.[name] === undefined)
}

interface Heard {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly nth: number
}

function isSpoilt(url: URL, { request, response, nth }: Heard, options: DeviceServiceOptions) {
  const fault = options.spoil?.(nth, url.pathname)
  if (fault === undefined) return false
  const body = url.pathname === '/api/dcim/devices/' ? answerOf(url, request, options) : branchesOf(url, options)
  const carryOut = () => ({ status: 200, body: body as never })
  // Nobody listens where it leads to.
  SPOILT[fault]({ request, response, elsewhere: 'http://127.0.0.1:9', carryOut })
  return true
}

function elsewhere(url: URL, response: ServerResponse, options: DeviceServiceOptions) {
  if (url.pathname !== '/api/plugins/branching/branches/' || options.branches === undefined) {
    json(response, 404, { detail: 'Not found.' })
    return
  }
  json(response, 200, branchesOf(url, options))
}

function branchesOf(url: URL, { branches = () => [] }: DeviceServiceOptions) {
  const results = branches().filter(({ name }) => name === url.searchParams.get('name'))
  return { count: results.length, next: null, previous: null, results }
}

function pageSize(url: URL, { maxPageSize = 1000 }: DeviceServiceOptions) {
  const limit = Number(url.searchParams.get('limit') ?? 50)
  return limit === 0 ? maxPageSize : Math.min(limit, maxPageSize)
}

function answerOf(url: URL, request: IncomingMessage, options: DeviceServiceOptions) {
  const { seen = () => true, filters = {} } = options
  const schema = request.headers['x-netbox-branch']
  const records = typeof schema === 'string' ? (options.onBranch?.(schema) ?? []) : options.records
  const fits = (record: object) =>
    Object.entries(filters).every(([name, of]) => {
      const wanted = url.searchParams.getAll(name)
      return wanted.length === 0 || wanted.includes(of(record as never) ?? '')
    })
  const found = records.filter((record) => seen(record) && fits(record))
  const [offset, limit] = [Number(url.searchParams.get('offset') ?? 0), pageSize(url, options)]
  const hasContext = options.withContext(url)
  const link = (at: number) => {
    const other = new URL(url.pathname + url.search, options.calledOrigin ?? `http://${request.headers.host}`)
    other.searchParams.set('limit', String(limit))
    if (at > 0) other.searchParams.set('offset', String(at))
    else other.searchParams.delete('offset')
    return other.href
  }
  return {
    count: found.length,
    next: offset + limit < found.length ? link(offset + limit) : null,
    previous: offset > 0 ? link(Math.max(0, offset - limit)) : null,
    results: found.slice(offset, offset + limit).map((record) => {
      const { config_context, ...rest } = record as { readonly config_context?: object }
      return hasContext ? { ...rest, config_context: config_context ?? {} } : rest
    }),
  }
}

/** Answers with JSON. */
export function json(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
}

const forbidden = (response: ServerResponse) => json(response, 403, { detail: 'Invalid token' })
