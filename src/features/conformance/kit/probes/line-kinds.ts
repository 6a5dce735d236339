import type { Command } from '../../../../model/command.ts'
import { parseVlans } from '../../../../model/vlan-list.ts'
import { KIT, LOOPBACK } from '../contract/probe.ts'

/** Lines of one kind, which a switch may print otherwise than they were typed. */
export interface LineKind {
  readonly name: string
  /** The id of the row of docs/unproven.md that it may settle. */
  readonly row: string
  readonly lines: readonly Command[]
  readonly unless?: (line: string) => boolean
  /** Printed lines that are of this kind although they do not begin as it does. */
  readonly prints?: RegExp
}

export interface LineGroup {
  readonly name: string
  readonly session: string
  readonly isCommitted: boolean
  readonly kinds: readonly LineKind[]
}

type Row = readonly [
  name: string,
  row: string,
  lines: readonly (string | Command)[],
  more?: Pick<LineKind, 'unless' | 'prints'>,
]

const kindsOf = (rows: readonly Row[]): readonly LineKind[] =>
  rows.map(([name, row, lines, more = {}]) => ({
    name,
    row,
    lines: lines.map((line) => (typeof line === 'string' ? { cmd: line } : line)),
    ...more,
  }))

const port = (number: number) => `interface Port-Channel${number}`
const SVI = 'interface Vlan3990'
const NAMED = `description ${KIT}`
const ALLOWED = 'switchport trunk allowed vlan'
const isOurs = (vlan: number) => vlan >= 3990 && vlan <= 3996
const NO_VLANS: Pick<LineKind, 'unless'> = {
  unless: (line) => parseVlans(/^vlan ([\d,-]+)$/.exec(line)?.[1] ?? '')?.some(isOurs) === true,
}

const PORTS = kindsOf([
  ['description', 'stored-as-typed', [LOOPBACK, NAMED]],
  ['mask-of-an-address', 'stored-form', [LOOPBACK, 'ip address 203.0.113.254 255.255.255.255']],
  ['second-address', 'stored-as-typed', [LOOPBACK, 'ip address 203.0.113.253/32 secondary']],
  ['address-in-capitals', 'stored-as-typed', [LOOPBACK, 'ipv6 address 2001:DB8:0:0::1/128']],
  ['interface-in-small-letters', 'stored-form', [LOOPBACK.replace('Loopback', 'loopback'), 'load-interval 60']],
  ['loopback-not-shut', 'hidden-defaults', [LOOPBACK, 'no shutdown']],
  ['comment', 'mode-comment', [LOOPBACK, { cmd: 'comment', input: `${KIT}\nof two lines` }]],
  ['no-of-nothing', 'no-of-nothing', [LOOPBACK, 'no ip helper-address 192.0.2.9', 'no mpls ldp interface']],
  ['vlan-with-a-name', 'stored-as-typed', ['vlan 3990', `name ${KIT}`], NO_VLANS],
  ['vlan-defaults', 'hidden-defaults', ['vlan 3991', 'name VLAN3991', 'state active'], NO_VLANS],
  ['vlans-with-a-line', 'vlans-share', ['vlan 3992-3993', 'state suspend'], NO_VLANS],
  ['vlans-without-lines', 'vlans-share', ['vlan 3994-3996'], { ...NO_VLANS, prints: /^vlan [\d,-]+$/ }],
  ['vlan-interface-not-shut', 'hidden-defaults', [SVI, NAMED, 'no shutdown'], NO_VLANS],
  ['vlan-interface-mtu', 'hidden-defaults', [SVI, 'mtu 1500'], NO_VLANS],
  ['seconds-become-milliseconds', 'stored-form', [SVI, 'ipv6 nd ra interval 5'], NO_VLANS],
  ['range-of-interfaces', 'stored-form', ['interface Vlan3992-3993', NAMED], NO_VLANS],
  ['port-channel-not-shut', 'hidden-defaults', [port(1985), NAMED, 'no shutdown']],
  ['port-defaults', 'hidden-defaults', [port(1985), 'switchport mode access', 'switchport access vlan 1']],
  ['trunk-list', 'stored-form', [port(1986), NAMED, 'switchport mode trunk', `${ALLOWED} 3990,3991,3992`]],
  ['trunk-add', 'stored-form', [port(1987), NAMED, `${ALLOWED} 3990-3992`, `${ALLOWED} add 3995`]],
  ['trunk-remove', 'stored-form', [port(1988), NAMED, `${ALLOWED} 3990-3996`, `${ALLOWED} remove 3992`]],
  ['trunk-except', 'stored-form', [port(1989), NAMED, `${ALLOWED} except 3990`]],
  ['trunk-none', 'stored-form', [port(1990), NAMED, `${ALLOWED} none`]],
  ['trunk-all', 'hidden-defaults', [port(1991), NAMED, `${ALLOWED} all`]],
  ['routed-port', 'stored-as-typed', [port(1992), NAMED, 'no switchport']],
  ['edge-port', 'stored-as-typed', [port(1993), NAMED, 'spanning-tree portfast edge']],
  [
    'default-of-a-line',
    'stored-as-typed',
    [port(1994), NAMED, 'port-channel min-links 2', 'default port-channel min-links'],
  ],
])

const ROUTE = `ip route vrf ${KIT}`
const OSPF = 'router ospf 64000'
const ISIS = `router isis ${KIT}`
const BGP = 'router bgp 64999'
const group = (letter: string) => `neighbor ${KIT}-${letter}`
const begins =
  (head: string): NonNullable<LineKind['unless']> =>
  (line) =>
    line.startsWith(head)
const NO_OSPF = { unless: begins('router ospf ') }
const NO_BGP = { unless: begins('router bgp ') }

const ROUTING = kindsOf([
  ['vrf', 'stored-as-typed', [`vrf instance ${KIT}`, NAMED]],
  ['mask-of-a-route', 'stored-form', [`${ROUTE} 198.51.100.0 255.255.255.0 null0`]],
  ['distance-of-a-route', 'hidden-defaults', [`${ROUTE} 198.51.101.0/24 Null0 1`]],
  ['tag-of-a-route', 'hidden-defaults', [`${ROUTE} 198.51.102.0/24 Null0 tag 0`]],
  ['name-of-a-route', 'stored-as-typed', [`${ROUTE} 198.51.103.0/24 Null0 name ${KIT}`]],
  ['route-to-a-host-address', 'stored-as-typed', [`${ROUTE} 203.0.113.1/24 Null0`]],
  ['ospf-area', 'stored-form', [OSPF, 'area 1 stub'], NO_OSPF],
  ['ospf-network', 'stored-form', [OSPF, 'network 203.0.113.254 0.0.0.0 area 0'], NO_OSPF],
  ['ospf-summary', 'stored-form', [OSPF, 'summary-address 192.0.2.0 255.255.255.0'], NO_OSPF],
  ['ospf-passive', 'stored-form', [OSPF, 'passive-interface lo987'], NO_OSPF],
  [
    'ospf-defaults',
    'hidden-defaults',
    [OSPF, 'auto-cost reference-bandwidth 100', 'no passive-interface default'],
    NO_OSPF,
  ],
  ['ospf-added', 'own-lines', [OSPF, 'router-id 203.0.113.254'], { ...NO_OSPF, prints: /> max-lsa / }],
  ['ospf-of-an-interface', 'stored-form', [LOOPBACK, NAMED, 'ip ospf area 0'], NO_OSPF],
  ['ospf-key', 'secrets-kept', [LOOPBACK, NAMED, 'ip ospf authentication-key 0 eosflow'], NO_OSPF],
  [
    'isis-defaults',
    'hidden-defaults',
    [ISIS, 'net 49.0001.1920.0000.0254.00', 'is-type level-1-2'],
    { unless: begins('router isis ') },
  ],
  ['bgp-network', 'stored-form', [BGP, 'network 198.51.100.0 mask 255.255.255.0'], NO_BGP],
  ['bgp-aggregate', 'stored-form', [BGP, 'aggregate-address 198.51.100.0 255.255.255.0'], NO_BGP],
  ['bgp-defaults', 'hidden-defaults', [BGP, 'timers bgp 60 180', 'bgp log-neighbor-changes'], NO_BGP],
  ['bgp-peer-group', 'new-words', [BGP, `${group('a')} peer-group`], NO_BGP],
  ['bgp-update-source', 'stored-form', [BGP, `${group('b')} peer-group`, `${group('b')} update-source lo987`], NO_BGP],
  ['bgp-neighbor-defaults', 'hidden-defaults', [BGP, `${group('c')} peer-group`, `no ${group('c')} shutdown`], NO_BGP],
  ['bgp-added', 'own-lines', [BGP, `${group('d')} peer-group`], { ...NO_BGP, prints: / maximum-routes / }],
  ['bgp-password', 'secrets-kept', [BGP, `${group('e')} peer-group`, `${group('e')} password 0 eosflow`], NO_BGP],
  ['dotted-as', 'stored-as-typed', [BGP, `${group('f')} peer-group`, `${group('f')} remote-as 1.1`], NO_BGP],
  [
    'address-family',
    'stored-as-typed',
    [BGP, `${group('g')} peer-group`, 'address-family ipv4', `${group('g')} activate`],
    NO_BGP,
  ],
])

const list = (letter: string) => `ip access-list ${KIT}-${letter}`
const prefixes = (letter: string) => `ip prefix-list ${KIT}-${letter}`
const map = (letter: string) => `route-map ${KIT}-${letter}`

const POLICIES = kindsOf([
  ['wildcard-mask', 'stored-as-typed', [list('a'), '10 permit ip 192.0.2.0 0.0.0.255 any']],
  ['entries-without-numbers', 'entry-numbers', [list('b'), 'permit ip host 192.0.2.1 any', 'deny ip any any']],
  ['number-of-a-port', 'stored-as-typed', [list('c'), '10 permit tcp any any eq 80']],
  ['remark', 'entry-numbers', [list('d'), `remark ${KIT}`]],
  ['standard-list', 'stored-as-typed', [`ip access-list standard ${KIT}`, '10 permit 192.0.2.0/24']],
  ['ipv6-list', 'stored-as-typed', [`ipv6 access-list ${KIT}`, '10 permit ipv6 2001:DB8::/32 any']],
  ['mac-list', 'stored-as-typed', [`mac access-list ${KIT}`, '10 permit any any']],
  ['prefix-list', 'stored-as-typed', [`${prefixes('a')} seq 10 permit 192.0.2.0/24`]],
  [
    'prefixes-without-numbers',
    'entry-numbers',
    [`${prefixes('b')} permit 192.0.2.0/24`, `${prefixes('b')} permit 198.51.100.0/24`],
  ],
  [
    'prefix-list-becomes-a-block',
    'prefix-list-block',
    [`${prefixes('c')} seq 10 permit 192.0.2.0/24`, prefixes('c'), 'seq 20 permit 198.51.100.0/24'],
  ],
  ['prefix-with-a-host-address', 'stored-as-typed', [`${prefixes('d')} seq 10 permit 192.0.2.1/24`]],
  ['route-map-without-number', 'entry-numbers', [map('a')]],
  ['route-map', 'stored-as-typed', [`${map('b')} permit 10`, 'set metric 5', `match ip address prefix-list ${KIT}-a`]],
  [
    'block-typed-twice',
    'block-twice',
    [`${map('c')} permit 10`, 'match tag 5', 'exit', `${map('c')} permit 10`, 'set metric 5'],
  ],
  ['number-of-a-community', 'stored-as-typed', [`${map('d')} permit 10`, 'set community 4259840100']],
  ['community-list', 'stored-as-typed', [`ip community-list ${KIT} permit 65000:100`]],
  ['as-path-list', 'stored-as-typed', [`ip as-path access-list ${KIT} permit ^65000_ any`]],
  ['class-map', 'stored-as-typed', [`class-map type qos match-any ${KIT}`, 'match dscp 46']],
  ['alias', 'stored-as-typed', ['alias eosflowkit show version']],
  [
    'ntp-key-of-type-7',
    'secrets-kept',
    ['ntp authentication-key 64999 md5 7 0822455D0A16'],
    { unless: begins('ntp authentication-key 64999 ') },
  ],
  [
    'ntp-key',
    'secrets-kept',
    ['ntp authentication-key 64998 sha1 0 eosflow'],
    { unless: begins('ntp authentication-key 64998 ') },
  ],
])

const user = (letter: string) => `username ${KIT}-${letter}`

// Of a password that nobody knows.
const SHA512 = '$6$eosflowkit$Mc.KRkgK3eLvuFrKeJ0jBttpiV7vvTSeYmSSTmjnftEtGx/0rZO02xiCgkpeMAMY1dfqu/idghVhYIjiMXZAU0'
const MD5 = '$1$eosflow$YunH8onqzEnKy0g9TLMWf0'

// Whoever may log in, keys of servers, and what there is once on a switch: none of it is ever committed.
const ONCE = kindsOf([
  ['user-with-sha512', 'secrets-kept', [`${user('a')} privilege 1 secret sha512 ${SHA512}`]],
  ['user-with-md5', 'secrets-kept', [`${user('b')} secret 5 ${MD5}`]],
  ['user-with-a-password', 'secrets-kept', [`${user('c')} secret eosflow-kit-1`]],
  ['user-of-two-lines', 'user-keeps', [`${user('d')} privilege 1 secret *`, `${user('d')} role network-operator`]],
  ['user-without-password', 'stored-as-typed', [`${user('e')} secret *`]],
  ['enable-password', 'new-words', ['enable secret eosflow-kit-1'], { prints: /^enable / }],
  ['tacacs-key-of-type-7', 'secrets-kept', ['tacacs-server host 192.0.2.250 key 7 0822455D0A16']],
  [
    'tacacs-key-of-type-8a',
    'secrets-kept',
    [
      'tacacs-server host 192.0.2.251 key 8a $kUVyoj7FVQ//yw9D2lbqjA==$kxxohBiofI46IX3pw18KYQ==$DOOM0l9uU4TrQt2kyA7XCKtjUA==',
    ],
  ],
  ['radius-key', 'secrets-kept', ['radius-server host 192.0.2.250 key 0 eosflow']],
  ['snmp-community', 'stored-form', [`snmp-server community ${KIT}`]],
  ['snmp-user', 'secrets-kept', [`snmp-server user ${KIT} ${KIT} v3 auth sha eosflow-kit-1 priv aes eosflow-kit-1`]],
  ['name-server', 'stored-form', ['ip name-server 192.0.2.53']],
  ['log-host', 'hidden-defaults', ['logging host 192.0.2.250 514 protocol udp']],
  ['short-source-interface', 'stored-form', ['logging source-interface lo987']],
  ['virtual-mac-address', 'stored-form', ['ip virtual-router mac-address 001c.7300.0987']],
  ['lldp-timer', 'hidden-defaults', ['lldp timer 30']],
  ['spanning-tree-priority', 'hidden-defaults', ['spanning-tree mst 0 priority 32768']],
  ['banner', 'stored-as-typed', [{ cmd: 'banner motd', input: `${KIT}\n  of two lines` }]],
  ['event-handler', 'stored-as-typed', [`event-handler ${KIT}`, 'trigger on-boot', 'action log']],
])

/** All kinds, in the order in which they are typed. */
export const LINE_GROUPS: readonly LineGroup[] = [
  { name: 'ports', session: `${KIT}-1`, isCommitted: true, kinds: PORTS },
  { name: 'routing', session: `${KIT}-2`, isCommitted: true, kinds: ROUTING },
  { name: 'policies', session: `${KIT}-3`, isCommitted: true, kinds: POLICIES },
  { name: 'once', session: `${KIT}-4`, isCommitted: false, kinds: ONCE },
]
