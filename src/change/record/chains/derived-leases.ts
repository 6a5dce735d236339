import type { JournalEvent } from '../event/event.ts'
import type { ChainFault } from '../seal/chain.ts'
import {
  abandonedIn,
  givenBackIn,
  LEASE_ALTERING,
  LEASE_SECONDS,
  type LeasedAct,
  LONGEST_QUARANTINE,
  leasedActs,
  TOKENS_BEYOND,
  takesOver,
} from '../store/lease.ts'
import type { LeaseRow } from './append-basis.ts'

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
