import { ADDRESS_FILTERS, UTILS_FILTERS } from '../address/filters.ts'
import { versionOrder } from '../text/version.ts'
import { isTrue } from '../value/compare.ts'
import { listOf } from '../value/iterate.ts'
import { textOf } from '../value/print.ts'
import { ANSIBLE_TEXT_FILTERS } from './ansible-text.ts'
import { AVD_FILTERS } from './avd.ts'
import { type Filters, filter } from './define.ts'
import { JSON_FILTERS, TO_JSON } from './json.ts'
import { MAPPING_FILTERS } from './mapping.ts'
import { ANSIBLE_NUMBER_FILTERS, NUMBER_FILTERS } from './number.ts'
import { PATTERN_FILTERS } from './pattern.ts'
import { PICKING_FILTERS } from './pick.ts'
import { SEQUENCE_FILTERS } from './sequence.ts'
import { SET_FILTERS } from './sets.ts'
import { TEXT_FILTERS } from './text.ts'
import { VLAN_EXPANDER, VLAN_PARSER } from './vlan.ts'

/** Filters of Ansible itself: known by their name, and with its collection before it. */
const CORE: Filters = {
  ...ANSIBLE_NUMBER_FILTERS,
  ...ANSIBLE_TEXT_FILTERS,
  ...JSON_FILTERS,
  ...MAPPING_FILTERS,
  ...PATTERN_FILTERS,
  ...SET_FILTERS,
}

/** Ansible's own version of a filter of Jinja2's, which is known with its collection too. */
const UNIQUE: Filters = Object.fromEntries(Object.entries(SEQUENCE_FILTERS).filter(([name]) => name === 'unique'))

const VERSION_SORT = filter('reverse?', (value, [reverse = false], { budget }) => {
  const sign = isTrue(reverse) ? -1 : 1
  return listOf(value, budget).sort((a, b) => sign * versionOrder(textOf(a), textOf(b)))
})

/**
 * Every filter by every name that Ansible gives it: Jinja2's by their name alone, Ansible's with `ansible.builtin` too, and
 * those of collections with the collections from which they are found.
 */
export const FILTERS: Filters = {
  ...TEXT_FILTERS,
  ...NUMBER_FILTERS,
  ...SEQUENCE_FILTERS,
  ...PICKING_FILTERS,
  tojson: TO_JSON,
  ...CORE,
  ...prefixed({ ...CORE, ...UNIQUE }, 'ansible.builtin', 'ansible.legacy'),
  ...ADDRESS_FILTERS,
  ...prefixed(ADDRESS_FILTERS, 'ansible.builtin', 'ansible.legacy', 'ansible.netcommon', 'ansible.utils'),
  ...prefixed(UTILS_FILTERS, 'ansible.utils'),
  ...prefixed(
    Object.fromEntries(Object.entries(UTILS_FILTERS).filter(([name]) => name === 'macaddr')),
    'ansible.netcommon',
  ),
  vlan_parser: VLAN_PARSER,
  ...prefixed({ vlan_parser: VLAN_PARSER }, 'ansible.builtin', 'ansible.legacy', 'ansible.netcommon'),
  'ansible.netcommon.vlan_expander': VLAN_EXPANDER,
  'community.general.version_sort': VERSION_SORT,
  ...prefixed(AVD_FILTERS, 'arista.avd'),
}

function prefixed(filters: Filters, ...collections: readonly string[]): Filters {
  const entries = Object.entries(filters)
  return Object.fromEntries(
    collections.flatMap((collection) => entries.map(([name, one]) => [`${collection}.${name}`, one])),
  )
}

const CHANCE = 'it renders another text each time: give the value as a parameter'
const OUTSIDE = 'it asks the machine on which it renders: give the value as a parameter'
const NOT_HERE = 'prepare the value before, and give it as a parameter'

/** Why a filter that Ansible or Jinja2 has is refused, and what to do instead. */
export const REFUSED_FILTERS: Readonly<Record<string, string>> = {
  random: CHANCE,
  shuffle: CHANCE,
  random_mac: CHANCE,
  'community.general.random_mac': CHANCE,
  password_hash:
    'its salt is random, or its secret would be part of the plan: give the hash that `show running-config` prints',
  type5_pw: 'its salt is random: give the hash that `show running-config` prints',
  'ansible.netcommon.type5_pw': 'its salt is random: give the hash that `show running-config` prints',
  vault: 'a secret would be part of the plan',
  unvault: 'a secret would be part of the plan',
  strftime: 'it renders another text at another time or place: give the value as a parameter',
  to_datetime: 'it renders another text at another time or place: give the value as a parameter',
  expanduser: OUTSIDE,
  expandvars: OUTSIDE,
  fileglob: OUTSIDE,
  realpath: OUTSIDE,
  relpath: OUTSIDE,
  ...Object.fromEntries(
    [
      'from_yaml',
      'from_yaml_all',
      'to_yaml',
      'to_nice_yaml',
      'human_readable',
      'human_to_bytes',
      'rekey_on_member',
      'urldecode',
      'urlsplit',
      'json_query',
      'community.general.json_query',
      'win_basename',
      'win_dirname',
      'win_splitdrive',
      'urlize',
      'wordwrap',
      'xmlattr',
      'parse_cli',
      'parse_cli_textfsm',
      'parse_xml',
      'hash_salt',
      'comp_type5',
    ].map((name) => [name, NOT_HERE]),
  ),
  ip: "write `ipaddr('address')`",
  network: "write `ipaddr('network')`",
  netmask: "write `ipaddr('netmask')`",
  hostmask: "write `ipaddr('hostmask')`",
  broadcast: "write `ipaddr('broadcast')`",
  prefixlen: "write `ipaddr('prefix')`",
  cidr: "write `ipaddr('subnet')`",
  ip_add: 'write `ipmath`',
  in_network: 'write the test `is ansible.utils.in_network(…)`',
  vlan_expand: 'write `ansible.netcommon.vlan_expander`',
  vlan_expander: 'write `ansible.netcommon.vlan_expander`',
  vlan_compress: 'write `arista.avd.list_compress`',
  list_compress: 'write `arista.avd.list_compress`',
  natural_sort: 'write `arista.avd.natural_sort`',
  range_expand: 'write `arista.avd.range_expand`',
  ip4_hex: 'write `ansible.utils.ip4_hex`',
  usable_range: 'write `ansible.utils.usable_range`',
  macaddr: 'write `ansible.utils.macaddr`, or `hwaddr`',
  lookup: 'give the value as a parameter',
}
