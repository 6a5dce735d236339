import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { Fabric } from '../../../src/eos/sim/fabric/fabric.ts'
import type { Cable, CableEnd } from '../../../src/eos/sim/platform/facts.ts'
import { recordings } from '../../recordings.ts'

const SNAPSHOTS = recordings('eos-corpus/device-snapshots/')

/** Whether the recordings are there. */
export const snapshotsPresent = existsSync(SNAPSHOTS)

/** One recorded switch: its configuration and what it answered, by command. */
export interface RecordedSwitch {
  readonly name: string
  readonly config: string
  readonly show: Readonly<Record<string, unknown>>
}

/** One lab: switches that were recorded together. */
export interface Lab {
  readonly name: string
  readonly switches: readonly RecordedSwitch[]
}

/** Every lab of the recordings, in the order of names. */
export function readLabs(): readonly Lab[] {
  const labs = new Map<string, RecordedSwitch[]>()
  for (const file of readdirSync(SNAPSHOTS).sort()) {
    const [lab = '', name = ''] = file.slice(0, -'.json'.length).split('__')
    const { running_config: config, show } = JSON.parse(readFileSync(new URL(file, SNAPSHOTS), 'utf8'))
    labs.set(lab, [...(labs.get(lab) ?? []), { name, config, show }])
  }
  return [...labs].map(([name, switches]) => ({ name, switches }))
}

/** The lab as one fabric. Servers, firewalls and the switches that nobody recorded are hosts: they have a link. */
export function labFabric({ name, switches }: Lab): Fabric {
  const cabling = cablesOf(switches)
  return {
    name,
    credentials: { username: 'admin', password: 'admin' },
    devices: [...switches.map(device), deaf(cabling)],
    cabling,
    faults: [],
  }
}

function device({ name, config, show }: RecordedSwitch, at: number) {
  const [, model = 'vEOS', eos = ''] = /^! device: \S+ \((\S+), EOS-([^\s)]+)/m.exec(config) ?? []
  const version = show['show version | json'] as { systemMacAddress?: string } | undefined
  const mac = version?.systemMacAddress ?? `00:1c:73:00:00:${String(at).padStart(2, '0')}`
  return { name, eos, model, serial: '', mac, config, managementOutside: true }
}

/** The name of what stands at the other end of a channel to a server: it has a link, and no LACP. */
const DEAF = 'server-without-lacp'

/** A switch whose ports are in no channel, with as many ports as cables lead to it. */
function deaf(cabling: readonly Cable[]) {
  const ports = cabling.flatMap(({ b }) => (b.device === DEAF ? [`interface ${b.port}\n   no switchport\n!\n`] : []))
  const config = `hostname server\n!\n${ports.join('')}end\n`
  return { name: DEAF, eos: '4.23.0.1F', model: 'vEOS', serial: '', mac: '02:00:00:00:00:01', config }
}

interface Port {
  readonly end: CableEnd
  readonly text: string
}

function portsOf({ name, config }: RecordedSwitch) {
  return config.split(/^!$/m).flatMap((text) => {
    const port = /^\s*interface (Ethernet\S+)/.exec(text)?.[1]
    return port === undefined ? [] : [{ end: { device: name, port }, text }]
  })
}

/**
 * Nobody recorded the cables: two routed ports of one subnet are one; a description names the far
 * port, or says that the port is of the peer-link of an MLAG pair.
 */
function cablesOf(switches: readonly RecordedSwitch[]) {
  const cables: Cable[] = []
  const taken = new Set<string>()
  const join = (a: CableEnd, b: CableEnd) => {
    if (taken.has(keyOf(a)) || taken.has(keyOf(b))) return
    taken.add(keyOf(a)).add(keyOf(b))
    cables.push({ a, b })
  }
  const ports = switches.flatMap(portsOf)
  for (const [a, b] of [...byLldp(switches), ...bySubnet(ports), ...byDescription(ports, switches)]) join(a, b)
  for (const { end, text } of ports) join(end, hostOf(end, text, cables.length))
  return cables
}

interface HeardBy {
  readonly lldpNeighbors: Readonly<
    Record<
      string,
      {
        readonly lldpNeighborInfo: readonly {
          readonly systemName?: string
          readonly neighborInterfaceInfo?: { readonly interfaceId?: string }
        }[]
      }
    >
  >
}

/** What a switch has heard over LLDP, where that was recorded: the far switch of the lab and its port. */
function byLldp(switches: readonly RecordedSwitch[]) {
  return switches.flatMap(({ name, show }) => {
    const { lldpNeighbors = {} } = (show['show lldp neighbors detail | json'] ?? {}) as Partial<HeardBy>
    return Object.entries(lldpNeighbors).flatMap(
      ([
        port,
        {
          lldpNeighborInfo: [first],
        },
      ]) => {
        const far = switches.find((other) => other.name === first?.systemName?.split('.')[0])
        const there = first?.neighborInterfaceInfo?.interfaceId?.replaceAll('"', '')
        return far === undefined || there === undefined
          ? []
          : [
              [
                { device: name, port },
                { device: far.name, port: there },
              ] as const,
            ]
      },
    )
  })
}

const keyOf = ({ device: name, port }: CableEnd) => `${name} ${port}`

function hostOf(end: CableEnd, text: string, at: number) {
  const bundled = text.includes('channel-group')
  return bundled ? { device: DEAF, port: `Ethernet${at}` } : { device: `host of ${keyOf(end)}`, port: 'eth0' }
}

function bySubnet(ports: readonly Port[]) {
  const subnets = new Map<string, CableEnd[]>()
  for (const { end, text } of ports) {
    const subnet = subnetOf(text)
    if (subnet !== undefined) subnets.set(subnet, [...(subnets.get(subnet) ?? []), end])
  }
  return [...subnets.values()].flatMap(([a, b]) => (a === undefined || b === undefined ? [] : [[a, b] as const]))
}

function subnetOf(text: string) {
  const [, a, b, c, d, length] = /ip address (\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)/.exec(text) ?? []
  if (length === undefined) return undefined
  const value = ((Number(a) * 256 + Number(b)) * 256 + Number(c)) * 256 + Number(d)
  return `${Math.floor(value / 2 ** (32 - Number(length)))}/${length}`
}

/** `MLAG_PEER_leaf2b_Ethernet3` names the far port; `mlag peer link` is the same port of the other of the domain. */
function byDescription(ports: readonly Port[], switches: readonly RecordedSwitch[]) {
  return ports.flatMap(({ end, text }) => {
    const far = namedEnd(/^ +description (.+)$/m.exec(text)?.[1] ?? '', switches)
    if (far !== undefined && far.device !== end.device) return [[end, far] as const]
    if (!text.includes('description mlag peer link')) return []
    const peer = switches.find((other) => other.name !== end.device && pairOf(other) === pairOf(byName(switches, end)))
    return peer === undefined ? [] : [[end, { device: peer.name, port: end.port }] as const]
  })
}

/** The port at the end of a description, behind a name of a switch of the lab: the longest that fits. */
function namedEnd(description: string, switches: readonly RecordedSwitch[]) {
  const [, before = '', port] = /^(.+)_(Ethernet[\d/]+)$/.exec(description) ?? []
  if (port === undefined) return undefined
  const named = switches
    .filter(({ name }) => `_${before}`.toLowerCase().endsWith(`_${name}`.toLowerCase()))
    .sort((a, b) => b.name.length - a.name.length)[0]
  return named === undefined ? undefined : { device: named.name, port }
}

function byName(switches: readonly RecordedSwitch[], end: CableEnd) {
  return switches.find(({ name }) => name === end.device)
}

/** AS and the two addresses of an MLAG pair name it: two pairs of one lab share a domain and its addresses. */
function pairOf(recorded: RecordedSwitch | undefined) {
  const peer = /peer-address (\S+)/.exec(recorded?.config ?? '')?.[1] ?? ''
  const own = /interface Vlan4094\n(?: .*\n)*? {3}ip address ([\d.]+)/.exec(recorded?.config ?? '')?.[1] ?? ''
  const asn = /^router bgp (\d+)/m.exec(recorded?.config ?? '')?.[1] ?? ''
  return [asn, ...[peer, own].sort()].join()
}
