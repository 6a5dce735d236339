import { compareInterfaces } from '../text/interface-name.ts'
import { type Draft, type PrintedBlock, positive } from './draft.ts'
import { type OrderedSection, rootOrders } from './root-orders.ts'
import { type CommandPattern, compilePattern, isUntabled, matchPattern, meaningOf, tableOf, wordsOf } from './rules.ts'
import { rows } from './table.ts'

// The order of commands in the modes where EOS groups them by feature; all versions print these alike.
const modeOrders: Readonly<Record<string, readonly OrderedSection[]>> = {
  interface: rows(`
    profile
    description
    shutdown
    load-interval
    mtu
    l2 mtu
    logging event
    flowcontrol
    speed
    bgp
    switchport access
    switchport trunk native
    switchport trunk allowed
    switchport mode
    switchport trunk group
    switchport
    autostate
    encapsulation
    flow
    channel-group
    mlag
    evpn ethernet-segment
    lacp
    port-channel
    vrf
    ip proxy-arp
    ip address
    ip verify
    ip helper-address
    ipv6 enable
    ipv6 address
    ipv6 nd
    ipv6
    ip access-group
    ip attached-host
    arp
    bfd
    ip igmp
    ip ospf
    pim
    ip virtual-router
    isis
    mpls
    lldp
    ptp
    qos
    service-policy
    sflow
    spanning-tree
    storm-control
    vrrp
    vxlan source-interface
    vxlan controller-client
    vxlan virtual-router
    vxlan udp-port
    vxlan vlan
    vxlan vrf
    vxlan vlan * flood
    vxlan vlan * multicast
    vxlan vrf * multicast
    vxlan
  `),
  vlan: ['name', 'state', 'trunk group'],
  vrf: ['description', 'rd'],
  'route-map': ['description', 'match', 'continue', 'sub-route-map', 'set'],
  bgp: rows(`
    bgp asn
    router-id
    update
    bgp default
    timers
    distance
    graceful-restart
    graceful-restart-helper
    bgp
    maximum-paths
    bgp bestpath|listen
    neighbor
    aggregate-address
    network
    redistribute
    vlan *
    vlan-aware-bundle
    vpws
    address-family
    vrf
  `),
  'bgp-vrf': rows(`
    rd
    route-target
    router-id
    update
    timers
    bgp
    maximum-paths
    neighbor
    aggregate-address
    network
    redistribute
    address-family
  `),
  'bgp-family': ['bgp', 'neighbor', 'network', 'redistribute'],
  'bgp-vlan': ['rd', 'route-target', 'redistribute', 'vlan'],
}

/** The EOS versions that print the root sections in one order: 0 is the newest. */
export type OrderFamily = number

interface Place {
  readonly pattern: CommandPattern
  readonly rank: number
}

type Order = ReadonlyMap<string, readonly Place[]>

function compileOrder(sections: readonly OrderedSection[]): Order {
  const order = new Map<string, Place[]>()
  sections.forEach((section, place) => {
    for (const [at, source] of (typeof section === 'string' ? [section] : section).entries()) {
      const rank = place + at / 100
      for (const pattern of compilePattern(source)) {
        for (const word of pattern.words[0]?.words ?? []) {
          const places = [...(order.get(word) ?? []), { pattern, rank }]
          order.set(
            word,
            places.sort((a, b) => b.pattern.weight - a.pattern.weight),
          )
        }
      }
    }
  })
  return order
}

const roots = rootOrders.map(({ sections }) => compileOrder(sections))
const inModes = new Map(Object.entries(modeOrders).map(([mode, sections]) => [mode, compileOrder(sections)]))

/** The family of an EOS version such as `4.28.3M`; the newest for a version that is not known. */
export function orderFamily(version: string | undefined): OrderFamily {
  const here = /(\d+)\.(\d+)(?:\.(\d+))?/
    .exec(version ?? '')
    ?.slice(1)
    .map(Number)
  if (here === undefined) return 0
  return rootOrders.findLastIndex(({ until }) => until === undefined || isBefore(here, until))
}

function isBefore(here: readonly number[], until: readonly number[]) {
  const at = until.findIndex((number, index) => (here[index] || 0) !== number)
  return at >= 0 && (here[at] || 0) < (until[at] ?? 0)
}

/** The section of a mode in which a command stands, undefined where the order table does not name it. */
export function rankOf(mode: string, line: string, family: OrderFamily): number | undefined {
  const order = mode === 'root' ? roots[family] : inModes.get(mode)
  if (!order) return undefined
  const words = wordsOf(positive(line))
  return order.get(words[0] ?? '')?.find(({ pattern }) => matchPattern(pattern, words))?.rank
}

/** Compares two commands of one section where EOS sorts it: interfaces, VLANs, numbered entries; 0 where it does not. */
export function compareInSection(mode: string, a: string, b: string): number {
  if (a.startsWith('interface ') && b.startsWith('interface ')) return compareInterfaces(a.slice(10), b.slice(10))
  if (/^vlan \d/.test(a) && /^vlan \d/.test(b)) return Number.parseInt(a.slice(5), 10) - Number.parseInt(b.slice(5), 10)
  if (a.startsWith('vxlan vlan ') && b.startsWith('vxlan vlan ')) {
    return Number.parseInt(a.slice(11), 10) - Number.parseInt(b.slice(11), 10)
  }
  if (!tableOf(mode).numbered || (mode === 'root' && !a.includes(' prefix-list '))) return 0
  const [entryA, entryB] = [meaningOf(mode, a).entry, meaningOf(mode, b).entry]
  if (entryA?.number === undefined || entryB?.number === undefined || entryA.head !== entryB.head) return 0
  return entryA.number - entryB.number
}

function shareWords(left: string, right: string, count: number) {
  const [a, b] = [positive(left), positive(right)]
  let at = 0
  let words = 0
  while (words < count) {
    const ends = at >= a.length || a[at] === ' '
    if (ends && (at >= b.length || b[at] === ' ')) words++
    else if (ends || a[at] !== b[at]) return false
    at++
  }
  return true
}

// The last line of a configuration, before which everything new stands.
const END = 'end'

/** Whether a line is a comment of its mode: EOS prints them first, as `!! text` (docs/eos.md 4.2). */
export function isComment(line: string): boolean {
  return line.startsWith('!!') || line === 'comment'
}

/** The place among its future siblings where a new command goes: its index. */
export function placeOf(parent: Draft, line: string, opens: boolean, family: OrderFamily): number {
  const siblings = parent.children
  if (isComment(line)) return siblings.filter((sibling) => isComment(sibling.line)).length
  const own = parent.printed?.placeOf(line)
  const rank = rankOf(parent.mode, line, family)
  if (own !== undefined) return placeAsPrinted(parent, own, rank, family)
  const last = siblings.at(-1)?.line === END && parent.mode === 'root' ? siblings.length - 1 : siblings.length
  if (rank !== undefined) return placeByRank(parent, line, rank, last, family)
  return placeByWords(parent, line, opens, last)
}

const likes = new WeakMap<PrintedBlock, Map<number, number>>()

function placeOfLike({ mode, printed }: Draft, rank: number, family: OrderFamily) {
  if (printed === undefined) return undefined
  let places = likes.get(printed)
  if (places === undefined) {
    places = new Map()
    for (const [at, { line }] of printed.nodes.entries()) {
      const other = rankOf(mode, line, family)
      if (other !== undefined && !places.has(other)) places.set(other, at)
    }
    likes.set(printed, places)
  }
  return places.get(rank)
}

function placeAsPrinted(
  { children, printed, mode }: Draft,
  own: number,
  rank: number | undefined,
  family: OrderFamily,
) {
  const isEarlier = (sibling: Draft | undefined) =>
    sibling !== undefined &&
    printed?.placeOf(sibling.line) === undefined &&
    (rankIn(mode, sibling, family) ?? Number.POSITIVE_INFINITY) <= (rank ?? -1)
  let first = children.length
  for (let at = children.length - 1; at >= 0; at--) {
    const other = printed?.placeOf(children[at]?.line ?? '')
    if (other === undefined) continue
    if (other >= own) {
      first = at
      continue
    }
    let behind = at + 1
    while (isEarlier(children[behind])) behind++
    return behind
  }
  return first
}

function placeByRank(parent: Draft, line: string, rank: number, last: number, family: OrderFamily): number {
  const siblings = parent.children
  const around: Neighbours = { before: undefined, after: undefined }
  for (let at = last - 1; at >= 0; at--) {
    const other = rankIn(parent.mode, siblings[at], family)
    if (other === rank) return placeInSection(parent, line, at, family)
    if (other !== undefined) noteNeighbour(around, other, at, rank)
  }
  const like = placeOfLike(parent, rank, family)
  if (like !== undefined) return placeAsPrinted(parent, like, rank, family)
  if (!around.before) return around.after?.at ?? last
  let at = around.before.at + 1
  while (at < last && rankIn(parent.mode, siblings[at], family) === undefined) at++
  return at
}

interface Neighbours {
  before: { readonly rank: number; readonly at: number } | undefined
  after: { readonly rank: number; readonly at: number } | undefined
}

function noteNeighbour(around: Neighbours, other: number, at: number, rank: number) {
  if (other < rank) {
    if (!around.before || other > around.before.rank) around.before = { rank: other, at }
  } else if (!around.after || other <= around.after.rank) {
    around.after = { rank: other, at }
  }
}

const ranks = new WeakMap<Draft, { line: string; family: OrderFamily; rank: number | undefined }>()

function rankIn(mode: string, sibling: Draft | undefined, family: OrderFamily) {
  if (!sibling) return undefined
  const known = ranks.get(sibling)
  if (known && known.line === sibling.line && known.family === family) return known.rank
  const rank = rankOf(mode, sibling.line, family)
  ranks.set(sibling, { line: sibling.line, family, rank })
  return rank
}

function placeInSection(parent: Draft, line: string, last: number, family: OrderFamily) {
  const siblings = parent.children
  const rank = rankIn(parent.mode, siblings[last], family)
  const most = parent.mostSharedWords(line)
  let before: number | undefined
  for (let at = last; at >= 0; at--) {
    const sibling = siblings[at]
    if (!sibling || rankIn(parent.mode, sibling, family) !== rank) break
    const order = compareInSection(parent.mode, sibling.line, line)
    if (order < 0) return at + 1
    if (order > 0) before = at
    else if (before === undefined && (most < 2 || shareWords(sibling.line, line, most))) return at + 1
  }
  return before ?? last + 1
}

function placeByWords(parent: Draft, line: string, opens: boolean, last: number) {
  const near = nearestByWords(parent, line, last)
  if (near !== undefined) return near
  if (opens || parent.mode === 'root' || isUntabled(parent.mode)) return last
  const firstBlock = parent.children.findIndex((sibling) => sibling.opens)
  return firstBlock === -1 ? last : firstBlock
}

function nearestByWords(parent: Draft, line: string, last: number) {
  if (meaningOf(parent.mode, line).entry) return placeOfEntry(parent, line, last)
  const most = parent.mostSharedWords(line)
  if (most === 0) return undefined
  const near = parent.children.findLastIndex((sibling, at) => at < last && shareWords(sibling.line, line, most))
  return near === -1 ? undefined : near + 1
}

function placeOfEntry(parent: Draft, line: string, last: number) {
  let before: number | undefined
  for (let at = last - 1; at >= 0; at--) {
    const order = compareInSection(parent.mode, parent.children[at]?.line ?? '', line)
    if (order < 0) return at + 1
    if (order > 0) before = at
  }
  return before
}

/** Whether a command stands at the root of a section of its own, or a block: there `!` goes between (docs/eos.md 4.1). */
export function needsSeparator(parent: Draft, before: Draft | undefined, after: Draft, family: OrderFamily): boolean {
  if (!before) return false
  if (parent.mode !== 'root' || parent.line !== '') return before.opens || after.opens
  if (before.opens || after.opens || before.body || after.body) return true
  const [left, right] = [rankIn('root', before, family), rankIn('root', after, family)]
  if (left !== undefined && right !== undefined) return Math.floor(left) !== Math.floor(right)
  if (left !== undefined || right !== undefined) return true
  return !shareWords(before.line, after.line, 1)
}

/** Inserts a new command where it belongs, with the `!` and the indentation that its neighbours have. */
export function placeDraft(parent: Draft, child: Draft, depth: number, family: OrderFamily): void {
  const at = placeOf(parent, child.line, child.opens, family)
  const siblings = parent.children
  const before = siblings[at - 1]
  const after = siblings[at]
  const neighbour = before ?? after
  child.indent = neighbour?.indent ?? (neighbour ? undefined : childIndent(parent, depth))
  const separator = `${' '.repeat(child.indent ?? 3 * depth)}!`
  if (!before && after) {
    child.lead = after.lead
    after.lead = needsSeparator(parent, child, after, family) ? [separator] : []
  } else if (needsSeparator(parent, before, child, family)) {
    child.lead = [separator]
    if (after && isSeparator(after.lead) && !needsSeparator(parent, child, after, family)) after.lead = []
  }
  parent.insert(child, at)
}

function childIndent(parent: Draft, depth: number) {
  return parent.indent === undefined ? undefined : parent.indent + (depth > 1 ? 3 : 3 * depth)
}

/** Removes a command, and keeps the header of the file and the `!` between those that become neighbours. */
export function removeDraft(parent: Draft, child: Draft, family: OrderFamily): void {
  const siblings = parent.children
  const at = siblings.indexOf(child)
  const before = siblings[at - 1]
  const after = siblings[at + 1]
  const inherits = parent.mode === 'root' && isSeparator(child.lead)
  if (after && !before) after.lead = child.lead
  else if (after && inherits && after.lead.length === 0 && needsSeparator(parent, before, after, family)) {
    after.lead = child.lead
  } else if (!after && !before && parent.mode === 'root') parent.tail = [...child.lead, ...parent.tail]
  parent.remove(child)
}

function isSeparator(lead: readonly string[]) {
  return lead.length === 1 && lead[0]?.trim() === '!'
}
