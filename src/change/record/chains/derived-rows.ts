import type { JsonObject } from '../../../model/json.ts'
import type { EventOf, JournalEvent } from '../event/event.ts'
import { foundBy, NOT_IN_REGISTER, usesIn } from '../event/event-uses.ts'
import { ofType } from '../event/of-type.ts'
import { eventIn, parseEvent } from '../event/parse-event.ts'
import { objectIn } from '../event/record-text.ts'
import type { ChainFault } from '../seal/chain.ts'
import { REGISTER_CHAIN } from '../seal/link.ts'
import {
  abandonedIn,
  givenBackIn,
  LEASE_ALTERING,
  LEASE_SECONDS,
  LEASE_TAKING,
  type LeasedAct,
  LONGEST_QUARANTINE,
  leasedAct,
  leasedActs,
  TOKENS_BEYOND,
  takesOver,
} from '../store/lease.ts'
import { namedTexts } from '../store/named-texts.ts'
import type { LeaseRow } from './append-request.ts'
import type { Columns, FoundChainRow } from './chain-rows.ts'
import type { SegmentRecord } from './retired-segments.ts'

export interface DerivedExecution {
  readonly first: number
  last: number
  isOpen: boolean
  hasActed: boolean
  hasLeased: boolean
  takes: number
}

export interface DerivedLease {
  readonly execution: string
  readonly pos: number
}

export type MissedRecord = EventOf<'RecordsMissed'>

export class DerivedRows {
  readonly executions = new Map<string, DerivedExecution>()
  /** What was used once, and the position of the record that used it. */
  readonly uses = new Map<string, { readonly execution: string | null; readonly pos: number }>()
  usedAgain: ChainFault | undefined
  readonly tokens = new Map<string, { readonly execution: string; readonly pos: number }>()
  readonly leases = new Map<string, DerivedLease>()
  readonly taken = new DerivedLeases()
  readonly segments: { readonly n: number; readonly record: SegmentRecord }[] = []
  readonly retired = new Map<string, number>()
  readonly texts = namedTexts()
  /** The position of the newest record by which a clock was accepted; 0 where there is none. */
  clockSince = 0
  missed: readonly MissedRecord[] = []

  take(found: FoundChainRow, said: JsonObject | undefined): ChainFault | undefined {
    const { chain, row, isMirror } = found
    if (said === undefined) return { seq: row.pos, reason: 'it is not a record' }
    const fault = rowFault(found, said)
    if (fault !== undefined) return { seq: row.pos, reason: fault }
    if (!isMirror) this.add(chain, row.pos, row.body, said)
    if (!isMirror && said.type === 'SegmentRetired') this.#retire(row)
    return undefined
  }

  #retire({ n, pos, body }: FoundChainRow['row']): void {
    for (const record of ofType('SegmentRetired', [{ ...parseEvent(body), seq: pos }])) {
      this.segments.push({ n, record })
      for (const execution of Object.keys(record.executions)) this.retired.set(execution, n)
    }
  }

  add(chain: string, pos: number, body: string, said = JSON.parse(body) as JsonObject): void {
    // The texts of an execution that has left the store are in its segment.
    if (!this.retired.has(chain)) this.texts.add(chain, pos, body, said)
    const type = String(said.type)
    const execution = chain === REGISTER_CHAIN ? null : chain
    if (execution !== null) this.#execution(execution, pos, type)
    else if (type === 'ClockAccepted') this.clockSince = Math.max(this.clockSince, pos)
    else if (type === 'StoreRestored') this.missed = []
    else if (type === 'RecordsMissed')
      this.missed = [...this.missed, ...ofType('RecordsMissed', [{ ...parseEvent(body), seq: pos }])]
    // The end of an execution that has had no lease gives none back.
    const isIdle = type === 'ExecutionEnded' && this.executions.get(chain)?.hasLeased === false
    if (HEEDED.has(type) && !isIdle) this.#heed(execution, pos, eventIn(said))
  }

  #use(key: string, by: { readonly execution: string | null; readonly pos: number }): void {
    const before = this.uses.get(key)
    if (before !== undefined)
      this.usedAgain ??= {
        seq: Math.max(before.pos, by.pos),
        reason: `it uses up "${key}", which another record has used up`,
      }
    this.uses.set(key, by)
  }

  #heed(execution: string | null, pos: number, event: JournalEvent): void {
    for (const { key } of usesIn(event)) this.#use(key, { execution, pos })
    this.taken.add(pos, execution, event)
    const found = execution === null ? undefined : this.executions.get(execution)
    if (execution === null || found === undefined) return
    if (event.type === 'TaskSubmitted' && !this.tokens.has(event.token))
      this.tokens.set(event.token, { execution, pos })
    // Whoever writes the first record owns the execution by that.
    if (takesOver(event) && pos !== found.first) found.takes += 1
    found.hasActed ||= leasedAct(event) !== undefined
    const acts = leasedActs(event)
    found.hasLeased ||= acts.length > 0
    for (const { device } of acts)
      if ((this.leases.get(device)?.pos ?? 0) < pos) this.leases.set(device, { execution, pos })
  }

  #execution(chain: string, pos: number, type: string): void {
    const known = this.executions.get(chain)
    if (known === undefined)
      this.executions.set(chain, {
        first: pos,
        last: pos,
        isOpen: type !== 'ExecutionEnded',
        hasActed: false,
        hasLeased: false,
        takes: 0,
      })
    else {
      known.last = pos
      known.isOpen = type === 'ExecutionEnded' ? false : known.isOpen || type === 'ExecutionRedriven'
    }
  }
}

const HEEDED: ReadonlySet<string> = new Set([
  ...LEASE_TAKING,
  ...LEASE_ALTERING,
  'ApprovalCarried',
  'ApprovalUsed',
  'ExecutionStarted',
  'ScheduleFired',
  'ScheduleMissed',
  'ScheduleSkipped',
  'TaskSubmitted',
  'WorkerDied',
])

/** What of a row is not what its body says; `said`: its body, parsed. */
export function rowFault(
  { chain, row, isMirror, mirror, execution, columns }: FoundChainRow,
  said: JsonObject,
): string | undefined {
  return (
    placeFault(said, chain, row.n) ??
    columnFault(said, chain, columns) ??
    (isMirror ? mirrorFault(said, { mirror, execution }) : strayFault(chain, execution))
  )
}

function placeFault(said: JsonObject, chain: string, n: number): string | undefined {
  const isOwn = chain === REGISTER_CHAIN || said.execution === chain
  return said.seq === n && isOwn ? undefined : 'its content says that it is another record'
}

export function foundIn(body: string): Pick<Required<Columns>, 'type' | 'plan'> {
  const { type, plan } = foundBy(objectIn(body) ?? {})
  return { type, plan }
}

function columnFault(said: JsonObject, chain: string, columns: Columns): string | undefined {
  const { at, type, plan, receiver, schedule, instant } = foundBy(said)
  const isAsSaid =
    (columns.at === undefined || columns.at === at) && (columns.type === undefined || columns.type === type)
  const own = chain === REGISTER_CHAIN ? { receiver, schedule, instant } : NOT_IN_REGISTER
  const isFound =
    columns.plan === plan &&
    columns.receiver === own.receiver &&
    columns.schedule === own.schedule &&
    columns.instant === own.instant
  return isAsSaid && isFound ? undefined : 'what it is found by is not what its content says'
}

function mirrorFault(
  said: JsonObject,
  { mirror, execution }: Pick<FoundChainRow, 'mirror' | 'execution'>,
): string | undefined {
  return said.mirror === mirror && said.execution === execution
    ? undefined
    : 'what it is found by is not what its content says'
}

function strayFault(chain: string, execution: string | null): string | undefined {
  return chain === REGISTER_CHAIN && execution !== null ? 'what it is found by is not what its content says' : undefined
}

interface LeaseRecord {
  readonly pos: number
  readonly execution: string | null
  // Milliseconds since the epoch.
  readonly at: number
  readonly type: JournalEvent['type']
  readonly acts: readonly LeasedAct[]
  readonly abandoned: readonly string[]
  readonly givenBack: readonly string[]
  readonly released?: { readonly device: string; readonly from: string }
}

interface PossibleLease {
  readonly execution: string
  readonly newest: number
  least: number
  most: number
  // The bounds of its end, in milliseconds since the epoch; undefined where it was given back.
  until: { least: number; most: number } | undefined
  // When the execution was taken over from a process that had left the switch; undefined where it was not, or the switch was released since.
  abandoned: number | undefined
}

// By how many milliseconds the clock of a lease may differ from that of the record which takes it: nothing is written by one that is 2 s off.
const OFFSET = 5_000
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

export class DerivedLeases {
  readonly #records: LeaseRecord[] = []
  readonly #newest = new Map<string | null, number>()
  // Where a record is before one that it follows, somebody has altered a position, which is found by others.
  #isInOrder = true

  add(pos: number, execution: string | null, event: JournalEvent): void {
    const acts = leasedActs(event)
    const { type } = event
    if (acts.length === 0 && !LEASE_ALTERING.has(type)) return
    this.#isInOrder &&= pos > (this.#newest.get(execution) ?? 0)
    this.#newest.set(execution, pos)
    this.#records.push({
      pos,
      execution,
      at: Date.parse(event.at),
      type,
      abandoned: abandonedIn(event),
      givenBack: givenBackIn(event),
      acts,
      ...(event.type === 'DeviceReleased' ? { released: { device: event.device, from: event.released } } : {}),
    })
  }

  /** `isWhole`: every execution that has ever taken a switch has its records here, so that it is known how often each was taken. */
  fault(rows: readonly LeaseRow[], isWhole: boolean): ChainFault | undefined {
    if (!this.#isInOrder) return undefined
    const leases = this.#possible()
    for (const row of rows) {
      const lease = leases.get(row.device)
      if (lease?.execution !== row.execution) continue
      const what = oddIn(row, isWhole ? lease : { ...lease, most: Number.POSITIVE_INFINITY })
      if (what !== undefined)
        return { seq: lease.newest, reason: `${what} of the lease of ${row.device} does not follow from its records` }
    }
    return undefined
  }

  #possible(): ReadonlyMap<string, PossibleLease> {
    const leases = new Map<string, PossibleLease>()
    const taken = new Map<string, Set<string>>()
    for (const record of this.#records.toSorted((one, other) => one.pos - other.pos)) {
      if (record.execution === null) outside(leases, record)
      else inside(leases, record, heldBy(taken, record.execution))
    }
    return leases
  }
}

function outside(leases: Map<string, PossibleLease>, { type, released }: LeaseRecord) {
  const left = released === undefined ? undefined : leases.get(released.device)
  if (left !== undefined && left.execution === released?.from) left.abandoned = undefined
  if (type !== 'StoreRestored') return
  for (const lease of leases.values()) {
    lease.least += TOKENS_BEYOND
    lease.most += TOKENS_BEYOND
    lease.until = undefined
    lease.abandoned = undefined
  }
}

function giveBack(lease: PossibleLease | undefined, execution: string) {
  if (lease?.execution === execution) lease.until = undefined
}

function passOn(lease: PossibleLease | undefined, execution: string) {
  if (lease?.execution !== execution) return
  lease.least += 1
  lease.most += 1
}

interface Holder {
  readonly execution: string
  readonly devices: Set<string>
}

function heldBy(taken: Map<string, Set<string>>, execution: string): Holder {
  const devices = taken.get(execution) ?? new Set()
  taken.set(execution, devices)
  return { execution, devices }
}

function inside(
  leases: Map<string, PossibleLease>,
  { type, at, abandoned, givenBack, acts, pos }: LeaseRecord,
  { execution, devices }: Holder,
) {
  for (const device of type === 'ExecutionEnded' ? devices : givenBack) giveBack(leases.get(device), execution)
  if (takesOver({ type })) for (const device of devices) passOn(leases.get(device), execution)
  for (const device of abandoned) {
    const lease = leases.get(device)
    if (lease?.execution === execution) lease.abandoned = at
  }
  for (const act of acts) {
    devices.add(act.device)
    const until = at + (act.seconds + LEASE_SECONDS) * 1000
    leases.set(act.device, { ...taken(leases.get(act.device), execution, until), newest: pos })
  }
}

function taken(before: PossibleLease | undefined, execution: string, until: number): Omit<PossibleLease, 'newest'> {
  const bounds = { least: until, most: until }
  if (before === undefined) return { execution, least: 1, most: 1, until: bounds, abandoned: undefined }
  if (before.execution !== execution)
    return { execution, least: before.least + 1, most: before.most + 1, until: bounds, abandoned: undefined }
  const most = Math.max(before.until?.most ?? until, until)
  return { ...before, most: before.most + 1, until: { least: until, most } }
}

function oddIn({ token, until, quarantine }: LeaseRow, lease: PossibleLease): string | undefined {
  if (token < lease.least || token > lease.most) return 'the token'
  if (!isBetween(until, lease.until && { least: lease.until.least - OFFSET, most: lease.until.most + OFFSET }))
    return 'the end'
  const { abandoned } = lease
  const barred =
    abandoned === undefined
      ? undefined
      : { least: abandoned - OFFSET, most: abandoned + LONGEST_QUARANTINE * 1000 + OFFSET }
  return isBetween(quarantine, barred) ? undefined : 'the quarantine'
}

function isBetween(at: string | null, bounds: { readonly least: number; readonly most: number } | undefined) {
  if (at === null || bounds === undefined) return at === null && bounds === undefined
  return TIME.test(at) && Date.parse(at) >= bounds.least && Date.parse(at) <= bounds.most
}
