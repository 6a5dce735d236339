import { refused } from '../value/value.ts'

const CHANCE = 'it renders another text each time: give the value as a parameter'
const SECRET = 'a secret would be part of the plan'
const OUTSIDE = 'it asks the machine on which it renders: give the value as a parameter'
const NOT_HERE = 'prepare the value before, and give it as a parameter'

function collection(name: string, ...filters: readonly string[]) {
  return filters.map((filter) => `${name}.${filter}`)
}

function because(why: string, ...names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, why]))
}

/** Why a filter that Ansible or Jinja2 has is refused, and what to do instead. */
export const REFUSED_FILTERS: Readonly<Record<string, string>> = {
  ...because(CHANCE, 'random', 'shuffle', 'random_mac', 'community.general.random_mac'),
  password_hash:
    'its salt is random, or its secret would be part of the plan: give the hash that `show running-config` prints',
  ...because(
    'its salt is random: give the hash that `show running-config` prints',
    'type5_pw',
    'ansible.netcommon.type5_pw',
  ),
  vault: SECRET,
  unvault: SECRET,
  ...because(
    'it renders another text at another time or place: give the value as a parameter',
    'strftime',
    'to_datetime',
  ),
  ...because(OUTSIDE, 'expanduser', 'expandvars', 'fileglob', 'realpath', 'relpath'),
  ...because(
    NOT_HERE,
    'from_yaml_all',
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
    ...collection(
      'ansible.netcommon',
      'parse_cli',
      'parse_cli_textfsm',
      'parse_xml',
      'hash_salt',
      'comp_type5',
      'pop_ace',
    ),
    ...collection(
      'ansible.utils',
      'consolidate',
      'fact_diff',
      'from_xml',
      'get_path',
      'index_of',
      'keep_keys',
      'param_list_compare',
      'remove_keys',
      'replace_keys',
      'to_paths',
      'to_xml',
      'validate',
    ),
    ...collection(
      'community.general',
      'counter',
      'crc32',
      'dict',
      'dict_kv',
      'from_csv',
      'from_ini',
      'groupby_as_dict',
      'hashids_decode',
      'hashids_encode',
      'jc',
      'keep_keys',
      'lists_difference',
      'lists_intersect',
      'lists_mergeby',
      'lists_symmetric_difference',
      'lists_union',
      'remove_keys',
      'replace_keys',
      'to_days',
      'to_hours',
      'to_ini',
      'to_milliseconds',
      'to_minutes',
      'to_months',
      'to_seconds',
      'to_time_unit',
      'to_weeks',
      'to_years',
      'unicode_normalize',
    ),
    ...collection(
      'arista.avd',
      'add_md_toc',
      'convert_dicts',
      'generate_esi',
      'generate_lacp_id',
      'generate_route_target',
      'is_in_filter',
      'md_toc',
      'status_render',
    ),
  ),
  ...because(SECRET, ...collection('arista.avd', 'encrypt', 'decrypt', 'snmp_hash')),
  'arista.avd.hide_passwords': 'a plan shows no secret in any case: write the value without it',
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

const TABLES =
  'which addresses they are differs between versions of Python: write `is ansible.utils.in_any_network([…])` with yours'
const TASK = 'it asks for the result of a task, and there are no tasks here'

/** Why a test that Ansible has is refused, and what to do instead. */
export const REFUSED_TESTS: Readonly<Record<string, string>> = {
  ...because(TABLES, ...collection('ansible.utils', 'private', 'public', 'reserved')),
  'ansible.utils.resolvable': OUTSIDE,
  ...because(NOT_HERE, ...collection('ansible.utils', 'validate', 'ipv6_sixtofour', 'ipv6_teredo')),
  ...because(
    OUTSIDE,
    'abs',
    'directory',
    'exists',
    'file',
    'is_abs',
    'is_dir',
    'is_file',
    'is_link',
    'is_mount',
    'is_same_file',
    'link',
    'link_exists',
    'mount',
    'same_file',
  ),
  ...because(
    TASK,
    'change',
    'changed',
    'failed',
    'failure',
    'finished',
    'reachable',
    'skip',
    'skipped',
    'started',
    'succeeded',
    'success',
    'successful',
    'unreachable',
  ),
  ...because(NOT_HERE, 'uri', 'url', 'urn', 'community.general.a_module'),
  vault_encrypted: SECRET,
  'arista.avd.contains': 'write `value in list`',
}

/** Whether there is a filter or a test of this name; throws for one that Ansible has and this renderer refuses. */
export function isThere(
  name: string,
  all: Readonly<Record<string, unknown>>,
  others: Readonly<Record<string, string>>,
): boolean {
  const bare = name.replace(/^ansible\.(?:builtin|legacy)\./, '')
  const why = Object.hasOwn(others, bare) ? others[bare] : undefined
  if (why !== undefined) throw refused(`\`${name}\` is not rendered here`, why)
  return Object.hasOwn(all, name)
}
