import { type ModeTable, rows } from './table.ts'

export const managementTables: readonly ModeTable[] = [
  // The commands of `management api …`.
  {
    mode: 'management-api',
    blocks: {
      'vrf *': 'management-vrf',
      'transport grpc|grpc-tunnel|ssh|http|https *': 'management-transport',
      'provider smash|sysdb $': 'open',
    },
    single: [
      'idle-timeout',
      'protocol https ssl profile',
      'protocol http|unix-socket|http-localhost|https-certificate $',
      'qos dscp',
      'cors allowed-origin',
    ],
    toggle: ['default-services $', 'protocol https $', 'protocol http|https|http-localhost port', 'shutdown $'],
    line: ['protocol', 'provider', 'log-level', 'ip access-group', 'ipv6 access-group', 'vrf', 'session'],
  },
  // The commands of `vrf …` under a management mode.
  {
    mode: 'management-vrf',
    single: ['ip access-group', 'ipv6 access-group'],
    toggle: ['shutdown $'],
    line: [],
  },
  // The commands of `transport …` under `management api gnmi` and `netconf`.
  {
    mode: 'management-transport',
    single: ['ssl profile', 'port', 'vrf _', 'ip access-group', 'notification timestamp', 'accounting'],
    toggle: ['shutdown $', 'authorization requests'],
    line: ['destination', 'gnmi', 'local', 'target', 'tunnel', 'certificate', 'authentication', 'username'],
  },
  // The commands of `management ssh`, `console`, `security` and their kin.
  {
    mode: 'management',
    blocks: {
      'vrf *': 'management-vrf',
      'ssl profile *': 'open',
      'password policy *': 'open',
      'policy *': 'open',
      'session shared-secret profile *': 'open',
    },
    single: [
      'idle-timeout',
      'login timeout',
      'log-level',
      'client-alive interval|count-max',
      'connection limit|per-host',
    ],
    toggle: ['shutdown $'],
    line: rows(`
      authentication
      ciphers
      cipher
      connection
      entropy
      exec
      fips
      hostkey
      ip access-group
      ipv6 access-group
      key-exchange
      known-hosts
      mac
      password
      rekey
      secret
      server
      source-interface
      switchport
      username _
      vrf
    `),
  },
  // The commands of `daemon …`.
  {
    mode: 'daemon',
    single: ['exec', 'heartbeat', 'option * value'],
    toggle: ['shutdown $'],
    line: ['option', 'command'],
  },
  // The commands of `mlag configuration`.
  {
    mode: 'mlag',
    single: [
      'domain-id',
      'dual-primary detection|recovery',
      'heartbeat-interval',
      'local-interface',
      'peer-address _ $',
      'peer-address heartbeat',
      'peer-link',
      'primary-priority',
      'reload-delay mlag|mode|non-mlag',
      'reload-delay _ $',
    ],
    toggle: ['shutdown $'],
    line: ['lacp', 'vxlan'],
  },
  // The commands of `spanning-tree mst configuration`.
  {
    mode: 'mst',
    single: ['name', 'revision', 'instance *'],
    line: ['abort'],
  },
  // The commands of `aaa group server …`.
  { mode: 'server-group', line: ['server _', 'ip', 'vrf'] },
  // The commands of `role …`.
  {
    mode: 'role',
    numbered: [{ head: '', word: '', actions: ['permit', 'deny'] }],
  },
  // A mode whose commands are not told apart: any line is additive, any line with lines under it a block.
  {
    mode: 'open',
    single: ['description'],
    toggle: ['shutdown $', 'disabled $', 'quiesce $'],
    open: true,
  },
  // A mode opened by a command that no rule knows: all its lines are unknown too.
  { mode: 'unknown', single: ['description'], toggle: ['shutdown $'] },
]
