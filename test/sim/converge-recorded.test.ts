import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../src/config/parse.ts'
import { converge } from '../../src/sim/converge/converge.ts'
import type { NetworkState, SwitchState } from '../../src/sim/converge/network-state.ts'
import type { SwitchInput } from '../../src/sim/converge/read-switch.ts'
import type { Cable, CableEnd } from '../../src/sim/facts.ts'
import { recordings } from '../recordings.ts'

const SNAPSHOTS = recordings('eos-corpus/device-snapshots/')
const present = existsSync(SNAPSHOTS)

interface Via {
  readonly interface?: string
  readonly nexthopAddr?: string
  readonly vtepAddr?: string
}

interface RecordedPeer {
  readonly peerAddress: string
  readonly state: string
  readonly prefixesReceived: number
}

interface RecordedInterface {
  readonly interfaceStatus: string
  readonly lineProtocolStatus: string
  readonly mtu: number
  readonly vlanToVtepList?: Readonly<Record<string, { readonly remoteVtepAddr: readonly string[] }>>
}

interface RecordedRoute {
  readonly routeType: string
  readonly vias: readonly Via[]
}

/** The parts of a recording that are compared; a command that a version cannot convert is a text, and has no `vrfs`. */
interface RecordedShow {
  readonly 'show version | json'?: { readonly version?: string; readonly systemMacAddress?: string }
  readonly 'show ip bgp neighbors vrf all | json'?: ByVrf<{ readonly peerList?: readonly RecordedPeer[] }>
  readonly 'show ip route vrf all | json'?: ByVrf<{ readonly routes: Readonly<Record<string, RecordedRoute>> }>
  readonly 'show vrf | json'?: ByVrf<{ readonly interfaces: readonly string[]; readonly routeDistinguisher: string }>
  readonly 'show interfaces | json'?: { readonly interfaces?: Readonly<Record<string, RecordedInterface>> }
}

interface ByVrf<T> {
  readonly vrfs?: Readonly<Record<string, T>>
}

interface Recorded {
  readonly name: string
  readonly config: string
  readonly show: RecordedShow
}

/** Labs in which every neighbour of every session was recorded, and no protocol but BGP runs. */
const LABS = [
  'eos_evpn_l3_design_guide_vlan_based',
  'eos_rm_undefined_continue',
  'eos_ibgp_local_preference',
  'eos_ceos_ebgp',
]

function readLab(lab: string): readonly Recorded[] {
  const files = readdirSync(SNAPSHOTS).filter((file) => file.startsWith(`${lab}__`))
  return files.map((file) => {
    const { running_config: config, show } = JSON.parse(readFileSync(new URL(file, SNAPSHOTS), 'utf8'))
    return { name: file.slice(lab.length + 2, -'.json'.length), config, show }
  })
}

interface Port {
  readonly end: CableEnd
  readonly text: string
}

function portsOf({ name, config }: Recorded): readonly Port[] {
  return config.split(/^!$/m).flatMap((text) => {
    const port = /^\s*interface (Ethernet\S+)/.exec(text)?.[1]
    return port === undefined ? [] : [{ end: { device: name, port }, text }]
  })
}

/** Nobody recorded the cables: two routed ports of one subnet are one, and MLAG descriptions name their other end. */
function cablesOf(lab: readonly Recorded[]): readonly Cable[] {
  const subnets = new Map<string, CableEnd[]>()
  const cables: Cable[] = []
  for (const { end, text } of lab.flatMap(portsOf)) {
    const subnet = subnetOf(text)
    if (subnet === undefined) cables.push({ a: end, b: switchedFarEnd(end, text) })
    else subnets.set(subnet, [...(subnets.get(subnet) ?? []), end])
  }
  for (const [first, second] of subnets.values()) {
    if (first !== undefined) cables.push({ a: first, b: second ?? hostOf(first) })
  }
  return cables
}

function subnetOf(text: string): string | undefined {
  const [, a, b, c, d, length] = /ip address (\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)/.exec(text) ?? []
  if (length === undefined) return undefined
  const value = ((Number(a) * 256 + Number(b)) * 256 + Number(c)) * 256 + Number(d)
  return `${Math.floor(value / 2 ** (32 - Number(length)))}/${length}`
}

/** The servers of the labs have a link and no LACP: to the switches they are a port of no channel. */
function switchedFarEnd(end: CableEnd, text: string): CableEnd {
  const [, device, port] = /description MLAG_PEER_(\S+)_(Ethernet\d+)/.exec(text) ?? []
  if (device !== undefined && port !== undefined) return { device, port }
  return text.includes('channel-group') ? { device: SERVER.name, port: 'Ethernet1' } : hostOf(end)
}

function hostOf(end: CableEnd): CableEnd {
  return { device: `host of ${end.device} ${end.port}`, port: 'eth0' }
}

const SERVER: SwitchInput = {
  name: 'server',
  config: parseConfig('hostname server\n'),
  facts: { model: 'vEOS', eos: '4.23.0.1F', serial: '', systemMac: '02:00:00:00:00:01', interfaces: ['Ethernet1'] },
  up: true,
}

function convergeLab(lab: readonly Recorded[]): NetworkState {
  const inputs = lab.map(({ name, config, show }, at): SwitchInput => {
    const interfaces = [...config.matchAll(/^interface ((?:Ethernet|Management)[\d/]+)$/gm)].map(
      (match) => match[1] ?? '',
    )
    const version = show['show version | json'] ?? {}
    const systemMac = version.systemMacAddress ?? `00:00:00:00:00:0${at}`
    const facts = { model: 'vEOS', eos: version.version ?? '4.23.0.1F', serial: '', systemMac, interfaces }
    return { name, config: parseConfig(config), facts, up: true }
  })
  return converge([...inputs, SERVER], cablesOf(lab), [], 0)
}

/** VLANs that EOS allocates for VRFs stand in no configuration (docs/eos.md 7.1). */
const allocated = (name: string) => /^Vlan40(8\d|9[01])$/.test(name)

function hops(vias: readonly { nexthop?: string; vtep?: string; interface?: string }[]): string {
  return vias
    .map((via) => via.nexthop ?? via.vtep ?? via.interface)
    .sort()
    .join()
}

function recordedHops(vias: readonly Via[]): string {
  return vias
    .map((via) => via.nexthopAddr || via.vtepAddr || via.interface)
    .sort()
    .join()
}

function sessions({ name, show }: Recorded, state: SwitchState): readonly string[] {
  const vrfs = show['show ip bgp neighbors vrf all | json']?.vrfs ?? {}
  return Object.entries(vrfs).flatMap(([vrf, { peerList }]) =>
    (peerList ?? []).map((peer) => {
      const mine = state.bgp.get(vrf)?.peers.get(peer.peerAddress)
      const received = mine?.families.get('ipv4Unicast')?.received ?? 0
      const same = mine?.state === peer.state && received === peer.prefixesReceived
      return same
        ? 'same'
        : `${name} ${vrf} ${peer.peerAddress}: ${peer.state} ${peer.prefixesReceived}, here ${mine?.state} ${received}`
    }),
  )
}

function routes({ name, show }: Recorded, state: SwitchState): readonly string[] {
  const vrfs = show['show ip route vrf all | json']?.vrfs ?? {}
  return Object.entries(vrfs).flatMap(([vrf, table]) => {
    const mine = state.routes.get(vrf) ?? new Map()
    const prefixes = new Set([...Object.keys(table.routes), ...mine.keys()])
    return [...prefixes].map((prefix) => {
      const recorded = table.routes[prefix]
      const route = mine.get(prefix)
      const theirs = recorded === undefined ? '' : `${recorded.routeType} ${recordedHops(recorded.vias)}`
      const ours = route === undefined ? '' : `${route.type} ${hops(route.vias)}`
      return theirs === ours ? 'same' : `${name} ${vrf} ${prefix}: ${theirs}, here ${ours}`
    })
  })
}

function floods({ name, show }: Recorded, state: SwitchState): readonly string[] {
  const lists = show['show interfaces | json']?.interfaces?.Vxlan1?.vlanToVtepList ?? {}
  return Object.entries(lists).map(([vlan, { remoteVtepAddr }]) => {
    const mine = [...(state.vxlan?.floodList.get(Number(vlan)) ?? [])].sort().join()
    return mine === [...remoteVtepAddr].sort().join() ? 'same' : `${name} ${vlan}: ${remoteVtepAddr}, here ${mine}`
  })
}

function vrfs({ name, show }: Recorded, state: SwitchState): readonly string[] {
  const recorded = show['show vrf | json']?.vrfs ?? {}
  return Object.entries(recorded).map(([vrf, { interfaces, routeDistinguisher }]) => {
    const theirs = `${routeDistinguisher} ${interfaces
      .filter((port) => !allocated(port))
      .sort()
      .join()}`
    const mine = state.vrfs.get(vrf)
    const ours = `${mine?.routeDistinguisher} ${[...(mine?.interfaces ?? [])].sort().join()}`
    return theirs === ours ? 'same' : `${name} ${vrf}: ${theirs}, here ${ours}`
  })
}

function interfaces({ name, show }: Recorded, state: SwitchState): readonly string[] {
  const recorded = show['show interfaces | json']?.interfaces ?? {}
  return [...state.interfaces.values()].map((port) => {
    const { interfaceStatus, lineProtocolStatus, mtu } = recorded[port.name] ?? {}
    const theirs = `${interfaceStatus} ${lineProtocolStatus} ${mtu}`
    const ours = `${port.status} ${port.lineProtocol} ${port.mtu}`
    return theirs === ours ? 'same' : `${name} ${port.name}: ${theirs}, here ${ours}`
  })
}

describe.skipIf(!present)('recorded labs (../shared/eos-corpus/device-snapshots)', () => {
  const labs = present ? LABS.map((lab) => readLab(lab)) : []
  const compared = labs.map((lab) => ({ lab, network: convergeLab(lab) }))
  const all = (compare: (recorded: Recorded, state: SwitchState) => readonly string[]) =>
    compared.flatMap(({ lab, network }) =>
      lab.flatMap((recorded) => {
        const state = network.switches.get(recorded.name)
        return state === undefined ? [`${recorded.name} is missing`] : compare(recorded, state)
      }),
    )

  test.each([
    ['BGP sessions with their state and the prefixes received', sessions, 72],
    ['routes with their type and their next hops', routes, 594],
    ['flood lists', floods, 42],
    ['VRFs with their interfaces', vrfs, 47],
    ['interfaces with their status, line protocol and MTU', interfaces, 331],
  ] as const)('%s are those of the recordings', (_name, compare, count) => {
    const outcome = all(compare)
    expect(outcome.filter((line) => line !== 'same')).toEqual([])
    expect(outcome).toHaveLength(count)
  })

  test('sessions that a spine lets in by `bgp listen range` come up; those to the firewalls nobody recorded do not', () => {
    const lab = readLab('cv_demo_base_panos')
    const network = convergeLab(lab)
    const states = lab.flatMap(({ name, show }) => {
      const peers = show['show ip bgp neighbors vrf all | json']?.vrfs?.default?.peerList ?? []
      return peers.map(({ peerAddress, state }) => {
        const mine = network.switches.get(name)?.bgp.get('default')?.peers.get(peerAddress)?.state
        return mine === state ? 'same' : `${name} ${peerAddress}: ${state}, here ${mine}`
      })
    })
    expect(states).toHaveLength(22)
    expect(states.filter((line) => line !== 'same')).toEqual([
      'bl01 10.2.1.0: Established, here Active',
      'bl02 10.2.1.2: Established, here Active',
    ])
  })
})
