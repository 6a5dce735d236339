import { z } from 'zod'
import type { Command } from '../../../model/command.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import { once } from '../../../model/once.ts'
import type { Reply } from '../../device/device.ts'
import { isRecordOf, isTextOrNone } from '../answer/plain-shape.ts'
import { type OutputOf, partly, recordOf } from '../answer/show.ts'
import type { StateChange, Tolerances } from '../finding/compare.ts'

const GLOB = /[*?]/

/**
 * Whether an item of an expectation names a change: by its subject (`140`, `10.0.0.1`), by its subject and VRF (`10.0.0.1 in
 * PROD`), with the attribute as well (`Ethernet3 link`, `10.0.0.1 state in PROD`), or by the whole line that tells it. `*`
 * stands for any text, `?` for one character.
 */
export function names(item: string, { subject, vrf, attribute, text }: StateChange): boolean {
  const named = attribute === undefined ? [subject] : [subject, `${subject} ${attribute}`]
  const places = vrf === undefined ? named : [...named, ...named.map((one) => `${one} in ${vrf}`)]
  const forms = [...places, text]
  if (!GLOB.test(item)) return forms.includes(item)
  return forms.some((form) => fits(item, form))
}

function fits(glob: string, text: string) {
  let at = 0
  let star = -1
  let from = 0
  let to = 0
  while (to < text.length) {
    if (glob[at] === '?' || (glob[at] !== '*' && glob[at] === text[to])) {
      at += 1
      to += 1
    } else if (glob[at] === '*') {
      star = at
      at += 1
      from = to
    } else if (star >= 0) {
      at = star + 1
      from += 1
      to = from
    } else return false
  }
  return /^\**$/.test(glob.slice(at))
}

const One = z.union([z.string().min(1).max(200), z.int()])

const MOST = 4096

const Items = z
  .union([One, z.array(z.union([One, z.array(One)])).max(MOST)], {
    error: 'expected a name or number, or a list of them, such as [140, 141]',
  })
  .transform((written) => [written].flat(2).map(String))

const Move = z
  .string()
  .regex(/^\d{1,9}(?:\.\d{1,6})?(?:\s?(?:%|dB))?$/, 'expected a number, a percentage such as 2%, or 1 dB')

const Tolerated = z.union([z.number().min(0), Move])

const Tolerating = z.union([Tolerated, z.record(z.string().min(1), Tolerated)])

export const AreaExpectation = z.strictObject({
  added: Items.optional().describe('What must be there that was not.'),
  removed: Items.optional().describe('What must not be there that was.'),
  changed: Items.optional().describe('What must be there as before, and be another now.'),
  allowed: Items.optional().describe('What may come, go or change, and need not.'),
  tolerance: Tolerating.optional().describe('How far its quantities may move: `2%`, `1 dB`, 10, or each by its name.'),
})

export type AreaExpectation = z.output<typeof AreaExpectation>

export const DEMANDS = ['added', 'removed', 'changed'] as const

export function tolerancesOf({ tolerance }: AreaExpectation, known: Tolerances): Tolerances {
  if (tolerance === undefined) return {}
  if (typeof tolerance === 'object') return mapped(Object.entries(tolerance))
  return mapped(Object.keys(known).map((attribute) => [attribute, tolerance] as const))
}

function mapped(entries: readonly (readonly [string, number | string])[]): Tolerances {
  return Object.fromEntries(
    entries.map(([attribute, written]) => {
      const amount = Number.parseFloat(String(written))
      return [attribute, String(written).endsWith('%') ? { percent: amount } : { by: amount }]
    }),
  )
}

const moment = z.number()

// `show ip bgp summary vrf all`: when the session came to its state, seconds since the epoch (docs/eos.md 6.2).
const bgpSummary = once(() =>
  z.object({
    vrfs: recordOf({
      peers: recordOf({ peerState: z.string(), upDownTime: moment.optional() }),
    }),
  }),
)

// `show interfaces`: since when the link is as it is, seconds since the epoch (docs/eos.md 6.2).
const interfaces = once(() =>
  z.object({
    interfaces: recordOf(partly({ interfaceStatus: z.string(), lastStatusChangeTimestamp: moment })),
  }),
)

// `show bfd peers`: `lastUp` of every session that is up, seconds since the epoch.
const bfdPeers = once(() =>
  z.object({
    vrfs: recordOf({
      ipv4Neighbors: recordOf(
        partly({
          peerStats: recordOf({ status: z.string(), lastUp: moment.optional() }),
        }),
      ).optional(),
    }),
  }),
)

/** Whether something is up, and since when it is as it is: seconds by the clock of the switch, where that tells. */
export interface LinkState {
  readonly isUp: boolean
  readonly since?: number | undefined
}

// `show ip ospf neighbor`: whether an adjacency is full; since when is not read.
const ospfNeighbors = once(() =>
  z.object({
    vrfs: recordOf({
      instList: recordOf({
        ospfNeighborEntries: z.array(
          z.object({ routerId: z.string(), interfaceName: z.string(), adjacencyState: z.string() }),
        ),
      }),
    }),
  }),
)

// `show mlag`: whether it is active.
const mlag = once(() => z.object({ state: z.string() }))

interface Upright extends Pick<StateChange, 'subject' | 'vrf' | 'text'> {
  readonly area: string
  readonly attributes: readonly string[]
}

type Moments = readonly (readonly [thing: Upright, standing: LinkState])[]

function interfacesIn(json: unknown) {
  const told = isJsonObject(json as Json) ? (json as JsonObject).interfaces : undefined
  if (isRecordOf(told, isPlainInterface)) return told as OutputOf<typeof interfaces>['interfaces']
  return interfaces().safeParse(json).data?.interfaces
}

function isPlainInterface({ interfaceStatus, lastStatusChangeTimestamp: since }: JsonObject) {
  return isTextOrNone(interfaceStatus) && (since === undefined || Number.isFinite(since))
}

const readers: Readonly<Record<string, (json: unknown) => Moments>> = {
  'show ip bgp summary vrf all': (json) =>
    records(bgpSummary().safeParse(json).data?.vrfs).flatMap(([vrf, { peers }]) =>
      records(peers).map(([peer, { peerState, upDownTime }]) => [
        { area: 'bgp', subject: peer, vrf, attributes: ['state'], text: `BGP ${peer} in ${vrf}` },
        { isUp: peerState === 'Established', since: upDownTime },
      ]),
    ),
  'show interfaces': (json) =>
    records(interfacesIn(json)).map(([name, { interfaceStatus, lastStatusChangeTimestamp }]) => [
      { area: 'interfaces', subject: name, attributes: ['link', 'linkChanges'], text: `interface ${name}` },
      { isUp: interfaceStatus === 'connected', since: lastStatusChangeTimestamp },
    ]),
  'show bfd peers': (json) =>
    records(bfdPeers().safeParse(json).data?.vrfs).flatMap(([vrf, { ipv4Neighbors = {} }]) =>
      records(ipv4Neighbors).flatMap(([peer, { peerStats = {} }]) =>
        records(peerStats).map(([port, { status, lastUp }]) => [
          {
            area: 'bfd',
            subject: peer,
            vrf,
            attributes: ['status'],
            text: `BFD ${peer} in ${vrf}${port === '' ? '' : ` on ${port}`}`,
          },
          { isUp: status === 'up', since: status === 'up' ? lastUp : undefined },
        ]),
      ),
    ),
  'show ip ospf neighbor': (json) =>
    records(ospfNeighbors().safeParse(json).data?.vrfs).flatMap(([vrf, { instList }]) =>
      records(instList).flatMap(([, { ospfNeighborEntries }]) =>
        ospfNeighborEntries.map(({ routerId, interfaceName, adjacencyState }) => {
          const subject = `${routerId} on ${interfaceName}`
          const thing = { area: 'ospf', subject, vrf, attributes: ['state'], text: `OSPF ${subject} in ${vrf}` }
          return [thing, { isUp: adjacencyState === 'full' }] as const
        }),
      ),
    ),
  'show mlag': (json) => {
    const { data } = mlag().safeParse(json)
    if (data === undefined) return []
    const thing = { area: 'mlag', subject: 'mlag', attributes: ['state'], text: 'MLAG' }
    return [[thing, { isUp: data.state === 'active' }]]
  },
}

/** Since when everything that is up has been up, seconds by the switch's own clock, as far as these answers tell it. */
export function upSince(
  commands: readonly Command[],
  replies: readonly Reply[],
  allowed: Readonly<Record<string, readonly string[]>> = {},
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    momentsIn(commands, replies).flatMap(([thing, { isUp, since }]) =>
      !isUp || since === undefined || isNamed(allowed[thing.area] ?? [], thing) ? [] : [[thing.text, since] as const],
    ),
  )
}

/** Whether each session and port is up that these answers tell of, and since when. */
export function standings(
  commands: readonly Command[],
  replies: readonly Reply[],
): Readonly<Record<string, LinkState>> {
  return Object.fromEntries(momentsIn(commands, replies).map(([thing, standing]) => [thing.text, standing]))
}

function momentsIn(commands: readonly Command[], replies: readonly Reply[]): Moments {
  return commands.flatMap(({ cmd, format }, index) => {
    const reply = replies[index]
    const reader = format === undefined && Object.hasOwn(readers, cmd) ? readers[cmd] : undefined
    return reader === undefined || reply?.ok !== true ? [] : reader(reply.json)
  })
}

function isNamed(items: readonly string[], { attributes, ...thing }: Upright) {
  if (items.length === 0) return false
  const changes = attributes.map((attribute) => ({ ...thing, kind: 'changed', attribute }) as const)
  return items.some((item) => changes.some((change) => names(item, change)))
}

// Moments that differ by less, in seconds, are the same: some answers give the time that has passed, counted back from now.
const SAME = 2

export function flapped(
  before: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
): readonly string[] {
  return Object.entries(now).flatMap(([thing, since]) => {
    const was = Object.hasOwn(before, thing) ? before[thing] : undefined
    if (was === undefined || Math.abs(since - was) < SAME) return []
    return [`${thing} went down and came up again since the round before`]
  })
}

function records<T>(record: Readonly<Record<string, T>> | undefined): readonly (readonly [string, T])[] {
  return Object.entries(record ?? {})
}
