import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isJsonObject, type Json } from '../../src/model/json.ts'
import type { Fabric } from '../../src/sim/fabric/fabric.ts'
import type { Cable, HostAddress } from '../../src/sim/facts.ts'
import { type Lab, labFabric, type RecordedSwitch } from './lab-fabric.ts'

/** A device of a lab that nobody recorded as a switch, or that is none: a configuration that does what was recorded of it. */
export interface StandIn {
  readonly name: string
  readonly config: string
  /** Its cables: own port, switch, port there. */
  readonly cables: readonly (readonly [string, string, string])[]
  readonly sends?: readonly HostAddress[]
}

/** One lab that somebody has published: its switches, and what is around them. */
export interface PublishedLab extends Lab {
  readonly around: readonly StandIn[]
}

/** The lab as one fabric, with what is around it. */
export function publishedFabric(lab: PublishedLab): Fabric {
  const fabric = labFabric({ ...lab, switches: [...lab.switches, ...lab.around.map(asSwitch)] })
  const cables = lab.around.flatMap(cablesOf)
  const taken = new Set(cables.flatMap(({ a, b }) => [`${a.device} ${a.port}`, `${b.device} ${b.port}`]))
  const others = fabric.cabling.filter(({ a, b }) => ![a, b].some((end) => taken.has(`${end.device} ${end.port}`)))
  return { ...fabric, cabling: [...others, ...cables] }
}

/** A switch hears what is at the end of its cable, so the switch is the first end; a frame goes over one cable of a bundle. */
function cablesOf({ name, cables, sends }: StandIn): readonly Cable[] {
  return cables.map(([port, device, there], at) => ({
    a: { device, port: there },
    b: { device: name, port },
    ...(sends === undefined || at > 0 ? {} : { sends }),
  }))
}

function asSwitch({ name, config }: StandIn): RecordedSwitch {
  return { name, config: `! device: ${name} (vEOS, EOS-4.27.0F)\n!\nhostname ${name}\n!\n${config}!\nend\n`, show: {} }
}

const LAB = 'inventories/archives/inetsix-eapi'

/**
 * The 18 vEOS switches of 4.26.2F and 4.27.0F of titom73/ansible-arista-network-lab-automation. Its servers were recorded at another
 * time, and none of the switches has heard them.
 */
export function readAvdLab(clone: string): PublishedLab {
  const switches = readAvdSwitches(join(clone, LAB, 'snapshots'), join(clone, LAB, 'config_backup'), 'EAPI-')
  return { name: 'avd-lab', switches, around: [] }
}

/** The switches that AVD has asked: a folder of answers for each, and a file with its configuration. */
export function readAvdSwitches(snapshots: string, backups: string, prefix: string): readonly RecordedSwitch[] {
  return readdirSync(snapshots)
    .filter((name) => name.startsWith(prefix))
    .sort()
    .map((name) => switchOf(name, join(snapshots, name), backups))
}

/** Two switches have this route in the saved text, and no switch has it when it was asked, over EVPN neither: it was configured later. */
const LATER = 'ip route vrf TENANT_A_PROJECT01 1.1.1.0/24 10.1.10.1\n'

function switchOf(name: string, folder: string, backups: string): RecordedSwitch {
  const texts = readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .map((file) => [file.slice(0, -'.txt'.length), readFileSync(join(folder, file), 'utf8')] as const)
  const show: Record<string, unknown> = Object.fromEntries(texts)
  const config = readFileSync(join(backups, `${name}_post_running-config.conf`), 'utf8').replace(LATER, '')
  return {
    name,
    config,
    show: {
      ...show,
      'show version | json': { systemMacAddress: macOf(String(show['show version'])) },
      'show lldp neighbors detail | json': { lldpNeighbors: heardBy(String(show['show lldp neighbors'])) },
    },
  }
}

export function macOf(version: string): string | undefined {
  const digits = /System MAC address:\s+(\S+)/.exec(version)?.[1]?.replaceAll('.', '')
  return digits?.replaceAll(/(..)(?=.)/g, '$1:')
}

const NEIGHBOR = /^(Et\S+)\s+(\S+)\s+(Ethernet\S+)\s+\d+\s*$/gm

export function heardBy(table: string) {
  return Object.fromEntries(
    [...table.matchAll(NEIGHBOR)].map(([, port = '', systemName, interfaceId]) => [
      port.replace('Et', 'Ethernet'),
      { lldpNeighborInfo: [{ systemName, neighborInterfaceInfo: { interfaceId } }] },
    ]),
  )
}

/** One class of commands: what a switch of a published lab was asked, and the rows of an answer, which are compared as a set. */
export interface LabClass {
  readonly command: string
  /** The command as it was recorded; `command` without it. */
  readonly recordedAs?: string
  /** Every recorded command that this fits is of the class, and is asked as it was recorded. */
  readonly every?: RegExp
  /** Rows of an answer, without what no configuration tells. */
  readonly rows: (answer: unknown, asked: RecordedSwitch) => readonly string[]
}

/** Counts, times, addresses that a machine has by itself, and what a hypervisor gives: named by the key of the leaf. */
const BY_CHANCE =
  /(Time|Timestamp|Address|Octets|Pkts|Sent|Received|Rate|Clock|Offset|Changes|Count|age|inactivity|bandwidth|dhcp|lastMove|Refresh\w*)$/i

/** Leaves that end like one of the above, and follow from the configuration all the same. */
const BY_CONFIGURATION =
  /(bfdRequestSent|peerAddress|interfaceAddress|ipAddr|\/address|srcIpAddr|nexthopAddr|vtepAddr|broadcastAddress|routerMac)$/

/** The VLANs that a switch takes for the VNIs of VRFs: which ones depends on what it had before (docs/eos.md 7.1). */
function takenVlans({ show, config }: RecordedSwitch): ReadonlySet<string> {
  const text = JSON.stringify(show)
  const all = [...text.matchAll(/\bVl(?:an)?(\d+)\b|VLAN(\d+)|\[(\d+), \d+\]/g)].map((found) => found.slice(1).join(''))
  const known = new Set([...config.matchAll(/^interface Vlan(\d+)$|^vlan ([\d,-]+)$/gm)].flatMap(numbersOf))
  return new Set(all.filter((id) => !known.has(id) && id !== '1'))
}

function numbersOf([, one, several]: RegExpExecArray): readonly string[] {
  if (one !== undefined) return [one]
  return (several ?? '').split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number)
    return Array.from({ length: to - from + 1 }, (_, at) => String(from + at))
  })
}

const keyed = ['peerAddress', 'nexthopAddr', 'vtepAddr', 'interface', 'interfaceName', 'address', 'macAddress'] as const

function* leaves(here: Json, at: string): Generator<readonly [string, string]> {
  if (Array.isArray(here)) {
    for (const [index, element] of here.entries()) yield* leaves(element, `${at}/${nameOf(element, index)}`)
    if (here.length === 0) yield [at, '[]']
    return
  }
  if (typeof here !== 'object' || here === null) {
    yield [at, JSON.stringify(here)]
    return
  }
  for (const [key, child] of Object.entries(here)) yield* leaves(child, `${at}/${key}`)
  if (Object.keys(here).length === 0) yield [at, '{}']
}

/** Elements of arrays go by what they are of: their order is that of their ages. */
function nameOf(element: Json, index: number): string {
  if (typeof element === 'string') return element
  if (!isJsonObject(element)) return String(index)
  const found = keyed.flatMap((key) => (typeof element[key] === 'string' && element[key] !== '' ? [element[key]] : []))
  return found[0] ?? String(index)
}

/** Every leaf of a JSON answer but what `ignored` says, and what no configuration tells. */
function leafRows(ignored: RegExp = /$^/): LabClass['rows'] {
  return (answer, asked) => {
    const taken = takenVlans(asked)
    return [...leaves((answer ?? null) as Json, '')].flatMap(([path, value]) => {
      const byChance = BY_CHANCE.test(path) && !BY_CONFIGURATION.test(path)
      const ofTaken = path.split('/').some((step) => taken.has(step.replace(/^Vlan/, '')))
      return byChance || ofTaken || ignored.test(path) ? [] : [`${path}: ${value}`]
    })
  }
}

const RULER = /^[- *]+$/

/** The lines of a text without blanks, rulers, times, counts of messages and what names a VLAN of the switch's choice. */
function lineRows(shape: (line: string) => string | undefined = (line) => line): LabClass['rows'] {
  return (answer, asked) => {
    const taken = [...takenVlans(asked)].join('|') || 'none'
    const ofTaken = new RegExp(
      `^\\d+ (${taken}) |^(${taken})\\*? |^Vl(?:an)?(${taken}) |^\\[(${taken}), |^\\* indicates a Dynamic|^Total (Remote )?Mac`,
    )
    return textOf(answer)
      .split('\n')
      .map((line) => line.replaceAll(/ +/g, ' ').trim())
      .filter((line) => line !== '' && !RULER.test(line) && !ofTaken.test(line))
      .map((line) => line.replaceAll(/(\d+ days?, )?\d+:\d\d:\d\d( ago)?|\d+d\d\dh/g, 'TIME'))
      .flatMap((line) => shape(line) ?? [])
  }
}

const textOf = (answer: unknown): string =>
  typeof answer === 'string' ? answer : String((answer as { readonly output?: string } | null)?.output ?? '')

/** One row for each route, its ways in any order. */
function routeRows(answer: unknown, asked: RecordedSwitch): readonly string[] {
  const rows: string[][] = []
  for (const line of lineRows()(answer, asked)) {
    const [, route = line, way] = /^(.*?)((?:via|is directly) .*)?$/.exec(line) ?? []
    if (route === '' && rows.length > 0) rows.at(-1)?.push(way ?? '')
    else rows.push([route, way ?? ''])
  }
  return rows.map(([route = '', ...ways]) => [route, ...ways.sort()].join(' '))
}

/** What `show ip bgp neighbors` says that a configuration and the neighbours decide. */
const OF_NEIGHBOR =
  /^(BGP neighbor is|BGP version|Inherits|Hold time is|Configured hold|BGP state is|Multiprotocol|Four Octet|Route Refresh: adv|IPv4 Unicast:|IPv6 Unicast:|EVPN:|Configured maximum|Local AS is|TTL is|Local TCP address|Remote TCP address|Description|Route map)/

function neighborRows(answer: unknown, asked: RecordedSwitch): readonly string[] {
  let neighbor = ''
  return lineRows((line) => {
    neighbor = /^BGP neighbor is (\S+),/.exec(line)?.[1] ?? neighbor
    const shown = line.replace(/, (local|remote) port is \d+/, '')
    return OF_NEIGHBOR.test(line) && !/IPv[46] Unicast: \D/.test(line) ? `${neighbor} ${shown}` : undefined
  })(answer, asked)
}

const messages = (line: string): string => line.replace(/ \d+ \d+ 0 0 TIME /, ' MESSAGES TIME ')

/** What was recorded of the switches of suzieq, in JSON but for the neighbours of BGP. */
export const SUZIEQ_CLASSES: readonly LabClass[] = [
  { command: 'show interfaces', rows: leafRows(/interfaceCounters|interfaceStatistics|vccImportVlan/) },
  { command: 'show vrf', rows: leafRows() },
  { command: 'show ip bgp neighbors vrf all', rows: neighborRows },
  { command: 'show ip route vrf all', rows: leafRows() },
  { command: 'show ip ospf neighbor', recordedAs: 'show ip ospf neighbor detail vrf all', rows: leafRows() },
  { command: 'show mlag detail', rows: leafRows() },
  { command: 'show mlag interfaces', rows: leafRows() },
  { command: 'show ip virtual-router', rows: leafRows() },
  { command: 'show vlan brief', rows: leafRows() },
]

/** What was recorded of the switches of avd-lab, as text. */
export const AVD_LAB_CLASSES: readonly LabClass[] = [
  { command: 'show ip route vrf all', rows: routeRows },
  { command: 'show ip bgp summary vrf all', rows: lineRows(messages) },
  { command: 'show bgp evpn summary', rows: lineRows(messages) },
  { command: 'show bgp evpn', rows: lineRows() },
  { command: 'show bfd peers', rows: lineRows((line) => line.replace(/ \d+ \d+ NA | \d+\/\d+\/\d+ \d+:\d+$/g, ' ')) },
  { command: 'show interfaces description', rows: lineRows() },
  { command: 'show ip interface brief', rows: lineRows() },
  { command: 'show mlag detail', rows: lineRows((line) => line.replace(/(sent\/received :|clock offset :) .*/, '$1')) },
  { command: 'show mlag config-sanity', rows: lineRows() },
  { command: 'show vlan', rows: lineRows() },
  { command: 'show vxlan vtep', rows: lineRows((line) => line.replace('unicast, flood', 'flood, unicast')) },
  { command: 'show mac address-table', rows: lineRows((line) => (GATEWAY.test(line) ? undefined : line)) },
]

/** The MAC address that routers share, as AVD has it: who has sent to a gateway and got an answer follows from nothing. */
const GATEWAY = /001c\.7300\.dc01 DYNAMIC/

/** The table behind that of the MAC addresses, which the pages of the course leave out. */
const MULTICAST = /^Multicast Mac Address Table$|^Vlan Mac Address Type Ports$/

/** A flood list is in the order in which its VTEPs came. */
function inOrder(line: string): string {
  const [vlan, ...vteps] = line.split(' ')
  return /^\d+( [\d.]+)+$/.test(line) ? [vlan, ...vteps.sort()].join(' ') : line
}

/** What was recorded of the switches of the course, as text. */
export const COURSE_CLASSES: readonly LabClass[] = [
  { command: 'show ip route', every: /^show ip route/, rows: routeRows },
  { command: 'show bgp evpn', rows: lineRows() },
  { command: 'show bgp evpn route-type', every: /^show bgp evpn route-type/, rows: lineRows() },
  { command: 'show bgp evpn summary', rows: lineRows(messages) },
  { command: 'show interfaces vxlan 1', rows: lineRows(inOrder) },
  { command: 'show vxlan vtep', rows: lineRows() },
  { command: 'show mac address-table', rows: lineRows((line) => (MULTICAST.test(line) ? undefined : line)) },
]

/** The hold time that is left, and the number of a circuit, which nobody knows. */
const OF_THE_MOMENT = (line: string): string => line.replace(/ UP \d+ [\dA-F]+$/, ' UP')

/** The other virtual machines on the management network, and servers that say nothing. */
const ASIDE = /^Ma1 |^Last table|^Number of table| server Ethernet\d+ /

/** What was recorded of the three labs of vEOS 4.24.0F, as text. */
export const SHOW_LAB_CLASSES: readonly LabClass[] = [
  { command: 'show ip route', every: /^show ip route/, rows: routeRows },
  { command: 'show ip bgp summary', rows: lineRows(messages) },
  { command: 'show ip bgp', rows: lineRows() },
  { command: 'show bgp evpn summary', rows: lineRows(messages) },
  { command: 'show ip interface brief', rows: lineRows() },
  { command: 'show lldp neighbors', rows: lineRows((line) => (ASIDE.test(line) ? undefined : line)) },
  { command: 'show vrf', rows: lineRows() },
  { command: 'show ip ospf neighbor', rows: lineRows() },
  { command: 'show ip ospf interface', rows: lineRows() },
  { command: 'show isis neighbors', rows: lineRows(OF_THE_MOMENT) },
  { command: 'show isis hostname', rows: lineRows() },
  { command: 'show isis interface', every: /^show isis interface/, rows: lineRows() },
]

/** How two sets of rows compare: equal of all, and what differs. */
export function compareRows(theirs: readonly string[], ours: readonly string[]) {
  const left = [...ours]
  const missing = theirs.filter((row) => {
    const at = left.indexOf(row)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
  return {
    equal: theirs.length - missing.length,
    total: theirs.length + left.length,
    different: [...missing.map((row) => `- ${row}`), ...left.map((row) => `+ ${row}`)],
  }
}

const OUTPUTS = 'tests/integration/sqcmds/eos-input'

/** One answer of a device of netenglabs/suzieq. */
interface Answer {
  readonly devtype: string
  readonly hostname: string
  readonly cmd: string
  readonly data: unknown
}

/** The eight vEOS switches of 4.23.5M of netenglabs/suzieq, with its servers, its firewall and its router to the Internet. */
export function readSuzieq(clone: string): PublishedLab {
  const folder = join(clone, OUTPUTS)
  const answers = readdirSync(folder)
    .filter((file) => file.endsWith('.output'))
    .flatMap((file) => documents(readFileSync(join(folder, file), 'utf8')))
    .filter(({ devtype }) => devtype === 'eos')
  const names = [...new Set(answers.map(({ hostname }) => hostname))].sort()
  const switches = names.map((name) =>
    switchOfSuzieq(
      name,
      answers.filter(({ hostname }) => hostname === name),
    ),
  )
  return { name: 'suzieq', switches, around: [...switches.flatMap((one) => serversOf(one, switches)), ...OUTSIDE] }
}

/** A file has several arrays, one behind the other. */
function documents(text: string): readonly Answer[] {
  return text.split(/(?<=^\])(?=\[$)/m).flatMap((one) => JSON.parse(one) as readonly Answer[])
}

/** The configuration has the address that DHCP gave instead of `dhcp`, because no configuration knows it. */
function switchOfSuzieq(name: string, answers: readonly Answer[]): RecordedSwitch {
  const show = Object.fromEntries(answers.map(({ cmd, data }) => [`${cmd} | json`, data]))
  const { output } = show['show running-config sanitized | json'] as { readonly output: string }
  const { interfaces } = show['show interfaces | json'] as {
    readonly interfaces: Readonly<
      Record<
        string,
        {
          readonly interfaceAddress: readonly {
            readonly primaryIp: { readonly address: string; readonly maskLen: number }
          }[]
        }
      >
    >
  }
  const given = interfaces.Management1?.interfaceAddress[0]?.primaryIp
  return { name, config: output.replace('ip address dhcp', `ip address ${given?.address}/${given?.maskLen}`), show }
}

/** The servers behind the MLAG ports of a switch, by the MAC and ARP entries that it has of them; they are of the first of the pair. */
function serversOf(here: RecordedSwitch, switches: readonly RecordedSwitch[]): readonly StandIn[] {
  const { unicastTable } = here.show['show mac-address-table unicast | json'] as {
    readonly unicastTable: {
      readonly tableEntries: readonly {
        readonly macAddress: string
        readonly interface: string
        readonly entryType: string
      }[]
    }
  }
  const peer = switches.find((other) => other.name !== here.name && domainOf(other) === domainOf(here))
  if (peer === undefined || peer.name < here.name) return []
  return unicastTable.tableEntries
    .filter((entry) => entry.entryType === 'dynamic' && entry.interface.startsWith('Port-Channel'))
    .map(({ macAddress: mac, interface: channel }) => {
      const port = `Ethernet${channel.slice('Port-Channel'.length)}`
      const address = addressOf(here, mac)
      return {
        name: `server-${mac}`,
        config: ['interface Port-Channel1\n!\n', ...[1, 2].map(bundled)].join(''),
        cables: [
          ['Ethernet1', here.name, port],
          ['Ethernet2', peer.name, port],
        ],
        sends: [{ mac, ...(address === undefined ? {} : { address }) }] satisfies readonly HostAddress[],
      }
    })
}

const bundled = (at: number): string => `interface Ethernet${at}\n   channel-group 1 mode active\n!\n`

const domainOf = ({ config }: RecordedSwitch): string | undefined => /^ {3}domain-id (\S+)/m.exec(config)?.[1]

function addressOf(here: RecordedSwitch, mac: string): string | undefined {
  const { vrfs } = here.show['show arp vrf all | json'] as {
    readonly vrfs: Readonly<
      Record<string, { readonly ipV4Neighbors: readonly { readonly hwAddress: string; readonly address: string }[] }>
    >
  }
  const written = mac.replaceAll(':', '').replaceAll(/(.{4})(?=.)/g, '$1.')
  return Object.values(vrfs)
    .flatMap(({ ipV4Neighbors }) => ipV4Neighbors)
    .find(({ hwAddress }) => hwAddress === written)?.address
}

const subinterfaces = (port: string, third: number): string =>
  [2, 3, 4]
    .map(
      (tag) =>
        `interface ${port}.${tag}\n   encapsulation dot1q vlan ${tag}\n   ip address 169.254.${third}.${(tag - 2) * 4 + 2}/30\n!\n`,
    )
    .join('')

const neighbor = (address: string, asn: number, timers: string): string =>
  `   neighbor ${address} remote-as ${asn}\n   neighbor ${address} timers ${timers}\n`

/** The FRR firewall and the Junos router: their addresses, AS numbers and prefixes, as recorded. */
const OUTSIDE: readonly StandIn[] = [
  {
    name: 'firewall01',
    cables: [
      ['Ethernet1', 'exit01', 'Ethernet3'],
      ['Ethernet2', 'exit02', 'Ethernet3'],
    ],
    config: [
      'service routing protocols model multi-agent\n!\n',
      'interface Ethernet1\n   no switchport\n!\ninterface Ethernet2\n   no switchport\n!\n',
      subinterfaces('Ethernet1', 254),
      subinterfaces('Ethernet2', 253),
      'interface Loopback0\n   ip address 10.0.0.200/32\n!\nip routing\n!\n',
      'router bgp 65533\n   router-id 10.0.0.200\n   maximum-paths 2\n',
      ...[254, 253].flatMap((third) =>
        [0, 1, 2].map((at) => neighbor(`169.254.${third}.${at * 4 + 1}`, 65_520 + at, '3 9')),
      ),
      '   network 10.0.0.200/32\n',
    ].join(''),
  },
  {
    name: 'dcedge01',
    cables: [
      ['Ethernet1', 'exit01', 'Ethernet4'],
      ['Ethernet2', 'exit02', 'Ethernet4'],
    ],
    config: [
      'service routing protocols model multi-agent\n!\n',
      'interface Ethernet1\n   no switchport\n   ip address 169.254.127.0/31\n!\n',
      'interface Ethernet2\n   no switchport\n   ip address 169.254.127.2/31\n!\n',
      'interface Loopback0\n   ip address 10.0.0.41/32\n!\nip routing\n!\n',
      'ip route 0.0.0.0/0 Null0\nip route 10.255.2.0/24 Null0\nip route 169.254.0.0/24 Null0\n!\n',
      'router bgp 65534\n   router-id 10.0.0.41\n',
      ...['169.254.127.1', '169.254.127.3'].map((address) => neighbor(address, 65_522, '30 90')),
      '   redistribute connected\n   redistribute static\n',
    ].join(''),
  },
]
