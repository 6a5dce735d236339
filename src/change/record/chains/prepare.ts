import { Map as ImmutableMap } from 'immutable'
import { EosflowError } from '../../../model/error.ts'
import type { EventBody, JournalEvent } from '../event/event.ts'
import { foundByEvent, NOT_IN_REGISTER, usesIn } from '../event/event-uses.ts'
import { recordAt } from '../event/record-text.ts'
import { hexOf, linkGenesis, linkHash, REGISTER_CHAIN } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import { freezesAmong, requireNotFrozen } from '../store/freeze.ts'
import {
  abandonedIn,
  besideIn,
  givenBackIn,
  isLiveAt,
  type Lease,
  type LeaseRequest,
  leasedAct,
  leasedActs,
  quarantined,
  TOKENS_BEYOND,
  takeLease,
  takesOver,
} from '../store/lease.ts'
import type { AppendRequest, ExecutionRow, HeadRow } from './append-request.ts'
import type { Columns } from './chain-rows.ts'
import { registerText, type SealedHead } from './seal.ts'

export interface LastSeen extends KnownLeases {
  readonly executions: ReadonlyMap<string, ExecutionRow>
  readonly freezes: { readonly version: number; readonly records: readonly JournalEvent[] }
  readonly isUnderWay: (execution: string) => boolean
}

export interface AppendTerms {
  readonly origin: string
  readonly quarantineSeconds: number
}

export interface NewRow {
  readonly n: number
  readonly covers: readonly number[]
  readonly prev: string
  readonly hash: string
  readonly body: string
  readonly mirror?: 'begun' | 'ended'
  readonly execution?: string
  /** Which record of the request a mirror is of, from 1 on. */
  readonly of?: number
}

type Point = Pick<HeadRow, 'n' | 'hash'>

export interface PreparedAppend {
  /** Of its execution: what they follow, and the head that they lead to. */
  readonly rows: readonly NewRow[]
  readonly base: Point | undefined
  readonly head: SealedHead | undefined
  readonly registerRows: readonly NewRow[]
  /** The register after this request, not sealed yet, which the next one of the group goes on from. */
  readonly register: HeadRow
  readonly leases: ReadonlyMap<string, Lease>
  readonly tokens: TakenTokens
}

/** Throws what the rules of the journal throw, each refused alone. */
export function prepare(
  request: AppendRequest,
  register: HeadRow,
  known: LastSeen,
  { origin, quarantineSeconds }: AppendTerms,
): PreparedAppend {
  const { execution, events, at } = request
  requireNoneTwice(events)
  if (execution !== undefined)
    requireNotFrozen(
      events,
      () => freezesAmong(known.freezes.records, at),
      () => known.isUnderWay(execution),
    )
  const { leases, tokens } = leasesAfter(request, known, quarantineSeconds)
  const own = execution === undefined ? NO_EXECUTION : executionPart(request, execution, known, origin)
  const registerRows = registerRowsOf(request, own, register)
  const { n, hash } = registerRows.at(-1) ?? register
  const after = registerRows.length === 0 ? register : { n, hash, seal: '', uncovered: [] }
  return { ...own, registerRows, register: after, leases, tokens }
}

function requireNoneTwice(events: readonly JournalEvent[]) {
  const keys = new Set<string>()
  for (const { key, refusal } of events.flatMap(usesIn)) {
    if (keys.has(key)) throw refusal()
    keys.add(key)
  }
}

type ExecutionPart = Pick<PreparedAppend, 'rows' | 'base' | 'head'>

const NO_EXECUTION: ExecutionPart = { rows: [], base: undefined, head: undefined }

function executionPart(
  { events, drafts }: AppendRequest,
  execution: string,
  { executions }: LastSeen,
  origin: string,
): ExecutionPart {
  const present = executions.get(execution)
  const base = present ?? { ...hexPoint(origin, execution), uncovered: [] }
  const rows = linked(
    base,
    drafts.map((draft, index) => recordAt(draft, base.n + 1 + index)),
  )
  const { n, hash } = rows.at(-1) ?? base
  let [isOpen, hasActed] = [present?.isOpen ?? true, present?.hasActed ?? false]
  for (const event of events) {
    isOpen = event.type === 'ExecutionEnded' ? false : isOpen || event.type === 'ExecutionRedriven'
    hasActed ||= leasedAct(event) !== undefined
  }
  return { rows, base: { n: base.n, hash: base.hash }, head: { n, hash, isOpen, hasActed } }
}

function hexPoint(origin: string, chain: string): Point {
  const { n, hash } = linkGenesis(origin, chain)
  return { n, hash: hexOf(hash) }
}

export function emptyRegister(origin: string, keys: StoreKeys): HeadRow {
  const point = hexPoint(origin, REGISTER_CHAIN)
  return { ...point, seal: keys.seal(registerText(origin, point)), uncovered: [] }
}

function linked(base: Point & Pick<HeadRow, 'uncovered'>, bodies: readonly string[]): readonly NewRow[] {
  let { n, hash: prev } = base
  let covers = base.uncovered
  return bodies.map((body) => {
    n += 1
    const hash = hexOf(linkHash({ n, prev: Buffer.from(prev, 'hex'), covers, body }))
    const row = { n, covers, prev, hash, body }
    prev = hash
    covers = []
    return row
  })
}

function registerRowsOf(
  { execution, drafts, events, at }: AppendRequest,
  { rows: written, base }: ExecutionPart,
  register: HeadRow,
): readonly NewRow[] {
  if (execution === undefined)
    return linked(
      register,
      drafts.map((draft, index) => recordAt(draft, register.n + 1 + index)),
    )
  const mirrored = events.flatMap((event, index) => [
    ...(base?.n === 0 && index === 0 ? [{ mirror: 'begun', index } as const] : []),
    ...(event.type === 'ExecutionEnded' ? [{ mirror: 'ended', index } as const] : []),
  ])
  const bodies = mirrored.map(({ mirror, index }, place) => {
    const row = written[index]
    if (row === undefined) throw new EosflowError('bug', `no row of ${execution} to mirror`)
    const { hash, n } = row
    return JSON.stringify({ at, execution, hash, mirror, n, seq: register.n + 1 + place, v: 1 })
  })
  return linked(register, bodies).map((row, place) => {
    const { mirror = 'begun', index = 0 } = mirrored[place] ?? {}
    return { ...row, mirror, execution, of: index + 1 }
  })
}

interface PlacedRow extends NewRow {
  readonly pos: number
  readonly columns: Required<Columns>
  readonly token?: string | undefined
}

interface KnownOfAll {
  readonly newest: number
  readonly clockSince: number
  // The newest of them, ISO 8601 in UTC.
  readonly latest: string | null
}

export interface PlacedAppend extends KnownOfAll {
  readonly rows: readonly PlacedRow[]
  readonly registerRows: readonly PlacedRow[]
  readonly register: HeadRow
  readonly execution: Omit<ExecutionRow, 'seal'> | undefined
}

/** Gives the rows of a request the positions behind the newest one: of a store in which nobody else writes meanwhile. `present`: its execution before it. */
export function placedBehind(
  { events, at }: AppendRequest,
  prepared: PreparedAppend,
  present: ExecutionRow | undefined,
  before: KnownOfAll,
): PlacedAppend {
  const rows = prepared.rows.map((row, index): PlacedRow => {
    const event = events[index] as JournalEvent
    const token = event.type === 'TaskSubmitted' ? event.token : undefined
    return { ...row, pos: before.newest + 1 + index, columns: foundByEvent(event), token }
  })
  // A mirror has the position of what it mirrors.
  const registerRows = prepared.registerRows.map((row, index): PlacedRow => {
    const mirrored = row.mirror === undefined ? undefined : rows[(row.of ?? 1) - 1]?.pos
    const found = row.mirror === undefined ? foundByEvent(events[index] as JournalEvent) : NOTHING
    return { ...row, pos: mirrored ?? before.newest + 1 + index, columns: { ...found, at } }
  })
  const [places, register] = [positionsOf(rows), positionsOf(registerRows)]
  const isReset = events.some(({ type }) => type === 'ClockAccepted')
  return {
    rows,
    registerRows,
    register: register.length === 0 ? prepared.register : { ...prepared.register, uncovered: register },
    execution: prepared.head && executionAfter(events, prepared.head, present, places),
    newest: Math.max(before.newest, ...places.slice(-1), ...register.slice(-1)),
    clockSince: isReset ? (register[0] ?? before.clockSince) : before.clockSince,
    latest: isReset || before.latest === null || before.latest < at ? at : before.latest,
  }
}

export function positionsOf(rows: readonly PlacedRow[]): readonly number[] {
  return rows.map(({ pos }) => pos)
}

function executionAfter(
  events: readonly JournalEvent[],
  { n, hash, isOpen, hasActed }: SealedHead,
  present: ExecutionRow | undefined,
  places: readonly number[],
): Omit<ExecutionRow, 'seal'> {
  // Whoever writes the first record owns the execution by that.
  const takes = events.filter((event, index) => takesOver(event) && (present !== undefined || index > 0)).length
  const first = present?.first ?? places[0] ?? 0
  const token = (present?.token ?? 1) + takes
  return { n, hash, isOpen, hasActed, first, last: places.at(-1) ?? 0, token, uncovered: places, worker: null }
}

const NOTHING = { type: null, plan: null, ...NOT_IN_REGISTER } as const

export type TakenTokens = ImmutableMap<string, number>

// The lease of a share beside those that are taken: another object, so that a store compares it with what it has, and the same. Throws `busy`
// where it has changed hands or is free: who takes a share of a higher number then may count too few.
function stillHeld(
  present: Lease | undefined,
  holder: string,
  { share, at }: { readonly share: string; readonly at: string },
): Lease {
  if (present?.execution === holder && isLiveAt(present, at)) return { ...present }
  throw new EosflowError('busy', `${share} is not held by ${holder} any more: nothing was taken`, { device: share })
}

function change(
  leases: Map<string, Lease>,
  event: EventBody,
  { execution, at, quarantineSeconds }: Omit<LeaseRequest, 'device' | 'seconds'>,
) {
  const freed = (lease: Lease): Lease => ({ ...lease, until: null })
  if (event.type === 'ExecutionEnded') each(leases, execution, freed)
  each(leases, execution, freed, givenBackIn(event))
  if (takesOver(event)) each(leases, execution, (lease) => ({ ...lease, token: lease.token + 1 }))
  each(leases, execution, (lease) => quarantined(lease, at, quarantineSeconds), abandonedIn(event))
}

function changeOutside(leases: Map<string, Lease>, event: EventBody) {
  if (event.type === 'StoreRestored')
    for (const [device, { quarantine: _, ...lease }] of leases)
      leases.set(device, { ...lease, token: lease.token + TOKENS_BEYOND, until: null })
  if (event.type !== 'DeviceReleased') return
  const lease = leases.get(event.device)
  // Another execution may have been taken over since somebody looked: its quarantine is not the one that is meant.
  if (lease?.execution !== event.released) return
  const { quarantine: _, ...left } = lease
  leases.set(event.device, left)
}

const keyOf = (execution: string, device: string) => `${execution} ${device}`

function each(
  leases: Map<string, Lease>,
  execution: string,
  change: (lease: Lease) => Lease,
  among: Iterable<string> = leases.keys(),
) {
  for (const device of among) {
    const lease = leases.get(device)
    if (lease?.execution === execution) leases.set(device, change(lease))
  }
}

interface KnownLeases {
  readonly leases: ReadonlyMap<string, Lease>
  readonly over: ReadonlySet<string>
  readonly tokens: ReadonlyMap<string, TakenTokens>
}

interface LeasesAfter {
  readonly leases: ReadonlyMap<string, Lease>
  readonly tokens: TakenTokens
}

// Throws `busy`: what one of the events may not have, none takes.
function leasesAfter(
  { execution, events, leaseAt: at }: AppendRequest,
  known: KnownLeases,
  quarantineSeconds: number,
): LeasesAfter {
  let tokens = known.tokens.get(execution ?? '') ?? NO_TOKENS
  if (events.every(leavesLeases)) return { leases: NO_LEASES, tokens }
  const leases = new Map(relevantLeases(execution, events, known.leases))
  const isOver = (other: string) => known.over.has(other)
  for (const event of events) {
    if (execution === undefined) {
      changeOutside(leases, event)
      continue
    }
    const terms = { execution, at, quarantineSeconds, isOver }
    change(leases, event, terms)
    // Also that of a switch which another execution has taken since: it is taken again.
    if (takesOver(event)) tokens = tokens.filterNot((_, key) => key.startsWith(keyOf(execution, '')))
    for (const { share, execution: holder } of besideIn(event))
      leases.set(share, stillHeld(leases.get(share), holder, { share, at }))
    for (const act of leasedActs(event)) {
      const key = keyOf(execution, act.device)
      const lease = takeLease(leases.get(act.device), tokens.get(key), { ...terms, ...act })
      leases.set(act.device, lease)
      tokens = tokens.set(key, lease.token)
    }
  }
  return { leases: new Map([...leases].filter(([device, lease]) => known.leases.get(device) !== lease)), tokens }
}

const NO_TOKENS: TakenTokens = ImmutableMap()
const NO_LEASES: ReadonlyMap<string, Lease> = new Map()

function leavesLeases(event: JournalEvent) {
  const isOfAll = event.type === 'StoreRestored' || event.type === 'ExecutionEnded' || takesOver(event)
  return !isOfAll && leasedDevices(event).length === 0
}

function relevantLeases(
  execution: string | undefined,
  events: readonly JournalEvent[],
  leases: ReadonlyMap<string, Lease>,
): Iterable<[string, Lease]> {
  if (events.some(({ type }) => type === 'StoreRestored')) return leases
  const devices = new Set(events.flatMap(leasedDevices))
  const isAll = events.some((event) => event.type === 'ExecutionEnded' || takesOver(event))
  // A store may know thousands: no list is made of all.
  if (isAll) for (const lease of leases.values()) if (lease.execution === execution) devices.add(lease.device)
  return [...devices].flatMap((device) => leases.get(device) ?? []).map((lease) => [lease.device, lease])
}

export function leasedDevices(event: JournalEvent): readonly string[] {
  const taken = [...leasedActs(event).map(({ device }) => device), ...besideIn(event).map(({ share }) => share)]
  const released = event.type === 'DeviceReleased' ? [event.device] : []
  return [...taken, ...abandonedIn(event), ...givenBackIn(event), ...released]
}
