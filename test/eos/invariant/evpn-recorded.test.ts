import { expect, test } from 'vitest'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { type Breach, breachesOf, judgeInvariants } from '../../../src/eos/invariant/judge.ts'
import { shippedInvariants } from '../../../src/eos/invariant/shipped/shipped.ts'
import { recorded, shared } from '../config/replace-pairs.ts'
import { edited } from './edited.ts'

const avd = (path: string) => `aristanetworks+avd/ansible_collections__arista__avd__${path}.cfg`
const snippet = (name: string) => avd(`molecule__eos_cli_config_gen__intended__configs__${name}`)
const design = (name: string) => avd(`molecule__eos_designs_unit_tests__intended__configs__${name}`)
const lab = (path: string) =>
  `batfish+lab-validation/snapshots__${path.replace(' ', '__configs__')}__show_running-config.txt`
const guide = (name: string) => lab(`eos_evpn_l3_design_guide_vlan_based ${name}`)
const validation = (name: string) =>
  `aristanetworks+netdevops-examples/batfish__evpn-validation__snapshot0__configs__${name}.cfg`

/** A configuration that holds: the file, a block that is judged there, and what is changed by hand, where the invariant is about a change. */
type Holds = readonly [file: string, block: string, ...edits: string[]]
/** One that breaks: the file, what is changed by hand so that it does (nothing: it is as it was recorded), and each breach: its block and its line. */
type Breaks = readonly [file: string, edits: readonly string[], ...breaches: string[]]

const [LEAF2A, LEAF2B, BL1A, BL1B, SVC3A] = ['H-LEAF2A', 'H-LEAF2B', 'H-BL1A', 'H-BL1B', 'H-SVC3A'].map(guide) as [
  string,
  string,
  string,
  string,
  string,
]
const LEAF1A = avd('examples__single-dc-l3ls__intended__configs__dc1-leaf1a')
const BORDER = design('DC1-BL1A')
const AWS = lab('eos_iosxe_aws_demo Leaf1')
const FIREWALLED = lab('cv_demo_base_panos bl01')
const ROS = lab('sros_bgp_comm_in r2')
const WEIGHT = lab('eos_bgp_weight_behavior_ribd r3-418')
const CONTINUED = lab('eos_rm_undefined_continue continue-normal')
const SENDER = lab('eos_rm_undefined_continue sender')
const HS517 = validation('hs517')
const SSH = snippet('management-ssh-custom-cipher')
const SYSTEM = snippet('system')
const GNMI = snippet('management-gnmi')
const PORTS = snippet('ethernet-interfaces')

/** A neighbour without a filter in one direction, as a breach says it. */
const unfiltered = (block: string, peer: string, way: 'in' | 'out') =>
  `${block} lacks neighbor ${peer} route-map * ${way} | address-family * > neighbor ${peer} route-map * ${way} | neighbor ${peer} rcf ${way} ** | address-family * > neighbor ${peer} rcf ${way} **`
const unlimited = 'router bgp 65002 lacks neighbor 10.0.0.0 maximum-routes **'
const noList = (block: string) => `${block} lacks switchport trunk allowed vlan **`
const noAcl = (block: string, list: string) => `${block} lacks ip access-list ${list} | ip access-list standard ${list}`
const noTarget = (block: string) => [
  `${block} lacks route-target both ** | route-target import **`,
  `${block} lacks route-target both ** | route-target export **`,
]
const noEvi = (asn: number, vlan: number) =>
  `interface Vxlan1 lacks router bgp ${asn} > vlan {has ${vlan}} | router bgp ${asn} > vlan-aware-bundle * > vlan {has ${vlan}}`
const shares = (asn: number, one: number, other: number, target: string) =>
  [
    [one, other],
    [other, one],
  ].map(([a, b]) => `router bgp ${asn} > vlan ${a} has router bgp ${asn} > vlan ${b} > route-target both ${target}`)
const noVrf = (asn: number, vrf: string, ...ways: string[]) =>
  ways.map((way) => `interface Vxlan1 lacks router bgp ${asn} > vrf ${vrf} > route-target ${way} **`)
const noTrunk = (link: string) => `mlag configuration lacks interface ${link} > switchport mode trunk`
const noPeerLink = (vlan: number) =>
  `interface Vxlan1 lacks interface Port-Channel3 > switchport trunk allowed vlan {has ${vlan}}`

const ACL = (direction: 'IN' | 'OUT', port: string) =>
  `ip access-group TEST-IPV4-ACL-WITH-IP-FIELDS-${direction}_${port} ${direction.toLowerCase()}`
const ACL_LIST = (direction: 'IN' | 'OUT', port: string) =>
  `ip access-list TEST-IPV4-ACL-WITH-IP-FIELDS-${direction}_${port}`
const VLANS_110 = [
  design('DC1-LEAF2B'),
  design('DC1_UNDEPLOYED_LEAF1A'),
  design('evpn_services_l2_only_false'),
] as const
const EDGE = design('cv-pathfinder-edge1')

/** For each shipped invariant five recorded configurations that hold and five that break it, chosen and read by hand. */
const CASES: Readonly<Record<string, { holds: readonly Holds[]; breaks: readonly Breaks[] }>> = {
  'ebgp-neighbor-filters': {
    holds: [
      // A session of the fabric: a peer group in the default VRF of a switch that speaks EVPN.
      [LEAF2A, 'router bgp 65102'],
      [LEAF1A, 'router bgp 65101'],
      [BORDER, 'router bgp 65104'],
      // To the internet, with a route-map both ways.
      [design('node-type-l3-interfaces-bgp'), 'router bgp 65000'],
      // A neighbour of its own AS.
      [WEIGHT, 'router bgp 65134'],
    ],
    breaks: [
      [ROS, [], unfiltered('router bgp 65002', '10.0.0.0', 'in')],
      [CONTINUED, [], unfiltered('router bgp 65004', '10.14.31.1', 'out')],
      [
        HS517,
        [],
        // Both to the core, and in no peer group: one in the default VRF, one in that of a tenant.
        unfiltered('router bgp 63309', '161.5.0.32', 'in'),
        unfiltered('router bgp 63309', '161.5.0.32', 'out'),
        unfiltered('router bgp 63309 > vrf vrf-tenant', '161.5.1.32', 'in'),
        unfiltered('router bgp 63309 > vrf vrf-tenant', '161.5.1.32', 'out'),
      ],
      [
        AWS,
        [],
        unfiltered('router bgp 65001', '10.10.11.1', 'in'),
        unfiltered('router bgp 65001', '10.10.11.1', 'out'),
        unfiltered('router bgp 65001', '10.10.21.1', 'in'),
        unfiltered('router bgp 65001', '10.10.21.1', 'out'),
      ],
      [
        BORDER,
        [],
        // `::a` has a route-map out, and a prefix list, which is no route-map.
        unfiltered('router bgp 65104 > vrf Tenant_A_WAN_Zone', 'fd5a:fe45:8831:06c5::a', 'in'),
        unfiltered('router bgp 65104 > vrf Tenant_A_WAN_Zone', 'fd5a:fe45:8831:06c5::b', 'in'),
        unfiltered('router bgp 65104 > vrf Tenant_A_WAN_Zone', 'fd5a:fe45:8831:06c5::b', 'out'),
      ],
    ],
  },
  'ebgp-neighbor-limit': {
    holds: [
      [LEAF2A, 'router bgp 65102'],
      [LEAF1A, 'router bgp 65101'],
      [FIREWALLED, 'router bgp 65201'],
      [AWS, 'router bgp 65001'],
      [HS517, 'router bgp 63309 > vrf vrf-tenant'],
    ],
    breaks: [
      [ROS, [], unlimited],
      [lab('sros_bgp_policy r2'), [], unlimited],
      [lab('sros_ecmp r2'), [], unlimited],
      [lab('sros_misconfig r2'), [], unlimited],
      [lab('sros_redist r2'), [], unlimited],
    ],
  },
  'trunk-allowed-vlans': {
    holds: [
      [LEAF2A, 'interface Port-Channel5'],
      [BL1A, 'interface Port-Channel5'],
      [LEAF1A, 'interface Port-Channel8'],
      // Trunk groups.
      [LEAF1A, 'interface Port-Channel3'],
      [AWS, 'interface Port-Channel999'],
    ],
    breaks: [
      [avd('examples__l2ls-fabric__switch-basic-configurations__FIREWALL'), [], noList('interface Port-Channel1')],
      [PORTS, [], noList('interface Ethernet46')],
      [design('CUSTOM-TEMPLATES-L3LEAF1B'), [], noList('interface Port-Channel12')],
      [validation('do331'), [], noList('interface Port-Channel80')],
      [validation('do332'), [], noList('interface Port-Channel80')],
    ],
  },
  'interface-filter-kept': {
    holds: [
      [
        BORDER,
        'interface Ethernet12',
        `- interface Ethernet12 > ${ACL('IN', 'Ethernet12')}`,
        '+ interface Ethernet12 > ip access-group OTHER in',
      ],
      [BORDER, 'interface Ethernet13.10', `- ${ACL_LIST('IN', 'Ethernet13.10')}`],
      [VLANS_110[0], 'interface Vlan110', '- interface Vlan110'],
      [EDGE, 'interface Ethernet1/49.3', '+ interface Ethernet1/49.3 > mtu 1500'],
      [PORTS, 'interface Ethernet25', '+ interface Ethernet25 > mac access-group OTHER in'],
    ],
    breaks: [
      [
        BORDER,
        [`- interface Ethernet12 > ${ACL('OUT', 'Ethernet12')}`],
        `interface Ethernet12 loses ${ACL('OUT', 'Ethernet12')}`,
      ],
      [
        VLANS_110[0],
        [`- interface Vlan110 > ${ACL('IN', 'Vlan110')}`],
        `interface Vlan110 loses ${ACL('IN', 'Vlan110')}`,
      ],
      [
        EDGE,
        [`- interface Ethernet1/49.3 > ${ACL('IN', 'Ethernet1_49.3')}`],
        `interface Ethernet1/49.3 loses ${ACL('IN', 'Ethernet1_49.3')}`,
      ],
      [
        PORTS,
        ['- interface Ethernet4 > ipv6 access-group IPv6_ACL_IN in'],
        'interface Ethernet4 loses ipv6 access-group IPv6_ACL_IN in',
      ],
      [
        PORTS,
        ['- interface Ethernet25 > mac access-group MAC_ACL_OUT out'],
        'interface Ethernet25 loses mac access-group MAC_ACL_OUT out',
      ],
    ],
  },
  'neighbor-filter-kept': {
    holds: [
      [
        ROS,
        'router bgp 65002',
        '- router bgp 65002 > neighbor 10.0.0.0 route-map RM_OUT out',
        '+ router bgp 65002 > neighbor 10.0.0.0 route-map OTHER out',
      ],
      [FIREWALLED, 'router bgp 65201', '- router bgp 65201 > neighbor Fabric maximum-routes 12000'],
      [WEIGHT, 'router bgp 65134', '- route-map INCREASE_WEIGHT permit 20'],
      // With the VRF its neighbour goes.
      [LEAF1A, 'router bgp 65101 > vrf VRF10', '- router bgp 65101 > vrf VRF10'],
      [SENDER, 'router bgp 65001', '+ router bgp 65001 > neighbor 10.12.11.2 route-map ALLOW-LO1 in'],
    ],
    breaks: [
      [
        LEAF1A,
        ['- router bgp 65101 > neighbor MLAG-IPv4-UNDERLAY-PEER route-map RM-MLAG-PEER-IN in'],
        // The group, its member, and the member in each VRF.
        'router bgp 65101 loses neighbor MLAG-IPv4-UNDERLAY-PEER route-map RM-MLAG-PEER-IN in',
        'router bgp 65101 loses neighbor 10.255.1.97 route-map RM-MLAG-PEER-IN in',
        'router bgp 65101 > vrf VRF10 loses neighbor 10.255.1.97 route-map RM-MLAG-PEER-IN in',
        'router bgp 65101 > vrf VRF11 loses neighbor 10.255.1.97 route-map RM-MLAG-PEER-IN in',
      ],
      [
        ROS,
        ['- router bgp 65002 > neighbor 10.0.0.0 route-map RM_OUT out'],
        'router bgp 65002 loses neighbor 10.0.0.0 route-map RM_OUT out',
      ],
      [
        FIREWALLED,
        ['- router bgp 65201 > neighbor 10.2.1.0 route-map FABRIC_AGG out'],
        'router bgp 65201 loses neighbor 10.2.1.0 route-map FABRIC_AGG out',
      ],
      [
        WEIGHT,
        ['- router bgp 65134 > neighbor 10.34.11.2 route-map INCREASE_WEIGHT in'],
        'router bgp 65134 loses neighbor 10.34.11.2 route-map INCREASE_WEIGHT in',
      ],
      [
        BORDER,
        [
          '- router bgp 65104 > vrf Tenant_A_WAN_Zone > address-family ipv4 > neighbor 123.1.1.11 prefix-list PL-TEST-IN-AF4 in',
        ],
        'router bgp 65104 > vrf Tenant_A_WAN_Zone > address-family ipv4 loses neighbor 123.1.1.11 prefix-list PL-TEST-IN-AF4 in',
      ],
    ],
  },
  'service-filter-kept': {
    holds: [
      [
        SSH,
        'management ssh',
        '- management ssh > ip access-group ACL-SSH in',
        '+ management ssh > ip access-group STRICT in',
      ],
      [SSH, 'management ssh', '- management ssh'],
      [
        SYSTEM,
        'system control-plane',
        '- system control-plane > ip access-group acl4_2 vrf red in',
        '+ system control-plane > ip access-group acl4_1 vrf red in',
      ],
      [SYSTEM, 'system control-plane', '+ system control-plane > ip access-group acl4_1 vrf green in'],
      [
        GNMI,
        'management api gnmi > transport grpc MGMT',
        '- management api gnmi > transport grpc MGMT > ip access-group ACL-GNMI',
        '+ management api gnmi > transport grpc MGMT > ip access-group STRICT',
      ],
    ],
    breaks: [
      [SSH, ['- management ssh > ip access-group ACL-SSH in'], 'management ssh loses ip access-group ACL-SSH in'],
      [
        SSH,
        ['- management ssh > ip access-group ACL-SSH-VRF vrf mgt in'],
        'management ssh loses ip access-group ACL-SSH-VRF vrf mgt in',
      ],
      [
        SYSTEM,
        ['- system control-plane > ip access-group acl4_2 vrf red in'],
        'system control-plane loses ip access-group acl4_2 vrf red in',
      ],
      [
        SYSTEM,
        ['- system control-plane > ipv6 access-group acl6_2 vrf blue in'],
        'system control-plane loses ipv6 access-group acl6_2 vrf blue in',
      ],
      [
        GNMI,
        ['- management api gnmi > transport grpc MGMT > ip access-group ACL-GNMI'],
        'management api gnmi > transport grpc MGMT loses ip access-group ACL-GNMI',
      ],
    ],
  },
  'access-list-exists': {
    holds: [
      [BORDER, 'interface Ethernet12'],
      [BORDER, 'interface Ethernet13.10'],
      [VLANS_110[0], 'interface Vlan110'],
      [VLANS_110[1], 'interface Vlan110'],
      [EDGE, 'interface Ethernet1/49.3'],
    ],
    breaks: [
      [SSH, [], noAcl('management ssh', 'ACL-SSH'), noAcl('management ssh', 'ACL-SSH-VRF')],
      [
        SYSTEM,
        [],
        noAcl('system control-plane', 'acl4_1'),
        noAcl('system control-plane', 'acl4_2'),
        noAcl('system control-plane', 'acl4_3'),
      ],
      [snippet('tunnel-interfaces'), [], noAcl('interface Tunnel1', 'test-in'), noAcl('interface Tunnel1', 'test-out')],
      [GNMI, [], noAcl('management api gnmi > transport grpc MGMT', 'ACL-GNMI')],
      [
        VLANS_110[2],
        [`- ${ACL_LIST('OUT', 'Vlan110')}`],
        noAcl('interface Vlan110', 'TEST-IPV4-ACL-WITH-IP-FIELDS-OUT_Vlan110'),
      ],
    ],
  },
  'route-map-exists': {
    holds: [
      [LEAF1A, 'router bgp 65101'],
      [FIREWALLED, 'router bgp 65201'],
      [ROS, 'router bgp 65002'],
      [SENDER, 'router bgp 65001'],
      [WEIGHT, 'router bgp 65134'],
    ],
    breaks: [
      [design('cv-pathfinder-pathfinder'), [], 'router bgp 65000 lacks route-map RM-BGP-UNDERLAY-PEERS-IN **'],
      [
        BORDER,
        [],
        ...['10-IN', '11-IN', '11-OUT'].map(
          (name) => `router bgp 65104 > vrf Tenant_A_WAN_Zone lacks route-map RM-123-1-1-${name} **`,
        ),
      ],
      [
        snippet('router-bgp-vrf-address-families'),
        [],
        ...['ipv4', 'ipv4 multicast', 'ipv6'].flatMap((family) =>
          ['FOO', 'BAR'].map(
            (name) => `router bgp 65001 > vrf VRF01 > address-family ${family} lacks route-map ${name} **`,
          ),
        ),
      ],
      [
        snippet('router-bgp-evpn-vpn-import-pruning'),
        [],
        // The group, and its member in each VRF.
        ...['', ' > vrf TENANT_A_PROJECT01', ' > vrf TENANT_A_PROJECT02'].flatMap((vrf) =>
          ['IN', 'OUT'].map((way) => `router bgp 65101${vrf} lacks route-map RM-MLAG-PEER-${way} **`),
        ),
      ],
      [ROS, ['+ router bgp 65002 > neighbor 10.0.0.0 route-map RM_IN in'], 'router bgp 65002 lacks route-map RM_IN **'],
    ],
  },
  'prefix-list-exists': {
    holds: [
      [LEAF2A, 'route-map RM-CONN-2-BGP permit 10'],
      [LEAF1A, 'route-map RM-CONN-2-BGP-VRFS deny 10'],
      [FIREWALLED, 'route-map FABRIC_AGG permit 10'],
      [CONTINUED, 'route-map CONT-NORMAL permit 30'],
      [SENDER, 'route-map ALLOW-LO1 permit 10'],
    ],
    breaks: [
      [
        snippet('route-maps'),
        [],
        'route-map RM-CONN-BL-BGP deny 10 lacks ip prefix-list PL-MLAG **',
        'route-map RM-CONN-BL-BGP permit 20 lacks ip prefix-list PL-SUBRM **',
        'route-map RM-CONN-BL-BGP permit 30 lacks ip prefix-list PL-CONTINUE **',
        'route-map RM-CONN-BL-BGP permit 40 lacks ip prefix-list PL-CONTINUE **',
      ],
      [
        LEAF2A,
        ['- ip prefix-list PL-P2P-UNDERLAY'],
        'route-map RM-CONN-2-BGP permit 20 lacks ip prefix-list PL-P2P-UNDERLAY **',
      ],
      [
        LEAF1A,
        ['- ip prefix-list PL-MLAG-PEER-VRFS'],
        'route-map RM-CONN-2-BGP-VRFS deny 10 lacks ip prefix-list PL-MLAG-PEER-VRFS **',
      ],
      [
        CONTINUED,
        ['- ip prefix-list ALLOW-172-16-0-4 seq 10 permit 172.16.0.4/32'],
        'route-map CONT-NORMAL permit 30 lacks ip prefix-list ALLOW-172-16-0-4 **',
      ],
      [
        SENDER,
        ['- ip prefix-list ALLOW-LO2 seq 10 permit 172.16.0.2/32'],
        'route-map ALLOW-LO2 permit 10 lacks ip prefix-list ALLOW-LO2 **',
      ],
    ],
  },
  'vni-unique': {
    holds: [LEAF2A, BL1A, LEAF1A, HS517, BORDER].map((file): Holds => [file, 'interface Vxlan1']),
    breaks: [
      [
        LEAF2A,
        ['+ interface Vxlan1 > vxlan vlan 112 vni 10111'],
        'interface Vxlan1 has vxlan vlan 111 vni 10111',
        'interface Vxlan1 has vxlan vlan 112 vni 10111',
      ],
      [
        BL1A,
        ['+ interface Vxlan1 > vxlan vlan 120 vni 10311'],
        'interface Vxlan1 has vxlan vlan 120 vni 10311',
        'interface Vxlan1 has vxlan vlan 311 vni 10311',
      ],
      [LEAF1A, ['+ interface Vxlan1 > vxlan vrf VRF12 vni 13402'], 'interface Vxlan1 has vxlan vrf VRF12 vni 13402'],
      [
        HS517,
        ['+ interface Vxlan1 > vxlan vlan 3900 vni 12001'],
        'interface Vxlan1 has vxlan vlan 2001 vni 12001',
        'interface Vxlan1 has vxlan vlan 3900 vni 12001',
      ],
      [
        LEAF2A,
        ['+ interface Vxlan1 > vxlan vrf Tenant_D_OPZone vni 10310'],
        'interface Vxlan1 has vxlan vrf Tenant_D_OPZone vni 10310',
      ],
    ],
  },
  'vxlan-vlan-exists': {
    holds: [LEAF2A, BL1A, LEAF1A, HS517, BORDER].map((file): Holds => [file, 'interface Vxlan1']),
    breaks: [
      [
        snippet('vxlan-interface'),
        [],
        'interface Vxlan1 lacks vlan {has 110} **',
        'interface Vxlan1 lacks vlan {has 111} **',
      ],
      [LEAF2A, ['- vlan 110'], 'interface Vxlan1 lacks vlan {has 110} **'],
      [BL1A, ['- vlan 311'], 'interface Vxlan1 lacks vlan {has 311} **'],
      [LEAF1A, ['- vlan 3402'], 'interface Vxlan1 lacks vlan {has 3402} **'],
      [SVC3A, ['+ interface Vxlan1 > vxlan vlan 410 vni 10410'], 'interface Vxlan1 lacks vlan {has 410} **'],
    ],
  },
  'evpn-instance': {
    holds: [LEAF2A, BL1A, LEAF1A, HS517, BORDER].map((file): Holds => [file, 'interface Vxlan1']),
    breaks: [
      ...[validation('do331'), validation('do332')].map(
        (file): Breaks => [file, [], ...Array.from({ length: 50 }, (_, index) => noEvi(63301, 3051 + index))],
      ),
      [LEAF2A, ['- router bgp 65102 > vlan 210'], noEvi(65102, 210)],
      [BL1A, ['- router bgp 65104 > vlan 110'], noEvi(65104, 110)],
      [LEAF1A, ['+ interface Vxlan1 > vxlan vlan 4093 vni 14093'], noEvi(65101, 4093)],
    ],
  },
  'instance-route-targets': {
    holds: [
      [LEAF2A, 'router bgp 65102 > vlan 110'],
      [BL1A, 'router bgp 65104 > vlan 311'],
      [LEAF1A, 'router bgp 65101 > vlan 3401'],
      [HS517, 'router bgp 63309 > vlan-aware-bundle asymmetric'],
      [BORDER, 'router bgp 65104 > vlan-aware-bundle Tenant_A_WAN_Zone'],
    ],
    breaks: [
      [
        LEAF2A,
        ['- router bgp 65102 > vlan 110 > route-target both 10110:10110'],
        ...noTarget('router bgp 65102 > vlan 110'),
      ],
      [BL1A, ['- router bgp 65104 > vlan 111 > rd 192.168.255.8:10111'], 'router bgp 65104 > vlan 111 lacks rd **'],
      [LEAF1A, ['- router bgp 65101 > vlan 21 > rd 10.255.0.3:10021'], 'router bgp 65101 > vlan 21 lacks rd **'],
      [
        HS517,
        ['- router bgp 63309 > vlan-aware-bundle asymmetric > route-target both 2001:3000'],
        ...noTarget('router bgp 63309 > vlan-aware-bundle asymmetric'),
      ],
      [
        BORDER,
        ['- router bgp 65104 > vlan-aware-bundle Tenant_B_WAN_Zone > rd 192.168.254.14:21'],
        'router bgp 65104 > vlan-aware-bundle Tenant_B_WAN_Zone lacks rd **',
      ],
    ],
  },
  'route-target-unique': {
    holds: [
      [LEAF2A, 'router bgp 65102 > vlan 110'],
      [BL1A, 'router bgp 65104 > vlan 110'],
      [LEAF1A, 'router bgp 65101 > vlan 11'],
      [HS517, 'router bgp 63309 > vlan 2991'],
      [SVC3A, 'router bgp 65103 > vlan 310'],
    ],
    breaks: [
      [design('RD-RT-ADMIN-SUBFIELD-L3LEAF1'), [], ...shares(65001, 3, 4, '3333:3333')],
      [design('RD-RT-ADMIN-SUBFIELD-L3LEAF5'), [], ...shares(65005, 3, 4, '3333:3333')],
      [design('RD-RT-ADMIN-SUBFIELD-L3LEAF7'), [], ...shares(65007, 3, 4, '3333:3333')],
      [
        LEAF2A,
        ['+ router bgp 65102 > vlan 210 > route-target both 10211:10211'],
        ...shares(65102, 210, 211, '10211:10211'),
      ],
      [
        LEAF1A,
        ['+ router bgp 65101 > vlan 12 > route-target both 10011:10011'],
        ...shares(65101, 11, 12, '10011:10011'),
      ],
    ],
  },
  'vrf-vni': {
    holds: [LEAF2A, BL1A, LEAF1A, HS517, BORDER].map((file): Holds => [file, 'interface Vxlan1']),
    breaks: [
      [
        design('cv-pathfinder-pathfinder'),
        [],
        ...['ATTRACTED-VRF-FROM-UPLINK', 'IT', 'PROD', 'TRANSIT'].flatMap((vrf) =>
          noVrf(65000, vrf, 'import', 'export'),
        ),
      ],
      [design('legacy-autovpn-rr1'), [], ...noVrf(65000, 'PROD', 'import', 'export')],
      [design('legacy-autovpn-rr2'), [], ...noVrf(65000, 'PROD', 'import', 'export')],
      [
        LEAF2A,
        ['- router bgp 65102 > vrf Tenant_B_OPZone > route-target import 50201:50201'],
        ...noVrf(65102, 'Tenant_B_OPZone', 'import'),
      ],
      [LEAF1A, ['- router bgp 65101 > vrf VRF10 > route-target export evpn 10:10'], ...noVrf(65101, 'VRF10', 'export')],
    ],
  },
  'peer-link-trunk': {
    holds: [LEAF2A, BL1A, LEAF1A, AWS, HS517].map((file): Holds => [file, 'mlag configuration']),
    breaks: [
      [LEAF2A, ['- interface Port-Channel3 > switchport mode trunk'], noTrunk('Port-Channel3')],
      [BL1B, ['- interface Port-Channel3 > switchport mode trunk'], noTrunk('Port-Channel3')],
      [LEAF1A, ['- interface Port-Channel3 > switchport mode trunk'], noTrunk('Port-Channel3')],
      [AWS, ['- interface Port-Channel999 > switchport mode trunk'], noTrunk('Port-Channel999')],
      [HS517, ['- interface Port-Channel10'], noTrunk('Port-Channel10')],
    ],
  },
  'peer-link-vlans': {
    holds: [LEAF2A, LEAF2B, BL1A, BL1B, SVC3A].map((file): Holds => [file, 'interface Vxlan1']),
    breaks: [LEAF2A, LEAF2B, BL1A, BL1B, SVC3A].map(
      (file): Breaks => [file, ['+ interface Vxlan1 > vxlan vlan 1 vni 10001'], noPeerLink(1)],
    ),
  },
}

const EVPN = shippedInvariants(['evpn'])

const saidOf = ({ block, verb, lines }: Breach) =>
  `${block.join(' > ')} ${verb} ${lines.map((line) => line.join(' > ')).join(' | ')}`

/** Of several neighbours with one fault the line is the same. */
const said = (breaches: readonly Breach[]) => [...new Set(breaches.map(saidOf))].toSorted()

const config = (file: string) => recorded(`eos-corpus/configs/${file}`)

test('each shipped invariant has five recorded configurations that hold, and five that break it', () => {
  expect(Object.keys(CASES).map((name) => `evpn/${name}`)).toEqual(EVPN.map(({ name }) => name))
  const counts = Object.values(CASES).map(({ holds, breaks }) => [holds.length, breaks.length])
  expect(counts).toEqual(Array(17).fill([5, 5]))
  expect(Object.values(CASES).flatMap(({ holds, breaks }) => [...holds, ...breaks])).toHaveLength(170)
  const asRecorded = Object.values(CASES).flatMap(({ breaks }) => breaks.filter(([, edits]) => edits.length === 0))
  expect(asRecorded).toHaveLength(33)
})

test.skipIf(shared === undefined).each(Object.entries(CASES))(
  'recorded: %s',
  { tags: 'long' },
  (name, { holds, breaks }) => {
    const own = EVPN.filter((one) => one.name === `evpn/${name}`)
    for (const [file, block, ...edits] of holds) {
      const text = config(file)
      const rows = text.split('\n').map((row) => row.trimEnd())
      for (const [depth, line] of block.split(' > ').entries())
        expect(rows, file).toContain(`${'   '.repeat(depth)}${line}`)
      const [before, after] = [parseConfig(text), parseConfig(edited(text, edits))]
      expect(judgeInvariants(own, before, after).broken.map(saidOf), file).toEqual([])
      const there = breachesOf(own, after).map(saidOf)
      expect(
        there.filter((one) => one.startsWith(`${block} lacks`) || one.startsWith(`${block} has`)),
        file,
      ).toEqual([])
    }
    for (const [file, edits, ...breaches] of breaks) {
      const text = config(file)
      const after = parseConfig(edited(text, edits))
      const found = edits.length === 0 ? breachesOf(own, after) : judgeInvariants(own, parseConfig(text), after).broken
      expect(said(found), `${file}: ${edits.join(', ')}`).toEqual(breaches.toSorted())
    }
  },
)
