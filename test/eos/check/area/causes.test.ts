import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { stateAreas } from '../../../../src/eos/check/area/index.ts'
import { commandsOfAreas, readAreas } from '../../../../src/eos/check/area/read-areas.ts'
import { inMemoryEapi } from '../../../../src/eos/sim/eapi/in-memory.ts'
import { parseFabric } from '../../../../src/eos/sim/fabric/fabric.ts'
import { SimulatedFabric } from '../../../../src/eos/sim/fabric/simulated-fabric.ts'
import { faultSchema } from '../../../../src/eos/sim/fault/fault-schema.ts'
import type { Demand } from '../../../../src/eos/sim/platform/facts.ts'
import { eapiTransport } from '../../../../src/eos/transport/eapi/eapi-transport.ts'
import { channelOver } from '../../../../src/eos/transport/eapi/exchange.ts'
import { SeededRandom } from '../../../../src/lab/trial/seeded-random.ts'
import { VirtualClock } from '../../../../src/lab/trial/timeline.ts'
import { noFence } from '../../../../src/model/fence.ts'
import type { Json } from '../../../../src/model/json.ts'
import { Secret } from '../../../../src/model/secret.ts'

/** Traffic of hv01 (a bond to leaf1 and leaf2) to hv05 (to leaf3 and leaf4), both in VLAN 110. */
const DEMAND: Demand = { from: 'hv01', to: '10.10.110.25', vlan: 110, rate: 4e9 }

/** The areas of the table. */
const COLUMNS = [
  'interfaces',
  'errors',
  'traffic',
  'mlag',
  'vlan',
  'spanning-tree',
  'bgp',
  'bgp-prefixes',
  'bgp-advertised',
  'bgp-limits',
  'routes',
  'exits',
  'gateways',
  'hardware-capacity',
] as const

/** One area of the table. */
type Column = (typeof COLUMNS)[number]

/** Something that happens in the network, and what of a switch it changes: these areas, and none of the others. */
interface Cause {
  readonly name: string
  /** As the control port takes it; `lines` alone are typed by hand. */
  readonly faults: readonly Readonly<Record<string, unknown>>[]
  readonly demands?: readonly Demand[]
  readonly seen: string
  readonly changes: readonly Column[]
}

const typed = (device: string, ...lines: string[]) => ({ device, kind: 'hand-edit', lines })
const leaf1 = (...lines: string[]) => typed('leaf1', ...lines)
const bgp = (...lines: string[]) => leaf1('router bgp 65101', ...lines)
const fault = (kind: string, more: Readonly<Record<string, unknown>>) => ({ device: 'leaf1', kind, ...more })
const rules = (count: number) =>
  Array.from({ length: count }, (_, at) => `${(at + 1) * 10} permit ip host 10.9.0.1 any`)

const cause = (name: string, faults: Cause['faults'], changes: readonly Column[], seen = 'leaf1') => ({
  name,
  faults,
  seen,
  changes,
})

/** What may happen, and what it changes. */
const CAUSES: readonly Cause[] = [
  cause('an hour passes', [], []),
  cause('a description', [leaf1('interface Ethernet7', 'description other')], []),
  cause('another location', [leaf1('snmp-server location elsewhere')], []),
  cause(
    'another LLDP neighbour',
    [fault('neighbor-swapped', { port: 'Ethernet49/1', heard: 'spine2', heardPort: 'Ethernet1/1' })],
    [],
  ),
  cause('the clock adrift', [fault('clock-adrift', {})], []),
  cause('a supply fails', [fault('supply-failed', { supply: '2' })], []),
  cause('an agent crashes', [fault('agent-crashed', { agent: 'Bgp' })], []),
  cause('a flood entry goes', [fault('flood-entry-lost', { vtep: '10.0.251.13', vlan: 110 })], []),
  cause('ten rules of an access list', [leaf1('ip access-list FEW', ...rules(10))], []),
  cause('a member leaves its port-channel', [fault('member-inactive', { port: 'Ethernet55/1' })], ['interfaces']),
  cause(
    'a port of a host goes down',
    [fault('link-down', { port: 'Ethernet7' })],
    ['interfaces', 'mlag', 'vlan', 'spanning-tree'],
  ),
  cause('a port of a host flaps', [fault('link-flap', { port: 'Ethernet7', period: 20 })], ['interfaces']),
  cause(
    'a port of a host is errdisabled',
    [fault('port-errdisabled', { port: 'Ethernet7' })],
    ['interfaces', 'mlag', 'vlan', 'spanning-tree'],
  ),
  cause(
    'a port of a host is shut down',
    [leaf1('interface Ethernet9', 'shutdown')],
    ['interfaces', 'vlan', 'spanning-tree'],
  ),
  cause(
    'an uplink goes down',
    [fault('link-down', { port: 'Ethernet49/1' })],
    ['interfaces', 'bgp', 'bgp-prefixes', 'bgp-advertised', 'routes', 'exits'],
  ),
  cause(
    'both uplinks go down',
    [fault('link-down', { port: 'Ethernet49/1' }), fault('link-down', { port: 'Ethernet50/1' })],
    ['interfaces', 'traffic', 'bgp', 'bgp-prefixes', 'bgp-advertised', 'routes', 'exits'],
  ),
  cause(
    'errors on a port',
    [fault('errors-rising', { port: 'Ethernet7', counter: 'fcsErrors', perSecond: 3 })],
    ['errors'],
  ),
  cause(
    'discards on an uplink',
    [fault('errors-rising', { port: 'Ethernet49/1', counter: 'outDiscards', perSecond: 9 })],
    ['errors'],
  ),
  cause('the pair breaks', [fault('mlag-inactive', {})], ['mlag', 'spanning-tree']),
  cause('a VLAN is added', [leaf1('vlan 3120', 'name NEW')], ['mlag', 'vlan']),
  cause('a VLAN goes', [leaf1('no vlan 121')], ['interfaces', 'mlag', 'vlan', 'bgp-advertised', 'routes', 'gateways']),
  cause('a smaller bridge priority', [leaf1('spanning-tree mst 0 priority 4096')], ['spanning-tree']),
  cause('another mode of spanning tree', [leaf1('spanning-tree mode rapid-pvst')], ['spanning-tree']),
  cause('no spanning tree', [leaf1('spanning-tree mode none')], ['spanning-tree']),
  cause(
    'a session goes down',
    [fault('bgp-peer-down', { peer: '10.0.1.0' })],
    ['bgp', 'bgp-prefixes', 'bgp-advertised', 'routes', 'exits'],
  ),
  cause(
    'a session goes down, as the spine sees it',
    [fault('bgp-peer-down', { peer: '10.0.1.0' })],
    ['bgp', 'bgp-prefixes', 'bgp-advertised', 'routes'],
    'spine1',
  ),
  cause(
    'a neighbor is shut down',
    [bgp('neighbor 10.0.1.0 shutdown')],
    ['bgp', 'bgp-prefixes', 'bgp-advertised', 'routes', 'exits'],
  ),
  cause(
    'a peer withdraws one prefix',
    [fault('routes-withdrawn', { peer: '10.0.1.0', prefixes: ['10.0.250.13/32'] })],
    ['bgp-prefixes', 'bgp-advertised', 'routes'],
  ),
  cause(
    'a peer withdraws all',
    [fault('routes-withdrawn', { peer: '10.0.1.0' })],
    ['bgp-prefixes', 'bgp-advertised', 'routes', 'exits'],
  ),
  cause(
    'nothing is sent to the spines',
    [leaf1('route-map NONE deny 10'), bgp('neighbor IPv4-UNDERLAY-PEERS route-map NONE out')],
    ['bgp-advertised'],
  ),
  cause(
    'nothing comes from a leaf, as the spine sees it',
    [leaf1('route-map NONE deny 10'), bgp('neighbor IPv4-UNDERLAY-PEERS route-map NONE out')],
    ['bgp-prefixes', 'bgp-advertised', 'routes'],
    'spine1',
  ),
  cause(
    'an own network is announced, too',
    [leaf1('interface Loopback9', 'ip address 10.0.9.1/32'), bgp('network 10.0.9.1/32')],
    ['interfaces', 'bgp-advertised', 'routes'],
  ),
  cause('a wider limit of routes', [bgp('neighbor IPv4-UNDERLAY-PEERS maximum-routes 256000')], ['bgp-limits']),
  cause('a limit that is nearly reached', [bgp('neighbor IPv4-UNDERLAY-PEERS maximum-routes 5')], ['bgp-limits']),
  cause(
    'a limit that is passed',
    [bgp('neighbor IPv4-UNDERLAY-PEERS maximum-routes 3')],
    ['traffic', 'bgp', 'bgp-prefixes', 'bgp-advertised', 'bgp-limits', 'routes', 'exits'],
  ),
  cause('a default route', [leaf1('ip route vrf PROD 0.0.0.0/0 10.10.110.254')], ['routes', 'exits']),
  cause(
    'five routes to a new next hop',
    [leaf1(...['1', '2', '3', '4', '5'].map((end) => `ip route vrf PROD 10.99.${end}.0/24 10.10.110.253`))],
    ['routes', 'exits'],
  ),
  cause('one route to a new next hop', [leaf1('ip route vrf PROD 10.99.1.0/24 10.10.110.253')], ['routes']),
  cause(
    'a black hole',
    [leaf1('ip route vrf PROD 10.10.110.25/32 Null0'), typed('leaf2', 'ip route vrf PROD 10.10.110.25/32 Null0')],
    ['traffic', 'routes'],
  ),
  cause('another gateway MAC address', [leaf1('ip virtual-router mac-address 00:1c:73:00:00:98')], ['gateways']),
  cause(
    'a second gateway address',
    [leaf1('interface Vlan110', 'ip address virtual 10.10.119.1/24 secondary')],
    ['bgp-advertised', 'routes', 'gateways'],
  ),
  cause(
    'a gateway is shut down',
    [leaf1('interface Vlan111', 'shutdown')],
    ['interfaces', 'vlan', 'bgp-advertised', 'routes', 'gateways'],
  ),
  cause('seven hundred rules of an access list', [leaf1('ip access-list MANY', ...rules(700))], ['hardware-capacity']),
  cause('an access list that fills its table', [leaf1('ip access-list FULL', ...rules(1000))], ['hardware-capacity']),
  { ...cause('a tenth of the traffic', [], ['traffic']), demands: [{ ...DEMAND, rate: 0.4e9 }] },
  { ...cause('ten times the traffic', [], ['traffic']), demands: [{ ...DEMAND, rate: 40e9 }] },
  {
    ...cause('other traffic begins', [], []),
    demands: [DEMAND, { from: 'hv02', to: '10.10.110.25', vlan: 110, rate: 0.5e9 }],
  },
  cause(
    'a spine is cut off',
    [
      { device: 'spine1', kind: 'link-down', port: 'Ethernet1/1' },
      { device: 'spine1', kind: 'link-down', port: 'Ethernet2/1' },
    ],
    ['interfaces', 'bgp', 'bgp-prefixes', 'bgp-advertised', 'routes', 'exits'],
  ),
]

const ROOT = new URL('../../../../fixtures/dc1/', import.meta.url)

const beside = (path: string) => {
  try {
    return readFileSync(new URL(path, ROOT))
  } catch {
    return undefined
  }
}

/** The bundled fabric in memory, with two hosts that send and what flows between them. */
function bundled(demands: readonly Demand[]) {
  const text = `${readFileSync(new URL('fabric.yaml', ROOT), 'utf8')}
hosts:
  hv01: [{ mac: '02:00:00:00:01:0a', vlan: 110, address: 10.10.110.20 }]
  hv05: [{ mac: '02:00:00:00:01:0b', vlan: 110, address: 10.10.110.25 }]
`
  const read = parseFabric(text, 'fabric.yaml', beside)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const devices = read.value.devices.map((device) => ({ ...device, managementOutside: true }))
  const clock = new VirtualClock()
  const fabric = new SimulatedFabric({ ...read.value, devices, demands }, { clock, random: new SeededRandom(3) })
  const stateOf = async (name: string) => {
    const eapi = inMemoryEapi(fabric.get(name).eapi)
    const { username, password } = read.value.credentials
    const device = await eapiTransport({ openChannel: () => channelOver(eapi, username) }).connect(
      { name, host: '127.0.0.1', port: 1, transport: 'eapi', protocol: 'http', tls: { mode: 'system' } },
      { username, password: new Secret(password) },
      noFence,
    )
    const { replies } = await device.look(commandsOfAreas(COLUMNS))
    return readAreas(COLUMNS, replies)
  }
  return { clock, fabric, stateOf }
}

describe('what may happen changes what it is the cause of, and nothing else', () => {
  const before = new Map<string, Readonly<Record<string, Json>>>()
  beforeAll(async () => {
    const { stateOf } = bundled([DEMAND])
    for (const name of ['leaf1', 'spine1']) before.set(name, await stateOf(name))
  })

  test.each(CAUSES)(
    '$name',
    { tags: ['long', 'turn'] },
    async ({ name, faults, demands = [DEMAND], seen, changes }) => {
      const { clock, fabric, stateOf } = bundled(demands)
      for (const one of faults) fabric.fault(faultSchema.parse(one))
      await clock.advance(name === 'an hour passes' ? 3_600_000 : 35_000)
      const after = await stateOf(seen)
      const told = COLUMNS.flatMap((column) => {
        const area = stateAreas.find((one) => one.name === column)
        const comparison = area?.describe(before.get(seen)?.[column], after[column])
        if (comparison?.comparable !== true) return [{ column, text: comparison?.text }]
        return comparison.changes.map(({ text }) => ({ column, text }))
      })
      const changed = COLUMNS.filter((column) => told.some((one) => one.column === column))
      expect(changed, JSON.stringify(told, null, 1)).toEqual(changes)
    },
  )

  test('there are 48 causes, and each of 14 areas is changed by two of them at least, and not by most', () => {
    expect(CAUSES).toHaveLength(48)
    expect(COLUMNS).toHaveLength(14)
    const times = COLUMNS.map((column) => CAUSES.filter(({ changes }) => changes.includes(column)).length)
    expect(Math.min(...times)).toBeGreaterThanOrEqual(2)
    expect(Math.max(...times)).toBeLessThan(24)
    expect(CAUSES.filter(({ changes }) => changes.length === 0)).toHaveLength(10)
  })
})
