import { describe, expect, test } from 'vitest'
import { catalogueChecks } from '../../../src/eos/check/builtin/index.ts'
import type { Check } from '../../../src/eos/check/define/define-check.ts'
import { type CheckCommand, checkCommands, judgeCheck } from '../../../src/lab/trial/judge-check.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../src/model/json.ts'
import { linesOf } from '../../table.ts'
import { type RecordedSwitch, readLabs, snapshotsPresent } from '../sim/lab-fabric.ts'
import { allCounted } from '../sim/recorded.ts'
import {
  borderLeaf2,
  evpnLeaf1A,
  evpnSpine1,
  evpnSpine2,
  evpnSvc3A,
  evpnSvc3B,
  leaf2,
  np1,
  r1On436,
  r3On418,
  routeRows,
  type SnapshotRow,
  spine1On421,
  switchWideRows,
} from './device-snapshots.ts'

interface Block {
  readonly comments: readonly string[]
  readonly cmds: Record<string, Block | null>
}

/**
 * The JSON form of a running configuration: each line a key, with null or the block below it (docs/eos.md 4.1). None of the
 * recorded configurations has a banner.
 */
function configJson(text: string) {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.trimStart().startsWith('!'))
  const open: Block[] = [block()]
  for (const [at, line] of lines.entries()) {
    if (line.trim() === 'end') continue
    const depth = depthOf(line)
    const hasBlock = depthOf(lines[at + 1] ?? '') > depth || line.startsWith('interface ')
    const below = hasBlock ? block() : null
    const around = open[depth]
    if (around === undefined) throw new Error(`no block around: ${line}`)
    around.cmds[line.trim()] = below
    open.length = depth + 1
    if (below !== null) open.push(below)
  }
  return { header: [], ...open[0] } as JsonObject
}

const block = () => ({ comments: [], cmds: {} })

const depthOf = (line: string) => line.search(/\S|$/) / 3

/** Every recorded switch by the name of its file, for example `eos_ceos_ebgp__r1`. */
function recordedSwitches() {
  return new Map(
    readLabs().flatMap(({ name, switches }) => switches.map((one) => [`${name}__${one.name}`, one] as const)),
  )
}

/** What the switch answers to the command, of what was recorded of it; null: nobody recorded it. */
function answerOf(recorded: RecordedSwitch, { command, format }: CheckCommand) {
  if (format === 'text') return textOf(recorded, command)
  if (command === 'show running-config') return configJson(recorded.config)
  const answer = recorded.show[`${command} | json`]
  if (isJsonObject(answer as Json)) return answer as JsonObject
  if (typeof answer === 'string') return jsonIn(answer)
  return routesOf(recorded, command)
}

function textOf({ config, show }: RecordedSwitch, command: string) {
  if (command === 'show running-config') return config
  const text = show[command]
  return typeof text === 'string' ? text : null
}

/** Some answers were kept as their text; some are what EOS printed instead of one (`% Interface does not exist`). */
function jsonIn(text: string) {
  return text.startsWith('{') ? JSON.parse(text) : null
}

/** `show ip route vrf V` and `show ip route vrf V PREFIX`, of the recorded routes of all VRFs. */
function routesOf({ show }: RecordedSwitch, command: string) {
  const [, name, wanted] = /^show ip route vrf (\S+)(?: ([\d.]+(?:\/\d+)?))?$/.exec(command) ?? []
  const all = show['show ip route vrf all | json'] as { readonly vrfs: Readonly<Record<string, Vrf>> }
  const vrf = name === undefined ? undefined : all.vrfs[name]
  if (name === undefined || vrf === undefined) return null
  const routes = wanted === undefined ? vrf.routes : routesFor(wanted, vrf.routes)
  return { vrfs: { [name]: { ...vrf, routes } } }
}

interface Vrf extends JsonObject {
  readonly routes: JsonObject
}

/** The route of exactly a prefix; of an address the most specific one that leads to it. */
function routesFor(wanted: string, routes: JsonObject) {
  const fitting = wanted.includes('/')
    ? Object.keys(routes).filter((prefix) => prefix === wanted)
    : Object.keys(routes)
        .filter((prefix) => contains(prefix, wanted))
        .sort((one, other) => lengthOf(other) - lengthOf(one))
        .slice(0, 1)
  return Object.fromEntries(fitting.map((prefix) => [prefix, routes[prefix] ?? null]))
}

const lengthOf = (prefix: string) => Number(prefix.split('/')[1])

const bits = (address: string) =>
  address
    .split('.')
    .map((octet) => Number(octet).toString(2).padStart(8, '0'))
    .join('')

const contains = (prefix: string, address: string) =>
  bits(address).startsWith(bits(prefix.split('/')[0] ?? '').slice(0, lengthOf(prefix)))

const speed = (name: string, auto: boolean, gigabits: number, lanes?: number) => ({
  name,
  auto,
  speed: gigabits,
  ...(lanes === undefined ? {} : { lanes }),
})

/** Ports, their counters and their MTU: `show interfaces`. */
const ports: readonly SnapshotRow[] = [
  // Changed 23 minutes and 28 seconds before its counters were read.
  evpnSpine1.fails(
    'VerifyInterfacesCounterDetails',
    { link_status_changes_threshold: 5 },
    'Interface: Management1 Description: oob_management Uptime: 23 minutes - Link status changes above threshold - Expected: <= 5 Actual: 8',
  ),
  r1On436.fails(
    'VerifyInterfacesCounterDetails',
    { interfaces: ['Ethernet1', 'Ethernet2', 'Management0'], link_status_changes_threshold: 2 },
    'Interface: Ethernet2 - Not found',
    'Interface: Management0 Uptime: less than a minute - Link status changes above threshold - Expected: <= 2 Actual: 3',
  ),

  r1On436.passes('VerifyInterfacesSpeed', {
    interfaces: [speed('Ethernet1', false, 1), speed('Management0', true, 1)],
  }),
  r3On418.fails(
    'VerifyInterfacesSpeed',
    { interfaces: [speed('Management1', true, 1, 1)] },
    'Interface: Management1 - Data lanes count mismatch - Expected: 1 Actual: None',
  ),
  // What is ignored takes the place of what is ignored by itself.
  evpnSvc3A.fails(
    'VerifyL2MTU',
    { ignored_interfaces: ['Port-Channel5'] },
    'Interface: Port-Channel6 - Incorrect MTU - Expected: 9214 Actual: 0',
    'Interface: Vxlan1 - Incorrect MTU - Expected: 9214 Actual: 0',
  ),
  evpnLeaf1A.fails(
    'VerifyL3MTU',
    {},
    'Interface: Vlan4083 - Incorrect MTU - Expected: 1500 Actual: 9164',
    'Interface: Vlan4085 - Incorrect MTU - Expected: 1500 Actual: 9164',
    'Interface: Vlan4084 - Incorrect MTU - Expected: 1500 Actual: 9164',
  ),
]

/** Vxlan1 in `show interfaces`. None of the recordings tells its UDP port or a virtual VTEP address. */
const vxlan: readonly SnapshotRow[] = [
  evpnSvc3B.fails(
    'VerifyVxlan1ConnSettings',
    { source_interface: 'lo0', udp_port: 4789 },
    'Interface: Vxlan1 - Incorrect Source interface - Expected: Loopback0 Actual: Loopback1',
    'Interface: Vxlan1 - Incorrect UDP port - Expected: 4789 Actual: None',
  ),
  evpnSvc3A.fails(
    'VerifyVxlan1VVTEPIPAddresses',
    { ipv4_address: '192.168.254.6', ipv6_address: '2001:db8::6' },
    'Interface: Vxlan1 - VVTEP IPv4 address is not configured',
    'Interface: Vxlan1 - VVTEP IPv6 address is not configured',
  ),
]

/** What `show interfaces` is judged for. */
const interfaceRows: readonly SnapshotRow[] = [...ports, ...vxlan]

const peers = (...addresses: readonly string[]) => ({
  bgp_peers: addresses.map((peer_address) => ({ peer_address, vrf: 'default' })),
})

/** Sessions and TTL: `show ip bgp neighbors vrf all`. */
const sessions: readonly SnapshotRow[] = [
  evpnSpine1.fails(
    'VerifyBGPPeerSessionRibd',
    { minimum_established_time: 1400, ...peers('172.31.255.1', '172.31.255.5', '192.168.255.3') },
    'Peer: 172.31.255.1 VRF: default - BGP session not established for the minimum required duration - Expected: 1400s Actual: 1364s',
    'Peer: 192.168.255.3 VRF: default - BGP session not established for the minimum required duration - Expected: 1400s Actual: 1359s',
  ),
  // 4.21 tells no queues: nothing says that they are empty.
  spine1On421.fails(
    'VerifyBGPPeerSessionRibd',
    peers('10.10.11.2'),
    'Peer: 10.10.11.2 VRF: default - Session message queues not found',
  ),
  r3On418.errs(
    'VerifyBGPPeerSessionRibd',
    peers('10.34.11.2'),
    '`show ip bgp neighbors vrf all` was refused: This is an unconverted command',
  ),
  borderLeaf2.fails(
    'VerifyBGPPeersHealthRibd',
    {},
    'Peer: 10.0.0.13 VRF: default - Incorrect session state - Expected: Established Actual: Active',
    'Peer: 10.0.0.15 VRF: default - Incorrect session state - Expected: Established Actual: Active',
  ),
]

const ttl = (peer_address: string, hops: number, max_ttl_hops: number) => ({
  peer_address,
  vrf: 'default',
  ttl: hops,
  max_ttl_hops,
})

const ttls: readonly SnapshotRow[] = [
  evpnSpine2.fails(
    'VerifyBGPPeerTtlMultiHops',
    { bgp_peers: [ttl('192.168.255.9', 2, 2), ttl('192.168.255.10', 3, 3)] },
    'Peer: 192.168.255.9 VRF: default - TTL mismatch - Expected: 2 Actual: 3',
    'Peer: 192.168.255.9 VRF: default - Max TTL Hops mismatch - Expected: 2 Actual: 3',
    'Peer: 192.168.255.10 VRF: default - Not found',
  ),
  // ribd answers `maxTtlHops: null`, 4.21 has neither.
  np1.fails(
    'VerifyBGPPeerTtlMultiHops',
    { bgp_peers: [ttl('10.12.12.2', 255, 255)] },
    'Peer: 10.12.12.2 VRF: default - Max TTL Hops mismatch - Expected: 255 Actual: None',
  ),
]

const entry = (prefix: string, origin: string, nexthops: readonly string[], vrf = 'default') => ({
  prefix,
  vrf,
  paths: nexthops.map((nexthop) => ({ nexthop, origin })),
})

/** The table of BGP: `show ip bgp vrf all`. */
const paths: readonly SnapshotRow[] = [
  evpnSvc3A.fails(
    'VerifyBGPRoutePaths',
    {
      route_entries: [
        entry('192.168.123.7/32', 'Incomplete', ['10.255.251.7', '172.31.255.12']),
        entry('10.1.255.8/32', 'Igp', ['192.168.254.8'], 'Tenant_B_OPZone'),
        entry('10.3.255.5/32', 'Igp', ['192.168.254.4'], 'Tenant_D_OPZone'),
      ],
    },
    'Prefix: 192.168.123.7/32 VRF: default Next-hop: 10.255.251.7 Origin: Incomplete - Origin mismatch - Actual: Igp',
    'Prefix: 192.168.123.7/32 VRF: default Next-hop: 172.31.255.12 Origin: Incomplete - Path not found',
    'Prefix: 10.1.255.8/32 VRF: Tenant_B_OPZone - Prefix not found',
    'Prefix: 10.3.255.5/32 VRF: Tenant_D_OPZone - Prefix not found',
  ),
  // ribd has no `origin` of a path: nothing says that it is the expected one.
  leaf2.fails(
    'VerifyBGPRoutePaths',
    { route_entries: [entry('10.1.2.1/32', 'Igp', ['10.0.0.25', '10.0.0.99'])] },
    'Prefix: 10.1.2.1/32 VRF: default Next-hop: 10.0.0.25 Origin: Igp - Origin mismatch - Actual: None',
    'Prefix: 10.1.2.1/32 VRF: default Next-hop: 10.0.0.99 Origin: Igp - Path not found',
  ),
]

/** Peers and paths of BGP. */
const bgpRows: readonly SnapshotRow[] = [...sessions, ...ttls, ...paths]

const rows: readonly SnapshotRow[] = [...interfaceRows, ...bgpRows, ...routeRows, ...switchWideRows]

/** Every command that all switches were asked for in JSON and that a check of the catalogue asks. */
const RECORDED: readonly string[] = linesOf(`
  show interfaces
  show ip bgp neighbors vrf all
  show ip bgp vrf all
  show ip ospf neighbor
  show ip route vrf all
  show version
`)

/** The checks that ask nothing else. */
const RECORDED_CHECKS: readonly string[] = [
  'VerifyBGPPeerSessionRibd',
  'VerifyBGPPeerTtlMultiHops',
  'VerifyBGPPeersHealthRibd',
  'VerifyBGPRoutePaths',
  'VerifyEOSVersion',
  'VerifyIPv4RouteNextHops',
  'VerifyIPv4RouteType',
  'VerifyInterfacesCounterDetails',
  'VerifyInterfacesSpeed',
  'VerifyL2MTU',
  'VerifyL3MTU',
  'VerifyMemoryUtilization',
  'VerifyOSPFNeighborCount',
  'VerifyOSPFNeighborState',
  'VerifyOSPFSpecificNeighbors',
  'VerifyVxlan1ConnSettings',
  'VerifyVxlan1VVTEPIPAddresses',
]

/** The checks whose answers are made of the recorded configuration and of the recorded routes of all VRFs. */
const DERIVED_CHECKS: readonly string[] = [
  'VerifyIPv4RoutePresencePerPrefix',
  'VerifyIPv4RoutePresencePerVRF',
  'VerifyRoutingTableEntry',
  'VerifyRunningConfig',
  'VerifyRunningConfigLines',
]

/** EOS 4.18 answers `show ip bgp neighbors vrf all` with `{"errors": ["This is an unconverted command"]}`. */
const ANSWERED_WITH_AN_ERROR: readonly string[] = linesOf(`
  VerifyBGPPeerSessionRibd on eos_bgp_weight_behavior_ribd__r3-418
  VerifyBGPPeerSessionRibd on eos_bgp_weight_behavior_ribd__r4-418
  VerifyBGPPeerTtlMultiHops on eos_bgp_weight_behavior_ribd__r3-418
  VerifyBGPPeerTtlMultiHops on eos_bgp_weight_behavior_ribd__r4-418
  VerifyBGPPeersHealthRibd on eos_bgp_weight_behavior_ribd__r3-418
  VerifyBGPPeersHealthRibd on eos_bgp_weight_behavior_ribd__r4-418
`)

const RESULTS: readonly string[] = ['success', 'failure', 'skipped', 'error']

const switches: ReadonlyMap<string, RecordedSwitch> = snapshotsPresent ? recordedSwitches() : new Map()

function tried({ name: check, example = {} }: Check, snapshot: string) {
  const commands = checkCommands(check, example)
  const answers = answersOn(snapshot, check, example)
  const unanswered = commands.filter((_, at) => answers[at] === null).map(({ command }) => command)
  return { check, snapshot, unanswered, judged: judgeCheck(check, example, answers) }
}

const everyCheckEverywhere = () =>
  [...switches.keys()].flatMap((snapshot) => catalogueChecks.map((check) => tried(check, snapshot)))

function answersOn(snapshot: string, check: string, inputs: Json) {
  const recorded = switches.get(snapshot)
  if (recorded === undefined) throw new Error(`there is no recorded switch ${snapshot}`)
  return checkCommands(check, inputs).map((command) => answerOf(recorded, command))
}

/** When a switch gave its answers, as far as they tell it: the last reading of a counter. */
function timeOf(answers: readonly Json[]) {
  const times = [...JSON.stringify(answers).matchAll(/"counterRefreshTime":([\d.]+)/g)].map(([, time]) => Number(time))
  return times.length === 0 ? undefined : Math.max(...times)
}

describe('the table for recorded switches', () => {
  test('has rows of every check whose answers are recorded or follow from what is, and of every result', () => {
    expect(rows).toHaveLength(34)
    expect([...new Set(rows.map(({ check }) => check))].sort()).toEqual([...RECORDED_CHECKS, ...DERIVED_CHECKS].sort())
    expect(new Set(rows.map(({ result }) => result))).toEqual(new Set(RESULTS))
    expect(rows.filter(({ result, messages }) => (result === 'success') !== (messages.length === 0))).toEqual([])
    expect(new Set(rows.map(({ snapshot }) => snapshot)).size).toBe(14)
  })

  test('17 checks of the catalogue ask only what was recorded', () => {
    const asking = catalogueChecks.filter(({ name, example }) =>
      checkCommands(name, example ?? null).every(
        ({ command, format }) => format === 'json' && RECORDED.includes(command),
      ),
    )
    expect(asking.map(({ name }) => name).sort()).toEqual(RECORDED_CHECKS)
    expect(RECORDED_CHECKS).toHaveLength(17)
  })
})

describe.skipIf(!snapshotsPresent)('checks on recorded switches (needs ../shared)', () => {
  test.each(rows.map((row, at) => [`${at + 1} ${row.check} on ${row.snapshot}: ${row.result}`, row] as const))(
    '%s',
    (_name, { snapshot, check, inputs, result, messages }) => {
      const answers = answersOn(snapshot, check, inputs)
      expect(judgeCheck(check, inputs, answers, timeOf(answers))).toEqual({ result, messages })
    },
  )

  test('the rows are of four generations of EOS', () => {
    const version = (snapshot: string) => /EOS-(4\.\d+)/.exec(switches.get(snapshot)?.config ?? '')?.[1] ?? 'unknown'
    expect(new Set(rows.map(({ snapshot }) => version(snapshot)))).toEqual(new Set(['4.18', '4.21', '4.23', '4.36']))
  })

  test('every check with its own example on each switch gives a result; unanswered, an error that names the command', {
    tags: ['long', 'turn'],
  }, () => {
    const all = everyCheckEverywhere()
    expect(all).toHaveLength(switches.size * catalogueChecks.length)
    expect(all.filter(({ judged }) => !RESULTS.includes(judged.result))).toEqual([])
    const lacking = all.filter(({ unanswered }) => unanswered.length > 0)
    const amiss = lacking.filter(
      ({ judged: { result, messages }, unanswered: [first] }) =>
        result !== 'error' || messages.length !== 1 || messages[0] !== `\`${first}\` was not answered`,
    )
    expect(amiss).toEqual([])
    // 17 recorded, 3 derived on all; 2 ask for the VRF MGMT, which the nine switches of one lab have.
    const answered = all.filter(({ unanswered }) => unanswered.length === 0)
    if (allCounted) expect(answered).toHaveLength(20 * 35 + 2 * 9)
    expect(new Set(answered.map(({ check }) => check))).toEqual(new Set([...RECORDED_CHECKS, ...DERIVED_CHECKS]))
    const errors = answered.filter(({ judged }) => judged.result === 'error')
    expect(errors.map(({ check, snapshot }) => `${check} on ${snapshot}`).sort()).toEqual(ANSWERED_WITH_AN_ERROR)
  })
})
