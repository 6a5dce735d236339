import { leftBefore } from '../../change/engine/around.ts'
import { type AroundEntry, type AroundRecord, deviceEnds, type ExecutionState } from '../../change/engine/state.ts'
import { foreignWords } from '../../change/plan/foreign-lines.ts'
import type { DiffLine, PlanContent, ShownPlan } from '../../change/plan/plan.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import type { BehindNeighbor, BehindPort, BehindSwitch, BehindVlan, BehindVrf } from '../../change/task/act/behind.ts'
import { type AroundSpec, isSilence, type SecretSpec, secretCalled } from '../../model/around.ts'
import { definedMembers } from '../../model/json.ts'
import { count, duration, hanging, parts, present, type Style, switches } from '../text/text.ts'
import { spokenNames, verb } from './spoken.ts'

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
  return content.devices.flatMap(({ name }): BehindLines[] => {
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
const said = (text: string) => text.replaceAll('"', "'").replace(/[\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff65]/g, '.')

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

const LONGEST_MATCHERS = 300

/** What a plan says is asked before its first push, and done around it, at other services; a sentence each. */
export function plannedAround({ around = [] }: ShownPlan['content']): string[] {
  return around.map(plannedWords)
}

function plannedWords(spec: AroundSpec) {
  switch (spec.around) {
    case 'silence': {
      const all = spec.matchers
        .map(
          ({ name, value, isRegex, isEqual }) => `${name}${OPERATORS[`${isEqual} ${isRegex}`]}${JSON.stringify(value)}`,
        )
        .join(', ')
      const shown = all.length > LONGEST_MATCHERS ? `${all.slice(0, LONGEST_MATCHERS)}…` : all
      return `Silenced in ${spec.service} from before the first push to the end, and for ${duration(spec.seconds)} at most: ${shown}`
    }
    case 'annotation': {
      const tags = spec.tags.length === 0 ? '' : `, with the tags ${spec.tags.join(', ')}`
      return `Marked in the graphs of ${spec.service}${tags}`
    }
    case 'ticket': {
      const must = Object.entries(spec.must).map(([field, values]) => `${field} ${values.join(' or ')}`)
      const close = Object.entries(spec.close ?? {}).map(([field, value]) => `${field} ${value}`)
      const then = close.length === 0 ? '' : `, and is set to ${close.join(', ')} where it has succeeded`
      return `Before the first push ${spec.ticket} in ${spec.service} must have ${must.join(' and ')}; it hears how the change ended${then}`
    }
    case 'secret':
      return `A new secret is pending in ${spec.service} for ${spec.path}#${spec.field}; it is current once every switch of the plan has it, and removed where all were put back`
    case 'journal':
      return `The journal of each switch in ${spec.service} hears how the change ended`
  }
}

const OPERATORS: Readonly<Record<string, string>> = {
  'true false': '=',
  'true true': '=~',
  'false false': '!=',
  'false true': '!~',
}

interface AroundTrouble {
  readonly name: string
  readonly id?: string
  readonly what: 'not begun' | 'not ended'
  readonly reason: string
}

export function aroundTroubles(execution: AroundRecord & Pick<ExecutionState, 'status'>): readonly AroundTrouble[] {
  const { around, status } = execution
  if (status !== 'ended') return []
  const now = around?.names.flatMap((name, entry) => troublesOf(name, around.entries[entry] ?? {})) ?? []
  return [...leftBefore(execution).map((one) => ({ ...one, what: 'not ended' }) as const), ...now]
}

function troublesOf(name: string, { begin, beginSaid, end, said, id }: AroundEntry): readonly AroundTrouble[] {
  const left = id === undefined ? {} : { id }
  // What nobody could find by its mark later had not begun, as far as anybody knows.
  const isNotBegun = begin === 'failed' || (begin === 'unknown' && id === undefined && end === 'done')
  return [
    ...(isNotBegun ? [{ name, what: 'not begun', reason: beginSaid ?? '' } as const] : []),
    ...(end === 'done' ? [] : [{ name, ...left, what: 'not ended', reason: said ?? 'nobody has done it' } as const]),
  ]
}

export function aroundSentences(execution: AroundRecord & Pick<ExecutionState, 'status'>): readonly string[] {
  return aroundTroubles(execution).map(({ name, id, what, reason }) => {
    if (what === 'not begun') return `${name} could not be begun: ${reason}`
    const own = id === undefined ? '' : ` ${id}`
    const secret = secretCalled(name)
    if (secret !== undefined) return `left over: ${name}: ${reason}. ${secretMend(secret, id)}`
    return isSilence(name)
      ? `left over: ${name}${own} could not be ended: ${reason}. Expire it by hand; it ends by itself when its time is over`
      : `${name}${own} has not heard how the change ended: ${reason}`
  })
}

function secretMend({ path, field }: Pick<SecretSpec, 'path' | 'field'>, id = '') {
  const [mount = '', ...rest] = path.split('/data/')
  const [version = ''] = id.split('/')
  const which = version === '' ? '' : ` -version=${version}`
  const pending = `vault kv get -mount=${mount}${which} -field=secret ${rest.join('/data/')}.pending`
  return `The new one is pending (${pending}); once every switch has it: vault kv patch -mount=${mount} ${rest.join('/data/')} ${field}="$(${pending})". Where the switches have different ones, plan the same rotation again`
}

function aroundLines(execution: ExecutionState, style: Style): readonly string[] {
  return aroundSentences(execution).map((one) => style.warning(hanging(`! ${one}`)))
}

const MOST_NAMES = 12

export function streamWords({
  cloudVision: names = [],
}: Pick<ShownPlan['evidence'], 'cloudVision'>): readonly string[] {
  if (names.length === 0) return []
  const [stream, are, their] =
    names.length === 1 ? ['1 switch streams', 'it is', 'its'] : [`${names.length} switches stream`, 'they are', 'their']
  return [
    `${stream} to CloudVision: ${spokenNames(names, MOST_NAMES)}; where it manages ${their} configuration, ${are} out of compliance there after the change until ${are} reconciled`,
  ]
}

export function toReconcile(execution: ExecutionState, events: readonly JournalEvent[]): readonly string[] {
  if (execution.status !== 'ended') return []
  const streaming = new Set(events.flatMap(managedBy))
  const ends = deviceEnds(execution)
  return execution.targets.filter((name) => ends[name] === 'changed' && streaming.has(name))
}

function managedBy(event: JournalEvent) {
  if (event.type === 'PlanMade') return event.cloudVision ?? []
  return event.type === 'CloudVisionAsked' ? (event.known ?? []) : []
}

function reconcileWords(execution: ExecutionState, events: readonly JournalEvent[], style: Style) {
  const names = toReconcile(execution, events)
  if (names.length === 0) return []
  const is = verb(names.length, 'it is', 'they are')
  const them = verb(names.length, 'it runs', 'they run')
  const words = `! CloudVision will show ${spokenNames(names, MOST_NAMES)} out of compliance until ${is} reconciled there, unless it wants what ${them} now`
  return [style.warning(hanging(words))]
}

export function besideLines(
  execution: ExecutionState,
  events: readonly JournalEvent[],
  style: Style,
): readonly string[] {
  return [...aroundLines(execution, style), ...reconcileWords(execution, events, style)]
}

export function ownersLeft({ status, devices }: ExecutionState): Readonly<Record<string, readonly string[]>> {
  if (status !== 'ended') return {}
  const left = [...devices].flatMap(([name, { owners = [] }]) =>
    owners.length === 0 ? [] : [[name, owners.map(({ session }) => session)] as const],
  )
  return Object.fromEntries(left)
}

export function ownerSentences(execution: ExecutionState): readonly string[] {
  return Object.entries(ownersLeft(execution)).map(
    ([name, sessions]) =>
      `${name}: its owner session ${sessions.join(', ')} may still be open, which holds nothing of the change: eosflow sessions gc -t ${name}`,
  )
}

export function ownerWords(execution: ExecutionState, style: Style): readonly string[] {
  return ownerSentences(execution).map((one) => style.warning(hanging(`! ${one}`)))
}
