import { bgpArea } from '../../eos/check/area/bgp.ts'
import { SHOW_INTERFACES } from '../../eos/check/area/define-area.ts'
import { type LldpState, lldpArea } from '../../eos/check/area/lldp.ts'
import { mlagArea } from '../../eos/check/area/mlag.ts'
import { portchannelArea } from '../../eos/check/area/portchannel.ts'
import { vlanArea } from '../../eos/check/area/vlan.ts'
import { compareInterfaces } from '../../eos/config/text/interface-name.ts'
import type { ConfigNode, ConfigTree } from '../../eos/config/text/tree.ts'
import { askedOnce } from '../../eos/device/combined-commands.ts'
import type { Reply } from '../../eos/device/device.ts'
import type { Command } from '../../model/command.ts'
import { definedMembers } from '../../model/defined-members.ts'
import type {
  BehindNeighbor,
  BehindPort,
  BehindQuestion,
  BehindSwitch,
  BehindVlan,
  BehindVrf,
} from '../task/act/behind.ts'
import {
  arpIn,
  hostsIn,
  interfacesIn,
  type LearnedHost,
  MAC_TABLE,
  type MlagPorts,
  mlagPortsIn,
  type ResolvedHost,
  SHOW_ARP,
  type ShownInterface,
} from './behind-answers.ts'
import { countTouched, firstTouched, type TouchedThings } from './touched.ts'

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
    ...(shown?.description === undefined || shown.description === '' ? {} : { description: shown.description }),
    ...linkOf(shown, answers.epoch),
    ...(heard.length === 0 ? {} : { heard }),
    ...definedMembers({ memberOf }),
    ...(members.length === 0 ? {} : { members }),
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
  return {
    ...(hosts === undefined ? {} : { hosts: macs.size }),
    ...(addresses.length === 0 ? {} : { addresses: addresses.slice(0, MOST_ADDRESSES) }),
  }
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
  return {
    ...(things.ports.length === 0
      ? {}
      : { ports: things.ports.map((name) => behindPort(name, descriptionOf(running, name), answers)) }),
    ...(found.vlans === undefined
      ? {}
      : {
          vlans: found.vlans.map((one): BehindVlan => {
            const shown = vlans?.[String(one.vlan)]
            return {
              ...one,
              ...(shown === undefined
                ? {}
                : {
                    name: shown.name,
                    ports: shown.interfaces.slice(0, MOST_NAMES),
                    portCount: shown.interfaces.length,
                  }),
              ...(hosts === undefined
                ? {}
                : { hosts: new Set(hosts.flatMap(({ vlan, mac }) => (vlan === one.vlan ? [mac] : []))).size }),
              ...(arp === undefined
                ? {}
                : { arp: arp.filter(({ places }) => places.includes(`Vlan${one.vlan}`)).length }),
            }
          }),
        }),
    ...(found.vrfs === undefined
      ? {}
      : {
          vrfs: found.vrfs.map((one) =>
            arp === undefined ? one : { ...one, arp: arp.filter(({ vrf }) => vrf === one.vrf).length },
          ),
        }),
    ...(found.neighbors === undefined
      ? {}
      : {
          neighbors: found.neighbors.map((one): BehindNeighbor => {
            const peer = bgp?.[one.vrf]?.[one.neighbor]
            return peer === undefined
              ? one
              : { ...one, state: peer.state, ...(peer.asn === '' ? {} : { asn: peer.asn }) }
          }),
        }),
    ...(unread.size === 0 ? {} : { unread: [...unread].map(([what, because]) => ({ what, because })) }),
  }
}

type Reading<T> = { readonly ok: true; readonly state: T } | { readonly ok: false; readonly error: string }

function named(things: TouchedThings, running: ConfigTree): BehindSwitch {
  const ports = things.ports.map((name) => ({ name, ...descriptionOf(running, name) }))
  const vlans = things.vlans.map((vlan) => ({ vlan }))
  const vrfs = things.vrfs.map((vrf) => inVrf(running, vrf))
  const neighbors = things.neighbors.map((one) => ({ ...one, ...descriptionOfNeighbor(running, one.neighbor) }))
  return {
    ...(ports.length === 0 ? {} : { ports }),
    ...(vlans.length === 0 ? {} : { vlans }),
    ...(vrfs.length === 0 ? {} : { vrfs }),
    ...(neighbors.length === 0 ? {} : { neighbors }),
  }
}

function descriptionOf({ children }: ConfigTree, name: string): { readonly description?: string } {
  const lines = children.find(({ line }) => line === `interface ${name}`)?.children ?? []
  return described(lines.find(({ line }) => line.startsWith('description '))?.line.slice('description '.length))
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
  return described(within(children.filter(({ line }) => line.startsWith('router bgp '))))
}

function described(description: string | undefined): { readonly description?: string } {
  return description === undefined ? {} : { description }
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
