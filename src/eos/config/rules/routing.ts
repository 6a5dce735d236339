import { type ModeTable, rows } from './table.ts'

// The commands of an interior gateway protocol in one VRF.
const igpVrfTable: ModeTable = {
  mode: 'igp-vrf',
  blocks: {
    'address-family *': 'igp-family',
    'segment-routing mpls $': 'open',
    'traffic-engineering $': 'open',
  },
  single: rows(`
    auto-cost reference-bandwidth
    bfd default
    distance ospf *
    is-type
    max-lsa
    maximum-paths
    passive-interface default
    router-id $
    router-id _ $
    router-id ipv4|ipv6
    timers lsa rx min interval
    timers spf delay initial
    timers local-convergence-delay
  `),
  toggle: ['log-adjacency-changes', 'shutdown $'],
  inherited: ['passive-interface *'],
  line: rows(`
    adjacency
    advertise
    area _
    authentication
    bfd
    default-information
    default-metric
    distance
    distribute-list
    graceful-restart
    graceful-restart-helper
    lsp
    max-metric
    mpls ldp sync
    multi-topology
    net _
    network _
    ospfv3
    point-to-point
    redistribute
    set-overload-bit
    spf-interval
    summary-address
    timers
    tunnel
  `),
}

export const routingTables: readonly ModeTable[] = [
  igpVrfTable,
  // The commands of `router ospf`, `router ospfv3`, `router isis`, `router rip`.
  {
    ...igpVrfTable,
    mode: 'igp',
    blocks: { ...igpVrfTable.blocks, 'vrf *': 'igp-vrf' },
  },
  // The commands of `address-family …` under an interior gateway protocol.
  {
    mode: 'igp-family',
    single: ['maximum-paths', 'router-id', 'timers local-convergence-delay'],
    inherited: ['passive-interface *'],
    line: [
      'area _',
      'multi-topology',
      'bfd',
      'default-information',
      'distance',
      'fast-reroute',
      'redistribute',
      'timers',
      'tunnel',
      'adjacency',
    ],
  },
  // The commands of `ip access-list …` and its kin; edits take effect when the mode is left.
  {
    mode: 'acl',
    numbered: [{ head: '', word: '', actions: ['permit', 'deny', 'remark'] }],
    single: ['counters per-entry', 'statistics per-entry'],
    toggle: ['fragment-rules'],
    group: true,
  },
  // The commands of `ip prefix-list NAME`.
  {
    mode: 'prefix-list',
    numbered: [{ head: '', word: 'seq', actions: ['permit', 'deny', 'remark'] }],
  },
  // The commands of `peer-filter …`.
  {
    mode: 'peer-filter',
    numbered: [{ head: '', word: '', actions: ['match'] }],
  },
  // The commands of `match-list input …`.
  {
    mode: 'match-list',
    numbered: [{ head: '', word: '', actions: ['match'] }],
    line: ['match'],
  },
  // The commands of `route-map NAME permit|deny N`.
  {
    mode: 'route-map',
    single: [
      'continue',
      'description',
      'set distance|local-preference|metric|metric-type|origin|tag|weight',
      'set ip|ipv6 next-hop',
      'sub-route-map',
    ],
    line: ['match _', 'set _'],
  },
]
