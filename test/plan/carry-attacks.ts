import { BASE, edited } from './carry-material.ts'

/** What a colleague changes in a base, and the change that was approved on it before. */
export interface CarryAttack {
  readonly what: string
  readonly was: string
  readonly is: string
  readonly lines: readonly string[]
}

/** A base with a route-map of two entries, a policy-map of two classes and a peer in each of two VRFs. */
const MORE = edited(
  [
    'ip access-list OTHER\n',
    'class-map type qos match-any WEB\n   match ip access-group OTHER\n!\nclass-map type qos match-any VOICE\n   match dscp 46\n!\nip access-list OTHER\n',
  ],
  [
    'ip prefix-list PL-OTHER',
    'ip prefix-list PL1 seq 10 permit 10.1.0.0/16\n!\nip prefix-list PL2 seq 10 permit 10.2.0.0/16\n!\nip prefix-list PL-OTHER',
  ],
  [
    'route-map RM-OTHER',
    'route-map RM1 permit 10\n   match ip address prefix-list PL1\n!\nroute-map RM1 deny 20\n   match ip address prefix-list PL2\n!\nroute-map RM-OTHER',
  ],
  [
    'router bgp 65001\n',
    'policy-map type quality-of-service MARK\n   class WEB\n      set dscp 10\n   class VOICE\n      set dscp 46\n!\nrouter bgp 65001\n',
  ],
  [
    '   neighbor 10.0.0.0 remote-as 65000\n',
    '   neighbor 10.0.0.0 remote-as 65000\n   !\n   vrf BLUE\n      neighbor 10.9.0.1 remote-as 65009\n      neighbor 10.9.0.1 route-map RM1 in\n   !\n   vrf RED\n      neighbor 10.9.0.1 remote-as 65009\n',
  ],
)

function changed(...edits: readonly (readonly [string, string])[]): string {
  return edits.reduce((text, [old, put]) => {
    if (text.split(old).length !== 2) throw new Error(`not there once: ${old}`)
    return text.replace(old, () => put)
  }, MORE)
}

const PREFIX = ['ip prefix-list PL1 seq 20 permit 10.3.0.0/16']
const ACL = ['ip access-list OTHER', '   20 deny udp any any']

const ON_MORE: readonly (readonly [what: string, is: string, lines: readonly string[]])[] = [
  [
    'two entries of a route-map that swap what they match, and a line more',
    changed(
      [
        'permit 10\n   match ip address prefix-list PL1\n',
        'permit 10\n   match ip address prefix-list PL2\n   set metric 5\n',
      ],
      ['deny 20\n   match ip address prefix-list PL2\n', 'deny 20\n   match ip address prefix-list PL1\n'],
    ),
    PREFIX,
  ],
  [
    'two entries of a route-map that swap what they match',
    changed(
      ['permit 10\n   match ip address prefix-list PL1\n', 'permit 10\n   match ip address prefix-list PL2\n'],
      ['deny 20\n   match ip address prefix-list PL2\n', 'deny 20\n   match ip address prefix-list PL1\n'],
    ),
    ['interface Ethernet2', '   switchport access vlan 120'],
  ],
  [
    'the route-map of a peer that goes to another VRF',
    changed([
      '      neighbor 10.9.0.1 route-map RM1 in\n   !\n   vrf RED\n      neighbor 10.9.0.1 remote-as 65009\n',
      '   !\n   vrf RED\n      neighbor 10.9.0.1 remote-as 65009\n      neighbor 10.9.0.1 route-map RM1 in\n',
    ]),
    ['interface Ethernet2', '   switchport access vlan 120'],
  ],
  [
    'two classes of a policy-map that swap their actions',
    changed([
      '   class WEB\n      set dscp 10\n   class VOICE\n      set dscp 46\n',
      '   class WEB\n      set dscp 46\n   class VOICE\n      set dscp 10\n',
    ]),
    ['interface Ethernet2', '   switchport access vlan 120'],
  ],
  [
    'an entry that permitted what the list has, and denies it',
    changed(['route-map RM1 permit 10', 'route-map RM1 deny 10']),
    PREFIX,
  ],
  [
    'what an entry that matches the list sets',
    changed([
      'permit 10\n   match ip address prefix-list PL1\n',
      'permit 10\n   match ip address prefix-list PL1\n   set local-preference 50\n',
    ]),
    PREFIX,
  ],
  [
    'what is done with the class that an access list is in',
    changed(['   class WEB\n      set dscp 10\n', '   class WEB\n      set dscp 46\n']),
    ACL,
  ],
  [
    'the policy of a port, two steps above the access list',
    changed(['   description host B\n', '   description host B\n   service-policy type qos input MARK\n']),
    ACL,
  ],
  [
    'a peer that the route-map of the list is on',
    changed([
      '      neighbor 10.9.0.1 remote-as 65009\n      neighbor 10.9.0.1 route-map RM1 in\n',
      '      neighbor 10.9.0.1 remote-as 65009\n      neighbor 10.9.0.1 route-map RM1 in\n      neighbor 10.9.0.1 route-map RM1 out\n',
    ]),
    PREFIX,
  ],
]

/** What counts, and what a bag of lines, or the names in a change, do not show. */
export const ATTACKS: readonly CarryAttack[] = [
  ...ON_MORE.map(([what, is, lines]) => ({ what, was: MORE, is, lines })),
  {
    what: 'a port with the access list that goes to another VRF',
    was: BASE,
    is: edited(['   no switchport\n   vrf PROD\n', '   no switchport\n']),
    lines: ['ip access-list EDGE', '   20 deny udp any any'],
  },
  {
    what: 'a trunk without a list, which the new VLAN is on',
    was: BASE,
    is: edited(['   description spare\n', '   description spare\n   switchport mode trunk\n']),
    lines: ['vlan 778', '   name NEW'],
  },
  {
    what: 'a network of a routing protocol that takes the new address up',
    was: BASE,
    is: edited(['management api', 'router ospf 1\n   network 10.0.0.0/8 area 0.0.0.0\n!\nmanagement api']),
    lines: ['interface Ethernet8', '   no switchport', '   ip address 10.77.0.1/31'],
  },
]
