import { Map as ImmutableMap } from 'immutable'
import type { JournalEvent } from '../event/event.ts'
import { abandonedIn, besideIn, givenBackIn, type Lease, leasedActs, takesOver } from '../store/lease.ts'
import { rowOf } from './append-basis.ts'
import type { AppendRequest } from './append-request.ts'
import { LeaseBook, type TakenTokens } from './lease-book.ts'

export interface KnownLeases {
  readonly leases: ReadonlyMap<string, Lease>
  readonly over: ReadonlySet<string>
  readonly tokens: ReadonlyMap<string, TakenTokens>
}

interface LeasesAfter {
  readonly sent: readonly { readonly was?: object; readonly now: { readonly device: string } }[]
  readonly after: ReadonlyMap<string, Lease>
  readonly tokens: TakenTokens
}

/** Throws `busy`. */
export function leasesAfter(
  { execution, events, leaseAt }: AppendRequest,
  known: KnownLeases,
  quarantineSeconds: number,
): LeasesAfter {
  const taken = known.tokens.get(execution ?? '') ?? NO_TOKENS
  if (events.every(leavesLeases)) return { sent: [], after: NO_LEASES, tokens: taken }
  const map = new Map(relevantLeases(execution, events, known.leases))
  const terms = { quarantineSeconds, isOver: (other: string) => known.over.has(other) }
  const leases = new LeaseBook(map, terms, taken)
  if (execution === undefined) for (const event of events) leases.heedOutside(event)
  else leases.heed(execution, events, leaseAt)
  const after = new Map([...map].filter(([device, lease]) => known.leases.get(device) !== lease))
  const sent = [...after].map(([device, lease]) => {
    const was = known.leases.get(device)
    return { now: rowOf(lease), ...(was === undefined ? {} : { was: rowOf(was) }) }
  })
  return { sent, after, tokens: leases.tokens }
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
