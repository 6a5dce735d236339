import { ValueFault } from '../../src/model/lazy-value.ts'
import { membersOf } from '../../src/roster/members.ts'
import type { Layer, Roster, Variable } from '../../src/roster/roster.ts'
import { hostValues } from '../../src/roster/value/host-values.ts'
import { plain } from '../roster/value/own-host.ts'
import { Chance } from './inventory-generator.ts'

/** A template that is rendered with the variables of a host. */
export interface Asked {
  readonly host: string
  readonly text: string
}

/** Templates of a group `G` whose hosts have an order in Ansible. */
const ORDERED = [
  '{{ groups["G"] | to_json }}',
  '{{ groups["G"].index(inventory_hostname) }}-',
  '{{ groups["G"][0] }}{{ groups["G"][-1] }}',
  '{{ groups["G"] | join(",") }}',
  '{% for h in groups["G"] %}{{ loop.index }}:{{ h }}{{ "" if loop.last else " " }}{% endfor %}',
  '{{ groups["G"] | map("regex_replace", "[0-9]+", "n") | unique | join(" ") }}.',
  '{{ groups["G"] | reject("eq", inventory_hostname) | list | to_nice_yaml }}',
]
/** Templates in which the order of hosts means nothing. */
const OTHERS = [
  '{{ groups["G"] | sort | to_json }}',
  '{{ groups["G"] | length }}.',
  '{{ groups.keys() | list | to_json }}',
  '{{ groups | join(" ") }}',
  '{{ groups | dict2items | map(attribute="key") | to_yaml }}',
  '{{ inventory_hostname in groups["G"] }}.{{ "G" in groups }}.{{ "no" in groups }}',
  '{{ group_names | to_json }}{{ inventory_hostname_short }}',
  '{{ groups["no"] | default([]) | length }}{{ groups.all | length }}.',
  '{% for g in groups if inventory_hostname in groups[g] %}{{ g }} {% endfor %}.',
  '{{ [x | default("-"), y | default("-")] | to_json }}',
  '{{ ntp | default("-") | to_json }}{{ note is defined }}',
  '{{ hostvars[groups["G"][0]]["inventory_hostname"] }}',
]

/** Templates by chance of some hosts of an inventory, always the same ones for a seed. */
export function askedOf(seed: number, roster: Roster): readonly Asked[] {
  const chance = new Chance(seed)
  const hosts = [...roster.hosts.keys()]
  const groups = [...roster.groups.keys()].filter((name) => !name.includes('"'))
  if (hosts.length === 0 || groups.length === 0) return []
  return Array.from({ length: 10 }, () => {
    const group = chance.of(groups)
    const text = chance.of(hasOrder(roster, group) ? [...ORDERED, ...OTHERS] : OTHERS)
    return { host: chance.of(hosts), text: text.replaceAll('G"', `${group}"`) }
  })
}

/** Whether all hosts of a group are in it or in a group directly in it: deeper ones have no order in Ansible. */
function hasOrder(roster: Roster, name: string): boolean {
  const near = [name, ...(roster.groups.get(name)?.children ?? [])]
  const hosts = new Set(near.flatMap((group) => roster.groups.get(group)?.hosts ?? []))
  return hosts.size === [...membersOf(roster, name)].length
}

/** What a template becomes here with the variables of a host; undefined where it is refused. */
export function ownText(roster: Roster, name: string, text: string): string | undefined {
  const host = roster.hosts.get(name)
  if (host === undefined) return undefined
  const asked: Variable = { value: text, at: host.at, placeOf: () => host.at }
  const layer: Layer = { of: 'asked', vars: new Map([['asked', asked]]) }
  try {
    const made = plain(hostValues({ ...host, layers: [...host.layers, layer] }, { roster }).get('asked'))
    return typeof made === 'string' ? made : JSON.stringify(made)
  } catch (thrown) {
    if (thrown instanceof ValueFault) return undefined
    throw thrown
  }
}
