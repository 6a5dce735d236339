import { type Problem, problemOf } from '../../../model/error.ts'
import { definedMembers, gathered, isJsonObject, type Json, type JsonObject, ownMember } from '../../../model/json.ts'
import { type ListedGroup, type ListForm, plainListed } from '../hosts/roster.ts'

// A value inside a record, by its path with dots: `role.slug`, `custom_fields.mgmt`.
function valueAt(record: JsonObject, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((value, key) => isJsonObject(value) && ownMember(value, key), record)
}

/** What names a related object: its `slug` where it has one, else its `value` (a choice), its `name`, its `model`; a text is its own name. */
export function nameIn(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value
  if (!isJsonObject(value)) return undefined
  const named = [value.slug, value.value, value.name, value.model].find(
    (one) => one !== undefined && one !== null && one !== '',
  )
  return typeof named === 'string' || typeof named === 'number' ? String(named) : undefined
}

function addressIn(value: Json | undefined): string | undefined {
  const text = isJsonObject(value) ? (value.address ?? value.host ?? value.display) : value
  return typeof text === 'string' && text !== '' ? text.replace(/\/\d{1,3}$/, '') : undefined
}

const NOISE = /^(?:url|display_url|notes_url|natural_slug|created|last_updated|_depth)$|_count$/

function dataOf(
  record: JsonObject,
  kept: readonly string[] = ['custom_fields', 'config_context', 'local_context_data'],
): JsonObject {
  return Object.fromEntries(
    Object.entries(record)
      .filter(([key]) => !NOISE.test(key))
      .map(([key, value]) => [key, kept.includes(key) ? value : quiet(value)]),
  )
}

function quiet(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(quiet)
  return isJsonObject(value) ? dataOf(value, []) : value
}

// A text as Django writes it in an address: lower case, letters, digits, `_` and `-`; `Test VM With Spaces` is `test-vm-with-spaces`.
function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '')
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .trim()
    .replace(/[-\s]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '')
}

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

export interface DeviceRules {
  readonly source: string
  readonly address: string
  readonly hostname: 'name' | 'slug'
  /** The platforms whose devices are switches, by slug or name; without it those that name EOS. */
  readonly platforms?: readonly string[]
}

export interface DeviceForm {
  /** From the prefix of a group to the path of what names it: `site_` from `site`. */
  readonly groups: readonly (readonly [prefix: string, path: string])[]
  readonly platform: (record: JsonObject) => readonly string[]
}

export interface DeviceList {
  readonly list: ListForm
  readonly errors: readonly Problem[]
  readonly warnings: readonly Problem[]
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
const WORDS: readonly string[] = ['and', 'or', 'not']

interface Host {
  readonly name: string
  readonly vars: JsonObject
  readonly groups: readonly string[]
  readonly isSwitch: boolean
}

/** The records of a service as hosts, in the shape of `ansible-inventory --list`. A switch has `ansible_network_os`, and `ansible_host` where the record has an address. */
export function deviceList(records: readonly JsonObject[], rules: DeviceRules, form: DeviceForm): DeviceList {
  const errors: Problem[] = []
  const warnings: Problem[] = []
  const hosts = new Map<string, Host>()
  for (const record of records) {
    const host = hostOf(record, rules, form)
    const say = (problem: Problem) => (host.isSwitch ? errors : warnings).push(problem)
    const before = hosts.get(host.name)
    if (!isName(host.name)) say(noName(record, host.name, rules))
    else if (before !== undefined)
      (before.isSwitch || host.isSwitch ? errors : warnings).push(twice(before, host, rules))
    else {
      hosts.set(host.name, host)
      if (host.isSwitch && host.vars.ansible_host === undefined) warnings.push(noAddress(record, rules))
    }
  }
  return { list: listOf([...hosts.values()]), errors, warnings }
}

function hostOf(record: JsonObject, rules: DeviceRules, form: DeviceForm): Host {
  const given = typeof record.name === 'string' ? record.name : ''
  const address = addressIn(valueAt(record, rules.address))
  const isSwitch = isEos(form.platform(record), rules)
  return {
    name: rules.hostname === 'slug' ? slugOf(given) : given,
    vars: {
      ...(plainListed(dataOf(record)) as JsonObject),
      ...definedMembers({ ansible_host: address }),
      ...(isSwitch ? { ansible_network_os: 'arista.eos.eos' } : {}),
    },
    groups: groupsOf(record, form),
    isSwitch,
  }
}

function isEos(platform: readonly string[], { platforms }: DeviceRules) {
  if (platforms !== undefined) return platform.some((word) => platforms.includes(word))
  return platform.some((word) => /(?:^|[^a-z0-9])eos(?:[^a-z0-9]|$)/i.test(word))
}

function groupsOf(record: JsonObject, { groups }: DeviceForm) {
  return groups.flatMap(([prefix, path]) => {
    const value = valueAt(record, path)
    return [value]
      .flat()
      .map((one) => nameIn(one))
      .filter((one) => one !== undefined)
      .map((one) => `${prefix}_${one.replace(/[^A-Za-z0-9._-]+/g, '_')}`)
  })
}

function listOf(hosts: readonly Host[]): ListForm {
  const groups = gathered(
    hosts.flatMap(({ name, groups: own }) =>
      [...new Set(own.length === 0 ? ['ungrouped'] : own)].map((group) => [group, name] as const),
    ),
  )
  const names = [...groups.keys()].sort()
  const listed: Readonly<Record<string, ListedGroup>> = Object.fromEntries(
    names.map((name) => [name, { hosts: groups.get(name) ?? [] }]),
  )
  return {
    _meta: { hostvars: Object.fromEntries(hosts.map(({ name, vars }) => [name, vars])) },
    all: { children: names },
    ...listed,
  }
}

const isName = (name: string) => NAME.test(name) && !WORDS.includes(name)

const idOf = (record: JsonObject) => String(record.id)

function noName(record: JsonObject, name: string, { source, hostname }: DeviceRules) {
  const says =
    typeof record.name === 'string' && record.name !== ''
      ? `device ${idOf(record)} ${JSON.stringify(record.name)} cannot be a name`
      : `device ${idOf(record)} has no name`
  const hint =
    hostname === 'slug' || name === ''
      ? 'Give it a name there, or leave it out by the query.'
      : 'Write `hostname: slug` for names as `test-vm-with-spaces`, or give it another name there.'
  return problemOf(source, 'inventory-name', says, hint)
}

function twice(before: Host, host: Host, { source }: DeviceRules) {
  const [first, second] = [String(before.vars.id), String(host.vars.id)]
  return problemOf(
    source,
    'inventory-name',
    `devices ${first} and ${second} have the same name ${JSON.stringify(host.name)}`,
    'Names are unique here. Give one of them another name there, or leave it out by the query.',
  )
}

function noAddress(record: JsonObject, { source, address }: DeviceRules) {
  return problemOf(
    source,
    'inventory-address',
    `device ${idOf(record)} ${JSON.stringify(record.name)} has no ${address}: it has no address`,
    'Give it one there, or name another field as `address`.',
  )
}

type ServiceQuery = Readonly<Record<string, string | number | boolean | readonly (string | number | boolean)[]>>

export interface PageRules {
  readonly url: string
  readonly query: ServiceQuery
  readonly pageSize: number
  readonly hasContext: boolean
}

// The first page of a list, as `limit` and filters ask for it.
function listAddress({ url, query, pageSize }: PageRules, own: Readonly<Record<string, string>>): URL {
  const address = new URL(`${url.replace(/\/+$/, '')}/api/dcim/devices/`)
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) address.searchParams.append(name, String(one))
  }
  for (const [name, value] of Object.entries({ ...own, limit: String(pageSize) })) address.searchParams.set(name, value)
  return address
}
