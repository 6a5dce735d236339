import { definedMembers } from '../../../model/defined-members.ts'
import type { JsonObject } from '../../../model/json.ts'
import { type Problem, problemOf } from '../../../model/problem.ts'
import { type ListedGroup, type ListForm, plainListed } from '../hosts/listed-value.ts'
import { addressIn, dataOf, nameIn, slugOf, valueAt } from './device-record.ts'

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
  const groups = new Map<string, string[]>()
  for (const { name, groups: own } of hosts) {
    for (const group of new Set(own.length === 0 ? ['ungrouped'] : own)) {
      const members = groups.get(group) ?? []
      members.push(name)
      groups.set(group, members)
    }
  }
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
