import { z } from 'zod'
import { bgpArea } from '../../eos/check/area/bgp.ts'
import { modelIn, SHOW_INTERFACES } from '../../eos/check/area/define-area.ts'
import { type LldpState, lldpArea } from '../../eos/check/area/lldp.ts'
import { mlagArea } from '../../eos/check/area/mlag.ts'
import { portchannelArea } from '../../eos/check/area/portchannel.ts'
import { vlanArea } from '../../eos/check/area/vlan.ts'
import { compareInterfaces } from '../../eos/config/text/interface-name.ts'
import type { ConfigNode, ConfigTree } from '../../eos/config/text/tree.ts'
import { askedOnce, type Reply } from '../../eos/device/device.ts'
import type { Command } from '../../model/command.ts'
import { definedMembers, unlessEmpty } from '../../model/json.ts'
import { once } from '../../model/once.ts'
import type {
  BehindNeighbor,
  BehindPort,
  BehindQuestion,
  BehindSwitch,
  BehindVlan,
  BehindVrf,
} from '../task/act/behind.ts'
import { countTouched, firstTouched, type TouchedThings } from './touched.ts'

const MAC_TABLE = { cmd: 'show mac address-table', revision: 1 }
// The question for the IPv4 neighbours of all VRFs.
const SHOW_ARP = { cmd: 'show arp vrf all', revision: 1 }
const MLAG = { cmd: 'show mlag', revision: 2 }
const MLAG_INTERFACES = { cmd: 'show mlag interfaces', revision: 1 }

type Reading<T> = { readonly ok: true; readonly state: T } | { readonly ok: false; readonly error: string }

const statistics = once(() =>
  z.object({
    updateInterval: z.number().optional(),
    inBitsRate: z.number().optional(),
    outBitsRate: z.number().optional(),
  }),
)

// `show interfaces` (recorded from 4.15 to 4.36).
const interfaces = once(() =>
  z.object({
    interfaces: z.record(
      z.string(),
      z.object({
        description: z.string().optional(),
        lineProtocolStatus: z.string().optional(),
        lastStatusChangeTimestamp: z.number().optional(),
        interfaceMembership: z.string().optional(),
        interfaceStatistics: statistics().optional(),
      }),
    ),
  }),
)

type ShownInterface = z.output<ReturnType<typeof interfaces>>['interfaces'][string]

function interfacesIn([reply]: readonly Reply[]): Reading<Readonly<Record<string, ShownInterface>>> {
  const answer = modelIn(reply, SHOW_INTERFACES, interfaces)
  return answer.ok ? { ok: true, state: answer.state.interfaces } : answer
}

const macs = once(() =>
  z.object({
    unicastTable: z.object({
      tableEntries: z.array(z.object({ vlanId: z.int(), macAddress: z.string(), interface: z.string() })),
    }),
  }),
)

interface LearnedHost {
  readonly vlan: number
  readonly mac: string
  readonly port: string
}

function hostsIn([reply]: readonly Reply[]): Reading<readonly LearnedHost[]> {
  const answer = modelIn(reply, MAC_TABLE, macs)
  if (!answer.ok) return answer
  const entries = answer.state.unicastTable.tableEntries
  return { ok: true, state: entries.map((one) => ({ vlan: one.vlanId, mac: one.macAddress, port: one.interface })) }
}

const table = () => z.object({ ipV4Neighbors: z.array(z.object({ address: z.string(), interface: z.string() })) })
const arp = once(() => z.union([z.object({ vrfs: z.record(z.string(), table()) }), table()]))

interface ResolvedHost {
  readonly vrf: string
  readonly address: string
  readonly places: readonly string[]
}

function arpIn([reply]: readonly Reply[]): Reading<readonly ResolvedHost[]> {
  const answer = modelIn(reply, SHOW_ARP, arp)
  if (!answer.ok) return answer
  const tables = 'vrfs' in answer.state ? answer.state.vrfs : { default: answer.state }
  const state = Object.entries(tables).flatMap(([vrf, { ipV4Neighbors }]) =>
    ipV4Neighbors.map(({ address, interface: name }) => ({ vrf, address, places: name.split(', ') })),
  )
  return { ok: true, state }
}

const mlag = once(() => z.object({ state: z.string(), peerLink: z.string().optional() }))
const mlagInterfaces = once(() =>
  z.object({
    interfaces: z.record(z.string(), z.object({ localInterface: z.string(), peerInterface: z.string().optional() })),
  }),
)

interface MlagPorts {
  readonly peerLink?: string
  readonly byPort: Readonly<Record<string, { readonly id: string; readonly port?: string }>>
}

function mlagPortsIn([pair, ports]: readonly Reply[]): Reading<MlagPorts> {
  const answer = modelIn(pair, MLAG, mlag)
  if (!answer.ok) return answer
  if (answer.state.state === 'disabled') return { ok: true, state: { byPort: {} } }
  const shown = modelIn(ports, MLAG_INTERFACES, mlagInterfaces)
  if (!shown.ok) return shown
  const { peerLink } = answer.state
  const byPort = Object.entries(shown.state.interfaces).map(
    ([id, { localInterface, peerInterface: port }]) =>
      [localInterface, { id, ...definedMembers({ port: port || undefined }) }] as const,
  )
  return {
    ok: true,
    state: { ...definedMembers({ peerLink: peerLink || undefined }), byPort: Object.fromEntries(byPort) },
  }
}

interface PortAnswers {
  readonly interfaces: Readonly<Record<string, ShownInterface>> | undefined
  readonly lldp: LldpState | undefined
  readonly channels:
    | Readonly<Record<string, { readonly active: readonly string[]; readonly inactive: readonly string[] }>>
    | undefined
  readonly mlag: MlagPorts | undefined
  readonly hosts: readonly LearnedHost[] | undefined
  readonly arp: readonly ResolvedHost[] | undefined
  // Seconds since 1970, by the switch's clock.
  readonly epoch: number
}

const MOST_ADDRESSES = 3
const MOST_HEARD = 4

function behindPort(name: string, known: { readonly description?: string }, answers: PortAnswers): BehindPort {
  const shown = own(answers.interfaces, name)
  const members = membersOf(name, answers)
  const memberOf = channelOf(name, shown, answers)
  const bundle = memberOf ?? name
  const heard = [name, ...members].flatMap((port) => own(answers.lldp, port) ?? []).slice(0, MOST_HEARD)
  return {
    name,
    ...known,
    ...definedMembers({ description: shown?.description || undefined }),
    ...linkOf(shown, answers.epoch),
    ...definedMembers({ heard: unlessEmpty(heard), memberOf, members: unlessEmpty(members) }),
    ...mlagOf(bundle, answers),
    ...hostsOf(bundle, answers),
    ...trafficOf(shown),
  }
}

function own<T>(of: Readonly<Record<string, T>> | undefined, name: string) {
  return of !== undefined && Object.hasOwn(of, name) ? of[name] : undefined
}

function linkOf(shown: ShownInterface | undefined, epoch: number): Pick<BehindPort, 'link' | 'forSeconds'> {
  if (shown?.lineProtocolStatus === undefined) return {}
  const changed = shown.lastStatusChangeTimestamp
  const isKnown = changed !== undefined && changed > 0 && changed <= epoch
  return { link: shown.lineProtocolStatus, ...(isKnown ? { forSeconds: Math.round(epoch - changed) } : {}) }
}

function membersOf(name: string, { channels }: PortAnswers) {
  const { active, inactive } = own(channels, name) ?? { active: [], inactive: [] }
  return [...active, ...inactive].filter((member) => !member.startsWith('Peer'))
}

function channelOf(name: string, shown: ShownInterface | undefined, { channels = {} }: PortAnswers) {
  const [, told] = /^Member of (\S+)$/.exec(shown?.interfaceMembership ?? '') ?? []
  if (told !== undefined) return told
  return Object.entries(channels).find(
    ([, { active, inactive }]) => active.includes(name) || inactive.includes(name),
  )?.[0]
}

// EOS names its MLAG peer by an address; its name is what LLDP hears over the peer link.
function mlagOf(bundle: string, answers: PortAnswers): Pick<BehindPort, 'mlag'> {
  const found = own(answers.mlag?.byPort, bundle)
  if (found === undefined) return {}
  const link = answers.mlag?.peerLink
  const heard =
    link === undefined ? [] : [link, ...membersOf(link, answers)].flatMap((port) => own(answers.lldp, port) ?? [])
  const [partner] = new Set(heard.map(({ device }) => device))
  return {
    mlag: {
      id: found.id,
      ...definedMembers({ partner, port: found.port }),
    },
  }
}

function hostsOf(bundle: string, { hosts, arp }: PortAnswers): Pick<BehindPort, 'hosts' | 'addresses'> {
  const macs = new Set(hosts?.flatMap(({ mac, port }) => (port === bundle ? [mac] : [])))
  const addresses = arp?.flatMap(({ address, places }) => (places.includes(bundle) ? [address] : [])) ?? []
  return definedMembers({
    hosts: hosts && macs.size,
    addresses: unlessEmpty(addresses.slice(0, MOST_ADDRESSES)),
  })
}

function trafficOf(shown: ShownInterface | undefined): Pick<BehindPort, 'traffic'> {
  const { inBitsRate, outBitsRate, updateInterval } = shown?.interfaceStatistics ?? {}
  if (inBitsRate === undefined || outBitsRate === undefined) return {}
  return {
    traffic: {
      in: Math.round(inBitsRate),
      out: Math.round(outBitsRate),
      ...(updateInterval === undefined || updateInterval <= 0 ? {} : { over: Math.round(updateInterval) }),
    },
  }
}

/** Of so many switches it is read at most: nobody reads more of it, and a plan of a whole fleet is to be made as fast as before. */
export const MOST_ASKED_BEHIND = 50
// Of so many things it is said what is behind them, on each switch.
const MOST_THINGS = 40
const MOST_NAMES = 12

const ASKS = {
  interfaces: [SHOW_INTERFACES],
  lldp: lldpArea.commands,
  channels: portchannelArea.commands,
  mlag: mlagArea.commands,
  macs: [MAC_TABLE],
  arp: [SHOW_ARP],
  vlans: vlanArea.commands,
  bgp: bgpArea.commands,
} satisfies Readonly<Record<string, readonly Command[]>>

type Ask = keyof typeof ASKS

function asksOf({ ports, vlans, vrfs, neighbors }: TouchedThings): readonly Ask[] {
  const asks = new Set<Ask>()
  const add = (isAsked: boolean, ...some: readonly Ask[]) => {
    for (const ask of isAsked ? some : []) asks.add(ask)
  }
  add(ports.length > 0, 'interfaces', 'lldp', 'channels', 'mlag', 'macs', 'arp')
  add(vlans.length > 0, 'vlans', 'macs', 'arp')
  add(vrfs.length > 0, 'arp')
  add(neighbors.length > 0, 'bgp')
  return [...asks]
}

/** What is asked of a switch about what a change touches on it, and what the answers say; undefined where it touches nothing. */
export function behindQuestion(things: TouchedThings, running: ConfigTree): BehindQuestion | undefined {
  const count = countTouched(things)
  if (count === 0) return undefined
  const some = firstTouched(things, MOST_THINGS)
  const rest = count - countTouched(some)
  const more = rest === 0 ? {} : { more: rest }
  const asks = asksOf(some)
  const asked = askedOnce(...asks.map((ask) => ASKS[ask]))
  return {
    commands: asked.commands,
    told: (replies, epoch) => {
      const lists = asked.repliesTo(replies)
      const repliesTo = (ask: Ask) => lists[asks.indexOf(ask)] ?? []
      return { ...told(some, running, { repliesTo, epoch, asks }), ...more }
    },
    untold: (because) => ({
      ...named(some, running),
      ...more,
      unread: [{ what: 'what is behind', because }],
    }),
  }
}

interface Answers {
  readonly repliesTo: (ask: Ask) => readonly Reply[]
  readonly epoch: number
  readonly asks: readonly Ask[]
}

function told(things: TouchedThings, running: ConfigTree, { repliesTo, epoch, asks }: Answers): BehindSwitch {
  const unread = new Map<string, string>()
  const read = <T>(ask: Ask, reading: (replies: readonly Reply[]) => Reading<T>) => {
    if (!asks.includes(ask)) return undefined
    const found = reading(repliesTo(ask))
    if (found.ok) return found.state
    unread.set(ASKS[ask][0]?.cmd ?? ask, found.error)
    return undefined
  }
  const hosts = read('macs', hostsIn)
  const arp = read('arp', arpIn)
  const vlans = read('vlans', vlanArea.now)
  const bgp = read('bgp', bgpArea.now)
  const answers: PortAnswers = {
    interfaces: read('interfaces', interfacesIn),
    lldp: read('lldp', lldpArea.now),
    channels: read('channels', portchannelArea.now),
    mlag: read('mlag', mlagPortsIn),
    hosts,
    arp,
    epoch,
  }
  const found = named(things, running)
  return definedMembers({
    ports: unlessEmpty(things.ports)?.map((name) => behindPort(name, descriptionOf(running, name), answers)),
    vlans: found.vlans?.map((one): BehindVlan => {
      const shown = vlans?.[String(one.vlan)]
      return {
        ...one,
        ...definedMembers({
          name: shown?.name,
          ports: shown?.interfaces.slice(0, MOST_NAMES),
          portCount: shown?.interfaces.length,
          hosts: hosts && new Set(hosts.flatMap(({ vlan, mac }) => (vlan === one.vlan ? [mac] : []))).size,
          arp: arp?.filter(({ places }) => places.includes(`Vlan${one.vlan}`)).length,
        }),
      }
    }),
    vrfs: found.vrfs?.map((one) => ({
      ...one,
      ...definedMembers({ arp: arp?.filter(({ vrf }) => vrf === one.vrf).length }),
    })),
    neighbors: found.neighbors?.map((one): BehindNeighbor => {
      const peer = bgp?.[one.vrf]?.[one.neighbor]
      return { ...one, ...definedMembers({ state: peer?.state, asn: peer?.asn || undefined }) }
    }),
    unread: unlessEmpty([...unread].map(([what, because]) => ({ what, because }))),
  })
}

function named(things: TouchedThings, running: ConfigTree): BehindSwitch {
  return definedMembers({
    ports: unlessEmpty(things.ports.map((name) => ({ name, ...descriptionOf(running, name) }))),
    vlans: unlessEmpty(things.vlans.map((vlan) => ({ vlan }))),
    vrfs: unlessEmpty(things.vrfs.map((vrf) => inVrf(running, vrf))),
    neighbors: unlessEmpty(
      things.neighbors.map((one) => ({ ...one, ...descriptionOfNeighbor(running, one.neighbor) })),
    ),
  })
}

function descriptionOf({ children }: ConfigTree, name: string): { readonly description?: string } {
  const lines = children.find(({ line }) => line === `interface ${name}`)?.children ?? []
  const described = lines.find(({ line }) => line.startsWith('description '))
  return definedMembers({ description: described?.line.slice('description '.length) })
}

function descriptionOfNeighbor({ children }: ConfigTree, neighbor: string): { readonly description?: string } {
  const before = `neighbor ${neighbor} description `
  const within = (nodes: readonly ConfigNode[]): string | undefined => {
    for (const node of nodes) {
      const found = node.line.startsWith(before) ? node.line.slice(before.length) : within(node.children)
      if (found !== undefined) return found
    }
    return undefined
  }
  return definedMembers({ description: within(children.filter(({ line }) => line.startsWith('router bgp '))) })
}

function inVrf({ children }: ConfigTree, vrf: string): BehindVrf {
  const interfaces = children
    .filter(
      ({ line, children: lines }) =>
        line.startsWith('interface ') &&
        lines.some((own) => own.line === `vrf ${vrf}` || own.line === `vrf forwarding ${vrf}`),
    )
    .map(({ line }) => line.slice('interface '.length))
    .sort(compareInterfaces)
  return { vrf, interfaces: interfaces.slice(0, MOST_NAMES), interfaceCount: interfaces.length }
}
