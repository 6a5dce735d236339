import { ADDRESS_FILTERS, UTILS_FILTERS } from '../address/filters.ts'
import { isTrue } from '../call/compare.ts'
import { type Filters, filter } from '../call/define.ts'
import { textOf } from '../call/print.ts'
import { versionOrder } from '../text/version.ts'
import { listOf } from '../value/iterate.ts'
import { ANSIBLE_TEXT_FILTERS } from './ansible-text.ts'
import { AVD_FILTERS } from './avd.ts'
import { JSON_FILTERS, TO_JSON } from './json.ts'
import { MAPPING_FILTERS } from './mapping.ts'
import { ANSIBLE_NUMBER_FILTERS, NUMBER_FILTERS } from './number.ts'
import { PATTERN_FILTERS } from './pattern.ts'
import { PICKING_FILTERS } from './pick.ts'
import { SEQUENCE_FILTERS } from './sequence.ts'
import { SET_FILTERS } from './sets.ts'
import { TEXT_FILTERS } from './text.ts'
import { VLAN_EXPANDER, VLAN_PARSER } from './vlan.ts'
import { YAML_FILTERS } from './yaml.ts'

/** Filters of Ansible itself: known by their name, and with its collection before it. */
const CORE: Filters = {
  ...ANSIBLE_NUMBER_FILTERS,
  ...ANSIBLE_TEXT_FILTERS,
  ...JSON_FILTERS,
  ...MAPPING_FILTERS,
  ...PATTERN_FILTERS,
  ...SET_FILTERS,
  ...YAML_FILTERS,
}

/** Ansible's own version of a filter of Jinja2's, which is known with its collection too. */
const UNIQUE: Filters = Object.fromEntries(Object.entries(SEQUENCE_FILTERS).filter(([name]) => name === 'unique'))

const VERSION_SORT = filter('reverse?', (value, [reverse = false], { budget }) => {
  const sign = isTrue(reverse) ? -1 : 1
  return listOf(value, budget).sort((a, b) => sign * versionOrder(textOf(a, budget), textOf(b, budget), budget))
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
