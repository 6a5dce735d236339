import type { JsonObject } from '../../../model/json.ts'
import type { EventOf, JournalEvent } from '../event/event.ts'
import { foundBy, NOT_IN_REGISTER, usesIn } from '../event/event-uses.ts'
import { eventIn, ofType, parseEvent } from '../event/record-text.ts'
import { type ChainFault, REGISTER_CHAIN } from '../seal/chain.ts'
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
import type { FoundChainRow } from './chain-rows.ts'
import type { SegmentRecord } from './retired-segments.ts'

export interface DerivedExecution {
  readonly first: number
  last: number
  isOpen: boolean
  hasActed: boolean
  hasLeased: boolean
  takes: number
}

export type MissedRecord = EventOf<'RecordsMissed'>

interface ByRecord<Execution> {
  readonly execution: Execution
  readonly pos: number
}

export type DerivedRows = ReturnType<typeof derivedRows>

export function derivedRows() {
  const executions = new Map<string, DerivedExecution>()
  const uses = new Map<string, ByRecord<string | null>>()
  const tokens = new Map<string, ByRecord<string>>()
  const leases = new Map<string, ByRecord<string>>()
  const taken = derivedLeases()
  const segments: SegmentRecord[] = []
  const retired = new Map<string, number>()
  const texts = namedTexts()
  let usedAgain: ChainFault | undefined
  let clockSince = 0
  let missed: readonly MissedRecord[] = []

  const take = (found: FoundChainRow, said: JsonObject | undefined): ChainFault | undefined => {
    const { chain, row, isMirror } = found
    if (said === undefined) return { seq: row.pos, reason: 'it is not a record' }
    const fault = rowFault(found, said)
    if (fault !== undefined) return { seq: row.pos, reason: fault }
    if (!isMirror) add(chain, row, said)
    return undefined
  }

  const add = (chain: string, row: FoundChainRow['row'], said: JsonObject) => {
    const { pos, body } = row
    // The texts of an execution that has left the store are in its segment.
    if (!retired.has(chain)) texts.add(chain, pos, body, said)
    const type = String(said.type)
    const execution = chain === REGISTER_CHAIN ? null : chain
    if (execution === null) registered(type, row)
    else driven(execution, pos, type)
    // The end of an execution that has had no lease gives none back.
    const isIdle = type === 'ExecutionEnded' && executions.get(chain)?.hasLeased === false
    if (HEEDED.has(type) && !isIdle) heed(execution, pos, eventIn(said))
  }

  const registered = (type: string, { n, pos, body }: FoundChainRow['row']) => {
    const read = () => [{ ...parseEvent(body), seq: pos }]
    if (type === 'ClockAccepted') clockSince = Math.max(clockSince, pos)
    else if (type === 'StoreRestored') missed = []
    else if (type === 'RecordsMissed') missed = [...missed, ...ofType(type, read())]
    else if (type === 'SegmentRetired')
      for (const record of ofType(type, read())) {
        segments.push(record)
        for (const execution of Object.keys(record.executions)) retired.set(execution, n)
      }
  }

  const use = (key: string, by: ByRecord<string | null>) => {
    const before = uses.get(key)
    if (before !== undefined)
      usedAgain ??= {
        seq: Math.max(before.pos, by.pos),
        reason: `it uses up "${key}", which another record has used up`,
      }
    uses.set(key, by)
  }

  const heed = (execution: string | null, pos: number, event: JournalEvent) => {
    for (const { key } of usesIn(event)) use(key, { execution, pos })
    taken.add(pos, execution, event)
    const found = execution === null ? undefined : executions.get(execution)
    if (execution !== null && found !== undefined) heedDriven(found, { execution, pos }, event)
  }

  const heedDriven = (found: DerivedExecution, by: ByRecord<string>, event: JournalEvent) => {
    if (event.type === 'TaskSubmitted' && !tokens.has(event.token)) tokens.set(event.token, by)
    // Whoever writes the first record owns the execution by that.
    if (takesOver(event) && by.pos !== found.first) found.takes += 1
    found.hasActed ||= leasedAct(event) !== undefined
    const acts = leasedActs(event)
    found.hasLeased ||= acts.length > 0
    for (const { device } of acts) if ((leases.get(device)?.pos ?? 0) < by.pos) leases.set(device, by)
  }

  const driven = (chain: string, pos: number, type: string) => {
    const none = { first: pos, last: pos, isOpen: true, hasActed: false, hasLeased: false, takes: 0 }
    const known = executions.get(chain) ?? none
    known.last = pos
    known.isOpen = type !== 'ExecutionEnded' && (known.isOpen || type === 'ExecutionRedriven')
    executions.set(chain, known)
  }

  return {
    executions,
    uses,
    tokens,
    leases,
    taken,
    segments,
    retired,
    texts,
    take,
    get usedAgain() {
      return usedAgain
    },
    // 0 where no clock was accepted.
    get clockSince() {
      return clockSince
    },
    get missed() {
      return missed
    },
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

const COLUMNS = ['at', 'type', 'plan', 'receiver', 'schedule', 'instant'] as const

/** What of a row is not what its body says; `said`: its body, parsed. A dialect may have no column for the time and the type. */
export function rowFault(
  { chain, row, isMirror, mirror, execution, columns }: FoundChainRow,
  said: JsonObject,
): string | undefined {
  const isRegister = chain === REGISTER_CHAIN
  if (said.seq !== row.n || (!isRegister && said.execution !== chain))
    return 'its content says that it is another record'
  const found = isRegister ? foundBy(said) : { ...foundBy(said), ...NOT_IN_REGISTER }
  const isAsSaid = COLUMNS.every((name) => columns[name] === undefined || columns[name] === found[name])
  const isPlaced = isMirror ? said.mirror === mirror && said.execution === execution : !isRegister || execution === null
  return isAsSaid && isPlaced ? undefined : 'what it is found by is not what its content says'
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

function derivedLeases() {
  const records: LeaseRecord[] = []
  const newest = new Map<string | null, number>()
  // Where a record is before one that it follows, somebody has altered a position, which is found by others.
  let isInOrder = true

  const possible = (): ReadonlyMap<string, PossibleLease> => {
    const leases = new Map<string, PossibleLease>()
    const taken = new Map<string, Set<string>>()
    for (const record of records.toSorted((one, other) => one.pos - other.pos)) {
      const { execution } = record
      if (execution === null) {
        outside(leases, record)
        continue
      }
      const devices = taken.get(execution) ?? new Set()
      taken.set(execution, devices)
      inside(leases, devices, { ...record, execution })
    }
    return leases
  }

  return {
    add: (pos: number, execution: string | null, event: JournalEvent): void => {
      const acts = leasedActs(event)
      const { type } = event
      if (acts.length === 0 && !LEASE_ALTERING.has(type)) return
      isInOrder &&= pos > (newest.get(execution) ?? 0)
      newest.set(execution, pos)
      records.push({
        pos,
        execution,
        at: Date.parse(event.at),
        type,
        abandoned: abandonedIn(event),
        givenBack: givenBackIn(event),
        acts,
        ...(event.type === 'DeviceReleased' ? { released: { device: event.device, from: event.released } } : {}),
      })
    },

    // `isWhole`: every execution that has ever taken a switch has its records here, so that it is known how often each was taken.
    fault: (rows: readonly LeaseRow[], isWhole: boolean): ChainFault | undefined => {
      if (!isInOrder) return undefined
      const leases = possible()
      for (const row of rows) {
        const lease = leases.get(row.device)
        if (lease?.execution !== row.execution) continue
        const what = oddIn(row, isWhole ? lease : { ...lease, most: Number.POSITIVE_INFINITY })
        if (what !== undefined)
          return { seq: lease.newest, reason: `${what} of the lease of ${row.device} does not follow from its records` }
      }
      return undefined
    },
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

function inside(
  leases: Map<string, PossibleLease>,
  devices: Set<string>,
  { execution, type, at, abandoned, givenBack, acts, pos }: LeaseRecord & { readonly execution: string },
) {
  const own = (among: Iterable<string>) =>
    [...among].flatMap((device) => leases.get(device) ?? []).filter((lease) => lease.execution === execution)
  for (const lease of own(type === 'ExecutionEnded' ? devices : givenBack)) lease.until = undefined
  for (const lease of takesOver({ type }) ? own(devices) : []) {
    lease.least += 1
    lease.most += 1
  }
  for (const lease of own(abandoned)) lease.abandoned = at
  for (const { device, seconds } of acts) {
    devices.add(device)
    const until = at + (seconds + LEASE_SECONDS) * 1000
    leases.set(device, { ...taken(leases.get(device), execution, until), newest: pos })
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
