import { type ModeTable, rows } from './table.ts'

const neighborSingle = rows(`
  neighbor * allowas-in|description|ebgp-multihop|local-as|local-v6-addr|maximum-routes|maximum-accepted-routes
  neighbor * export-localpref|idle-restart-timer|import-localpref|max-metric-aigp|metric-out|out-delay
  neighbor * password|peer-group|peer-filter|remote-as|rib-in|session|timers|ttl|update-source|weight
  neighbor * peer group
  neighbor * default-originate|encapsulation
  neighbor * bfd interval
  neighbor * route-map|prefix-list|filter-list|access-group|distribute-list _ in|out
  neighbor * rcf in|out
  neighbor * missing-policy direction * action
  neighbor * next-hop-self source-interface
  neighbor interface *
  neighbor * transport *
  neighbor * additional-paths send
`)

const neighborInherited = [
  'neighbor * bfd|fall-over|next-hop-peer|passive|route-reflector-client|shutdown|soft-reconfiguration',
  'neighbor * next-hop-self|next-hop-unchanged|remove-private-as|send-community $',
]

const neighborToggle = [
  'neighbor * activate|enforce-first-as|route-to-peer',
  'neighbor * additional-paths receive',
  'neighbor * auto-local-addr|dont-capability-negotiate|graceful-restart|graceful-restart-helper',
  'neighbor * remove-private-as ingress',
  'neighbor * send',
]

const bgpSingle = rows(`
  bgp asn notation
  bgp cluster-id
  bgp confederation identifier
  bgp listen limit
  bgp log-neighbor-changes
  bgp missing-policy direction * action
  bgp route-reflector preserve-attributes
  bgp transport *
  distance bgp
  dynamic peer max
  graceful-restart restart-time|stalepath-time
  graceful-restart-helper restart-time
  maximum-paths
  router-id
  timers bgp
  update wait-for-convergence|wait-install
`)

const bgpToggle = [
  'bgp additional-paths receive|send',
  'bgp advertise-inactive',
  'bgp always-compare-med',
  'bgp client-to-client',
  'bgp default *',
  'bgp default * transport *',
  'bgp redistribute-internal',
  'graceful-restart $',
  'graceful-restart-helper $',
  'host-flap detection $',
  'shutdown $',
]

const routes = ['aggregate-address _', 'network _', 'redistribute', 'route']
const targets = ['route-target _', 'rd', 'evpn']
const heads = ['neighbor *']

const macVrf = [...targets, 'redistribute']

// The commands of `vlan …` under `router bgp` (a MAC-VRF).
const bgpVlanTable: ModeTable = {
  mode: 'bgp-vlan',
  single: ['rd _ $'],
  line: macVrf,
}

export const bgpTables: readonly ModeTable[] = [
  // The commands of `router bgp …`.
  {
    mode: 'bgp',
    blocks: {
      'address-family *': 'bgp-family',
      'vlan *': 'bgp-vlan',
      'vlan-aware-bundle *': 'bgp-bundle',
      'vpws *': 'vpws',
      'vrf *': 'bgp-vrf',
      'bgp monitoring station *': 'open',
      'session tracker *': 'open',
    },
    single: [...neighborSingle, ...bgpSingle],
    toggle: [...neighborToggle, ...bgpToggle],
    inherited: neighborInherited,
    line: ['bgp', 'neighbor *', 'distance', 'dynamic', 'next-hop', 'ip', 'update', 'timers', 'ucmp', ...routes],
    heads,
  },
  // The commands of `vrf …` under `router bgp`.
  {
    mode: 'bgp-vrf',
    blocks: { 'address-family *': 'bgp-family', 'evpn multicast $': 'open' },
    single: [...neighborSingle, ...bgpSingle, 'rd _ $'],
    toggle: [...neighborToggle, ...bgpToggle],
    inherited: neighborInherited,
    line: ['bgp', 'neighbor *', 'default-route', 'distance', 'ip', 'timers', 'update', 'ucmp', ...routes, ...targets],
    heads,
  },
  // The commands of `address-family …` under `router bgp` or one of its VRFs.
  {
    mode: 'bgp-family',
    blocks: { 'evpn multicast $': 'open' },
    single: [
      ...neighborSingle.filter((pattern) => !pattern.includes('remote-as') && !pattern.includes('description')),
      'bgp missing-policy direction * action',
      'domain identifier _ $',
      'domain identifier _ remote',
      'next-hop resolution ribs',
    ],
    toggle: [...neighborToggle, ...bgpToggle],
    inherited: neighborInherited,
    line: [
      'bgp',
      'domain',
      'encapsulation',
      'export',
      'flow-spec',
      'host-flap',
      'import',
      'install',
      'label',
      'layer-2',
      'lfib',
      'neighbor *',
      'next-hop',
      'path-selection',
      'segment-routing',
      ...routes,
      ...targets,
    ],
    heads,
  },
  bgpVlanTable,
  // The commands of `vlan-aware-bundle …` under `router bgp`.
  { ...bgpVlanTable, mode: 'bgp-bundle', line: [...macVrf, 'vlan _'] },
]
