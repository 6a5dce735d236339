import { foreignWords } from '../../change/plan/foreign-lines.ts'
import type { DiffLine, PlanContent, ShownPlan } from '../../change/plan/plan.ts'
import type { BehindNeighbor, BehindPort, BehindSwitch, BehindVlan, BehindVrf } from '../../change/task/act/behind.ts'
import { definedMembers } from '../../model/json.ts'
import { count, parts, present, switches } from '../text/text.ts'

export interface ForeignGroup {
  readonly devices: readonly string[]
  readonly words: string
  readonly lines?: readonly DiffLine[]
}

export const FOREIGN_HEADING = 'Lines that nobody declared, and that go'

/** The foreign lines of a plan, each set of them once, in the order of its switches. */
export function foreignGroups({ devices }: Pick<PlanContent, 'devices'>): readonly ForeignGroup[] {
  return grouped(devices, ({ foreign }) => foreign).map(({ devices: names, of }) => ({
    devices: names,
    words: foreignWords(of),
    ...definedMembers({ lines: of.lines }),
  }))
}

export const UNSAVED_HEADING = 'Lines that somebody has not saved, and that the confirm saves too'

/** The lines of a plan that were not saved before it, each set of them once, in the order of its switches. */
export function unsavedGroups({ devices }: Pick<PlanContent, 'devices'>): readonly ForeignGroup[] {
  return grouped(devices, ({ unsaved }) => unsaved).map(({ devices: names, of: { count: lines, lines: shown } }) => {
    const rest = lines - shown.filter(({ sign }) => sign !== ' ').length
    return {
      devices: names,
      words: `${count(lines, 'line')}${rest === 0 ? '' : `, the first ${lines - rest}`}`,
      lines: shown,
    }
  })
}

function grouped<T>(devices: PlanContent['devices'], of: (device: PlanContent['devices'][number]) => T | undefined) {
  const groups = new Map<string, { readonly devices: string[]; readonly of: T }>()
  for (const device of devices) {
    const found = of(device)
    if (found === undefined) continue
    const key = JSON.stringify(found)
    const group = groups.get(key) ?? { devices: [], of: found }
    group.devices.push(device.name)
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** The heading of what stays because the workflow says so. */
export const KEPT_HEADING = 'Lines that stay, because the workflow keeps them'

interface KeptGroup {
  readonly devices: readonly string[]
  readonly lines: readonly string[]
}

/** The kept lines of a plan, each set of them once, in the order of its switches. */
export function keptGroups({ devices }: Pick<PlanContent, 'devices'>): readonly KeptGroup[] {
  return grouped(devices, ({ kept }) => kept).map(({ devices: names, of }) => ({ devices: names, lines: of }))
}

interface BehindLines {
  readonly device: string
  readonly lines: readonly string[]
}

/** The heading of what is behind what changes. */
export const BEHIND_HEADING = 'What is behind it'

const [MOST_LINES, MOST_LINES_EACH] = [80, 16]

/** In one sentence what the section is; undefined where there is no section. */
export function behindIntro({ content, evidence: { behind, createdAt } }: ShownPlan): string | undefined {
  if (content.offline) return 'Not read: the plan was computed offline'
  if (behind === 'too-many') return `Not read: the plan is for ${switches(content.devices.length)}`
  if (behind === undefined) return undefined
  return `As the switches showed it at ${createdAt.slice(0, 16).replace('T', ' ')} UTC; it moves, and the digest does not cover it`
}

/** What is behind what changes, by switch. */
export function behindLines({ content, evidence: { behind } }: ShownPlan): readonly BehindLines[] {
  if (behind === undefined || behind === 'too-many') return []
  let left = MOST_LINES
  return content.devices.flatMap(({ name }) => {
    const found = Object.hasOwn(behind, name) ? behind[name] : undefined
    if (found === undefined) return []
    const { things, unread } = linesOf(found)
    const shown = things.slice(0, Math.min(MOST_LINES_EACH, left))
    left -= shown.length
    const rest = things.length - shown.length + (found.more ?? 0)
    return [{ device: name, lines: present(shown, rest !== 0 && `and ${rest} more`, unread) }]
  })
}

function linesOf({ ports = [], vlans = [], vrfs = [], neighbors = [], unread = [] }: BehindSwitch) {
  return {
    things: [...ports.map(portLine), ...vlans.map(vlanLine), ...vrfs.map(vrfLine), ...neighbors.map(neighborLine)],
    unread: unread.map(({ what, because }) => `not read: ${what}: ${because}`),
  }
}

// What others have named may not pass for words of ours: it neither ends its quotes nor a part of its line.
export const said = (text: string) =>
  text.replaceAll('"', "'").replace(/[\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff65]/g, '.')

const quoted = (text: string | undefined) => (text === undefined ? '' : ` "${said(text)}"`)

function portLine(port: BehindPort) {
  const { name, description, heard = [], memberOf, members = [], hosts, addresses = [], traffic } = port
  return parts(
    `${name}${quoted(description)}`,
    heard.length > 0 && `LLDP ${heard.map((one) => `${said(one.device)} ${said(one.port)}`).join(', ')}`,
    memberOf !== undefined && `member of ${memberOf}`,
    members.length > 0 && `members ${members.join(' ')}`,
    mlagWords(port.mlag),
    linkWords(port),
    hosts !== undefined && count(hosts, 'host'),
    addresses.length > 0 && addresses.join(' '),
    traffic !== undefined && trafficWords(traffic),
  )
}

function mlagWords(mlag: BehindPort['mlag']) {
  if (mlag === undefined) return undefined
  const { id, partner, port } = mlag
  if (partner === undefined && port === undefined) return `MLAG ${id}`
  return `MLAG ${id}, partner ${[partner, port].flatMap((part) => (part === undefined ? [] : said(part))).join(' ')}`
}

function linkWords({ link, forSeconds }: BehindPort) {
  if (link === undefined) return undefined
  return forSeconds === undefined ? link : `${link} for ${roughly(forSeconds)}`
}

function roughly(seconds: number) {
  if (seconds >= 172_800) return `${Math.floor(seconds / 86_400)} d`
  if (seconds >= 7200) return `${Math.floor(seconds / 3600)} h`
  return seconds >= 120 ? `${Math.floor(seconds / 60)} min` : `${seconds} s`
}

// Less than a kilobit per second is what neighbours say to each other.
function trafficWords({ in: received, out: sent, over }: NonNullable<BehindPort['traffic']>) {
  const average = over === undefined ? '' : ` (average of ${roughly(over)})`
  if (Math.max(received, sent) < 1000) return `silent${average}`
  return `${rate(received)} in, ${rate(sent)} out${average}`
}

function rate(bits: number) {
  if (bits >= 1e9) return `${Number((bits / 1e9).toPrecision(3))} Gb/s`
  if (bits >= 1e6) return `${Number((bits / 1e6).toPrecision(3))} Mb/s`
  return bits >= 1e3 ? `${Number((bits / 1e3).toPrecision(3))} kb/s` : `${bits} b/s`
}

function vlanLine({ vlan, name, ports, portCount, hosts, arp }: BehindVlan) {
  return parts(
    `VLAN ${vlan}${quoted(name)}`,
    namesOf('port', ports, portCount),
    hosts !== undefined && count(hosts, 'host'),
    arp !== undefined && arp !== 0 && count(arp, 'ARP entry', 'ARP entries'),
  )
}

function vrfLine({ vrf, interfaces, interfaceCount, arp }: BehindVrf) {
  return parts(
    `VRF ${vrf}`,
    namesOf('interface', interfaces, interfaceCount),
    arp !== undefined && count(arp, 'ARP entry', 'ARP entries'),
  )
}

function namesOf(noun: string, names: readonly string[] | undefined, many = 0) {
  if (names === undefined) return undefined
  const more = many - names.length
  const named = names.length === 0 ? '' : `: ${names.join(' ')}${more > 0 ? ` and ${more} more` : ''}`
  return `${count(many, noun)}${named}`
}

function neighborLine({ neighbor, vrf, description, state, asn }: BehindNeighbor) {
  return parts(
    `BGP ${neighbor}${vrf === 'default' ? '' : ` in ${vrf}`}${quoted(description)}`,
    asn !== undefined && `AS ${asn}`,
    state,
  )
}
