import { isMap } from '../../../../change/roster/ansible/read-yaml.ts'
import type { RosterValue } from '../../../../change/roster/hosts/roster.ts'

export interface ResourceModule {
  readonly states: Readonly<Record<string, string>>
  /** All keys that `config` may have at any depth: another one is refused, as the module does. */
  readonly keys: readonly string[]
  readonly note?: string
}

function line(path: string, text: string) {
  return `{% if ${path} is defined and ${path} is not none %}\n${text}\n{% endif %}`
}

function each(item: string, list: string, ...body: readonly string[]) {
  return [`{% for ${item} in ${list} %}`, ...body, '{% endfor %}'].join('\n')
}

const vlan = [line('vlan.name', '   name {{ vlan.name }}'), line('vlan.state', '   state {{ vlan.state }}')]

const replacedVlan = ['name', 'state'].map((key) =>
  [
    `{% if vlan.${key} is defined and vlan.${key} is not none %}`,
    `   ${key} {{ vlan.${key} }}`,
    '{% else %}',
    `   no ${key}`,
    '{% endif %}',
  ].join('\n'),
)

const vlans: ResourceModule = {
  keys: ['vlan_id', 'name', 'state'],
  states: {
    merged: each('vlan', 'config', 'vlan {{ vlan.vlan_id }}', ...vlan),
    replaced: each('vlan', 'config', 'vlan {{ vlan.vlan_id }}', ...replacedVlan),
    deleted: each('vlan', 'config', 'no vlan {{ vlan.vlan_id }}'),
  },
}

const interfaces: ResourceModule = {
  keys: ['name', 'description', 'enabled', 'mtu', 'speed', 'duplex', 'mode'],
  states: {
    merged: each(
      'port',
      'config',
      'interface {{ port.name }}',
      line('port.description', '   description {{ port.description }}'),
      line('port.mode', "   {{ 'no ' if port.mode == 'layer3' else '' }}switchport"),
      line('port.mtu', '   mtu {{ port.mtu }}'),
      line('port.speed', "   speed {{ port.speed }}{{ '' if port.speed == 'auto' else port.duplex | default('') }}"),
      // The argument specification has `enabled: true` for a task that does not say it.
      "   {{ 'no ' if port.enabled is not defined or port.enabled is none or port.enabled | bool else '' }}shutdown",
    ),
  },
}

const l2Interfaces: ResourceModule = {
  keys: ['name', 'mode', 'access', 'vlan', 'trunk', 'native_vlan', 'trunk_allowed_vlans'],
  note: '`trunk_allowed_vlans` becomes the whole list of the port; Ansible adds to a list that is there',
  states: {
    merged: each(
      'port',
      'config',
      'interface {{ port.name }}',
      line('port.mode', '   switchport mode {{ port.mode }}'),
      '{% if port.access is defined and port.access is not none %}',
      line('port.access.vlan', '   switchport access vlan {{ port.access.vlan }}'),
      '{% endif %}',
      '{% if port.trunk is defined and port.trunk is not none %}',
      line('port.trunk.native_vlan', '   switchport trunk native vlan {{ port.trunk.native_vlan }}'),
      line(
        'port.trunk.trunk_allowed_vlans',
        "   switchport trunk allowed vlan {{ [port.trunk.trunk_allowed_vlans] | flatten | join(',') | replace(' ', '') }}",
      ),
      '{% endif %}',
    ),
  },
}

const HOP: readonly (readonly [key: string, before: string])[] = [
  ['interface', ''],
  ['nexthop_grp', 'Nexthop-Group '],
  ['forward_router_address', ''],
  ['mpls_label', 'label '],
  ['track', 'track '],
  ['admin_distance', ''],
  ['description', 'name '],
  ['tag', 'tag '],
]

function words(of: string, members: readonly (readonly [string, string])[]) {
  return members
    .map(
      ([key, before]) =>
        `{% if ${of}.${key} is defined and ${of}.${key} is not none %} ${before}{{ ${of}.${key} }}{% endif %}`,
    )
    .join('')
}

const staticRoutes: ResourceModule = {
  keys: ['vrf', 'address_families', 'afi', 'routes', 'dest', 'next_hops', ...HOP.map(([key]) => key)],
  states: {
    merged: each(
      'part',
      'config',
      each(
        'family',
        'part.address_families',
        each(
          'route',
          'family.routes',
          each(
            'hop',
            'route.next_hops',
            `{{ 'ip' if family.afi == 'ipv4' else 'ipv6' }} route{% if part.vrf is defined and part.vrf is not none %} vrf {{ part.vrf }}{% endif %} {{ route.dest }}${words('hop', HOP)}\n`,
          ),
        ),
      ),
    ),
  },
}

function end(of: string) {
  return [
    `{% if ${of} is defined and ${of} is not none %}`,
    `{% if ${of}.any is defined %} any{% elif ${of}.subnet_address is defined %} {{ ${of}.subnet_address }}`,
    `{% elif ${of}.host is defined %} host {{ ${of}.host }}`,
    `{% else %} {{ ${of}.address }} {{ ${of}.wildcard_bits }}{% endif %}`,
    `{% for test, port in (${of}.port_protocol | default({})).items() if port is not none %} {{ test }} {{ port | string | replace('_', '-') }}{% endfor %}`,
    '{% endif %}',
  ].join('')
}

const PROTOCOLS =
  "{'51': 'ahp', '47': 'gre', '1': 'icmp', '2': 'igmp', '4': 'ip', '89': 'ospf', '103': 'pim', '6': 'tcp', '17': 'udp', '112': 'vrrp'}"

const rule = [
  // A blank before a statement would be taken away with it.
  "{{ '   ' }}{% if rule.sequence is defined and rule.sequence is not none %}{{ rule.sequence }} {% endif %}",
  '{% if rule.remark is defined and rule.remark is not none %}remark {{ rule.remark }}{% else %}',
  '{% if rule.fragment_rules | default(false) %}fragment-rules {% endif %}',
  "{{ rule.grant | default('') }}",
  '{% if rule.vlan is defined and rule.vlan is not none %} vlan {{ rule.vlan }}{% endif %}',
  '{% if rule.protocol is defined and rule.protocol is not none %} {{ protocols[rule.protocol | string] | default(rule.protocol) }}{% endif %}',
  end('rule.source'),
  end('rule.destination'),
  '{% for protocol, options in (rule.protocol_options | default({})).items() if options is not none %}',
  "{% if protocol in ['ip', 'ipv6'] %} nexthop-group {{ options.nexthop_group }}",
  "{% else %}{% for flag, isSet in (options.flags if protocol == 'tcp' else options).items() if isSet %} {{ flag | replace('_', '-') }}{% endfor %}{% endif %}",
  '{% endfor %}',
  '{% for test, hops in (rule.hop_limit | default({})).items() if hops is not none %} hop-limit {{ test }} {{ hops }}{% endfor %}',
  '{% if rule.tracked | default(false) %} tracked{% endif %}',
  '{% for test, hops in (rule.ttl | default({})).items() if hops is not none %} ttl {{ test }} {{ hops }}{% endfor %}',
  '{% if rule.fragments | default(false) %} fragments{% endif %}',
  '{% if rule.log | default(false) %} log{% endif %}',
  '{% endif %}\n',
].join('')

const LIST =
  "{{ 'ip' if family.afi == 'ipv4' else 'ipv6' }} access-list{{ ' standard' if acl.standard | default(false) else '' }} {{ acl.name }}"

function lists(isReplaced: boolean) {
  const body = each(
    'acl',
    'family.acls',
    ...(isReplaced ? [`no ${LIST}`] : []),
    // A list that is named without rules is not made: it would deny all.
    ...(isReplaced ? [LIST] : ['{% if acl.aces | default([]) %}', LIST, '{% endif %}']),
    each('rule', 'acl.aces | default([])', rule),
  )
  return [`{% set protocols = ${PROTOCOLS} %}`, each('family', 'config', body)].join('\n')
}

const acls: ResourceModule = {
  keys: [
    ...['afi', 'acls', 'name', 'standard', 'aces', 'sequence', 'remark', 'fragment_rules', 'grant', 'vlan', 'protocol'],
    ...['source', 'destination', 'any', 'subnet_address', 'host', 'address', 'wildcard_bits', 'port_protocol'],
    ...['eq', 'gt', 'lt', 'neq', 'range', 'protocol_options', 'tcp', 'icmp', 'icmpv6', 'ip', 'ipv6', 'flags'],
    ...['hop_limit', 'tracked', 'ttl', 'fragments', 'log'],
    ...['nexthop_group', 'ack', 'established', 'fin', 'psh', 'rst', 'syn', 'urg'],
  ],
  states: {
    merged: lists(false),
    replaced: lists(true),
    deleted: each('family', 'config', each('acl', 'family.acls', `no ${LIST}`)),
  },
}

export const RESOURCE_MODULES: Readonly<Record<string, ResourceModule>> = {
  eos_vlans: vlans,
  eos_interfaces: interfaces,
  eos_l2_interfaces: l2Interfaces,
  eos_static_routes: staticRoutes,
  eos_acls: acls,
}

const NUMBERED: readonly string[] = ['message_code', 'message_num', 'message_type']

/** A key of `config` that a module does not know, or whose value it loses; undefined where there is none. */
export function strangeKey(value: RosterValue, keys: ResourceModule['keys'], isMessage = false): string | undefined {
  if (Array.isArray(value)) return first(value.map((item) => strangeKey(item, keys, isMessage)))
  if (!isMap(value)) return undefined
  return first(
    Object.entries(value).map(([key, member]) => {
      const isKnown = isMessage ? !NUMBERED.includes(key) : keys.includes(key)
      return isKnown ? strangeKey(member, keys, key === 'icmp' || key === 'icmpv6') : key
    }),
  )
}

function first(found: readonly (string | undefined)[]) {
  return found.find((one) => one !== undefined)
}
