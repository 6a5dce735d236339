import { Map as ImmutableMap } from 'immutable'
import { EosflowError } from '../../../model/error.ts'
import type { EventBody, JournalEvent } from '../event/event.ts'
import {
  abandonedIn,
  besideIn,
  givenBackIn,
  isLiveAt,
  type Lease,
  type LeaseRequest,
  leasedActs,
  quarantined,
  TOKENS_BEYOND,
  takeLease,
  takesOver,
} from '../store/lease.ts'
import type { AppendRequest } from './append-request.ts'

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

export interface KnownLeases {
  readonly leases: ReadonlyMap<string, Lease>
  readonly over: ReadonlySet<string>
  readonly tokens: ReadonlyMap<string, TakenTokens>
}

interface LeasesAfter {
  readonly leases: ReadonlyMap<string, Lease>
  readonly tokens: TakenTokens
}

/** Throws `busy`: what one of the events may not have, none takes. */
export function leasesAfter(
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
