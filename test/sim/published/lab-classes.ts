import { isJsonObject, type Json } from '../../../src/model/json.ts'
import type { RecordedSwitch } from '../lab-fabric.ts'

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
