import type { ModeTable } from './table.ts'

const containers: readonly (readonly [mode: string, blocks: Readonly<Record<string, string>>])[] = [
  [
    'application-recognition',
    {
      'application ipv4|ipv6|l4 *': 'open',
      'application-profile *': 'application-profile',
      'category *': 'application-profile',
      'field-set *': 'open',
    },
  ],
  ['cvx', { 'service *': 'open' }],
  ['dhcp-server', { 'subnet *': 'dhcp-subnet', 'vendor-option ipv4 *': 'open', 'client class *': 'open' }],
  ['dhcp-subnet', { 'reservations $': 'dhcp-reservations' }],
  ['dhcp-reservations', { 'mac-address *': 'open' }],
  [
    'ip-security',
    { 'ike policy *': 'open', 'sa policy *': 'open', 'profile *': 'open', 'key controller $': 'key-controller' },
  ],
  ['l2-protocol', { 'forwarding profile *': 'open' }],
  ['mac-security', { 'profile *': 'open' }],
  ['mcs-client', { 'cvx secondary *': 'open' }],
  ['patch-panel', { 'patch *': 'patch' }],
  ['policy-map', { 'class *': 'open', '_ class *': 'open' }],
  ['stun', { 'client|server $': 'stun-role' }],
  ['stun-role', { 'server-profile *': 'open' }],
  [
    'telemetry',
    {
      'destination influxdb *': 'open',
      'source socket *': 'open',
      'profile *': 'open',
      'sample policy *': 'sample-policy',
    },
  ],
  ['sample-policy', { 'match *': 'open' }],
  [
    'traffic-policies',
    { 'field-set ipv4|ipv6 prefix *': 'open', 'field-set l4-port *': 'open', 'traffic-policy *': 'traffic-policy' },
  ],
  ['traffic-policy', { 'match * ipv4|ipv6': 'traffic-match' }],
  ['traffic-match', { 'actions $': 'open' }],
  ['poe', {}],
  ['vmtracer-session', {}],
  ['vpws', { 'pseudowire *': 'open' }],
  ['adaptive-topology', { 'policy *': 'avt-policy', 'profile *': 'open', 'vrf *': 'open' }],
  ['avt-policy', { 'match application-profile *': 'open' }],
  ['internet-exit', { 'exit-group *': 'exit-group', 'policy *': 'exit-policy' }],
  [
    'path-selection',
    { 'path-group * id *': 'path-group', 'load-balance policy *': 'open', 'policy *': 'path-policy', 'vrf *': 'open' },
  ],
  ['path-group', { 'local interface *': 'open', 'peer dynamic $': 'open', 'peer static router-ip *': 'open' }],
  ['path-policy', { 'default-match $': 'open', '_ application-profile *': 'open' }],
  ['traffic-engineering', { 'segment-routing $': 'te-segment-routing' }],
  ['te-segment-routing', { 'policy endpoint *': 'te-policy' }],
  ['te-policy', { 'path-group preference *': 'open' }],
  ['router-general', { 'control-functions $': 'open', 'vrf *': 'open' }],
]

const containerLines: Readonly<Record<string, readonly string[]>> = {
  poe: ['interface shutdown|reboot action'],
  'router-general': ['hardware next-hop', 'router-id ipv4|ipv6'],
  'traffic-policies': ['counter interface'],
  'vmtracer-session': ['username', 'password', 'source-interface', 'url'],
  vpws: ['label', 'mpls control-word', 'mtu', 'rd', 'route-target'],
  'traffic-engineering': ['router-id ipv4|ipv6'],
}

const flowTables: readonly ModeTable[] = [
  {
    mode: 'flow-tracking',
    blocks: { 'tracker *': 'flow-tracker' },
    single: ['sample _ $'],
    toggle: ['shutdown $'],
    line: ['encapsulation', 'hardware', 'sample'],
  },
  {
    mode: 'flow-tracker',
    blocks: { 'exporter *': 'flow-exporter' },
    single: ['record export on inactive timeout', 'record export on interval', 'flow table size'],
    line: ['record', 'table'],
  },
  {
    mode: 'flow-exporter',
    single: ['dscp', 'local interface', 'template interval', 'sflow export'],
    line: ['collector', 'format'],
  },
]

const pimCommands = {
  toggle: ['bfd $'],
  line: ['ip pim', 'rp', 'ssm', 'anycast-rp', 'fast-reroute', 'log-neighbor-changes', 'spt'],
}
const msdpCommands = ['connection', 'forward', 'group-limit', 'originator-id', 'rejected-limit']

const multicastTables: readonly ModeTable[] = [
  {
    mode: 'multicast',
    blocks: { 'ipv4|ipv6 $': 'multicast-family', 'vrf *': 'multicast-vrf' },
    line: ['ip', 'ipv6'],
  },
  { mode: 'multicast-vrf', blocks: { 'ipv4|ipv6 $': 'multicast-family' }, line: ['ip', 'ipv6'] },
  {
    mode: 'multicast-family',
    single: ['activity polling-interval', 'routing $', 'software-forwarding'],
    toggle: ['multipath deterministic'],
    line: ['counters', 'max-fastdrops', 'multipath', 'rpf', 'unicast'],
  },
  {
    mode: 'pim',
    blocks: { 'ipv4|ipv6 $': 'pim-family', 'vrf *': 'pim-vrf' },
    ...pimCommands,
  },
  { mode: 'pim-vrf', blocks: { 'ipv4|ipv6 $': 'pim-family' }, ...pimCommands },
  { mode: 'pim-family', ...pimCommands },
  {
    mode: 'msdp',
    blocks: { 'peer *': 'msdp-peer', 'vrf *': 'msdp-vrf' },
    line: msdpCommands,
  },
  { mode: 'msdp-vrf', blocks: { 'peer *': 'msdp-peer' }, line: msdpCommands },
  {
    mode: 'msdp-peer',
    single: ['description', 'keepalive', 'local-interface', 'sa-filter in|out', 'sa-limit', 'disabled $'],
    line: ['default-peer', 'mesh-group'],
  },
]

const monitorTables: readonly ModeTable[] = [
  {
    mode: 'monitor-connectivity',
    blocks: { 'vrf *': 'monitor-vrf', 'host *': 'monitor-host' },
    single: ['interface set *', 'interval', 'local-interfaces'],
    toggle: ['shutdown $'],
    line: ['name-server'],
  },
  { mode: 'monitor-vrf', blocks: { 'host *': 'monitor-host' }, single: ['interface set *', 'local-interfaces'] },
  {
    mode: 'monitor-host',
    single: ['icmp echo size', 'ip', 'local-interfaces', 'url'],
    line: ['description'],
  },
  {
    mode: 'service-insertion',
    blocks: { 'connection *': 'service-connection' },
  },
  {
    mode: 'service-connection',
    line: ['interface _ next-hop|primary|secondary', 'monitor connectivity'],
  },
  {
    mode: 'event-handler',
    blocks: { 'trigger on-counters|on-logging $': 'open' },
    single: ['delay', 'threshold', 'timeout'],
    line: ['action', 'asynchronous', 'repeat-interval', 'trigger'],
  },
  {
    mode: 'maintenance',
    blocks: { 'profile bgp|interface|unit * $': 'maintenance-profile', 'unit *': 'maintenance-unit' },
    line: ['profile', 'group', 'traffic'],
  },
  {
    mode: 'maintenance-profile',
    single: ['on-boot duration', 'rate-monitoring load-interval|threshold', 'shutdown max-delay'],
    line: ['initiator', 'rate-monitoring'],
  },
  {
    mode: 'maintenance-unit',
    single: ['profile unit _ $'],
    toggle: ['quiesce $'],
    line: ['group bgp|interface _', 'interface _'],
  },
  {
    mode: 'hardware-tcam',
    blocks: { 'profile *': 'open' },
    single: ['system profile'],
    line: ['feature'],
  },
  {
    mode: 'control-plane',
    toggle: ['service-policy input *'],
    line: ['ip access-group', 'ipv6 access-group', 'tcp'],
  },
  {
    mode: 'key-controller',
    single: ['profile _'],
  },
  { mode: 'exit-group', line: ['local connection', 'tunnel', 'fib-default'] },
  { mode: 'exit-policy', line: ['exit-group _'] },
  { mode: 'application-profile', line: ['application _', 'category _', 'transport', 'service'] },
  {
    mode: 'mpls-ldp',
    single: ['interface disabled default', 'router-id', 'transport-address'],
    toggle: ['shutdown $'],
    line: ['igp', 'neighbor', 'tunnel', 'targeted', 'label', 'fec'],
  },
  {
    mode: 'patch',
    toggle: ['shutdown $'],
    line: ['connector *', 'previous'],
  },
]

/** The commands of services that have modes of their own. */
export const serviceTables: readonly ModeTable[] = [
  ...containers.map(
    ([mode, blocks]): ModeTable => ({
      mode,
      blocks,
      toggle: ['shutdown $', 'disabled $'],
      line: containerLines[mode] ?? [],
      open: true,
    }),
  ),
  ...flowTables,
  ...multicastTables,
  ...monitorTables,
]
