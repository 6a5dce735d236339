import { EosflowError } from '../../../model/error.ts'
import type { Fence } from '../../../model/fence.ts'
import type { EventBody } from '../event/event.ts'

/** How far the token of each switch goes on when a store was restored: further than those that were given behind the backup. */
export const TOKENS_BEYOND = 1_000_000_000

export interface Lease {
  readonly device: string
  readonly execution: string
  /** The fencing token: goes up by one whenever the lease changes hands, and never down. */
  readonly token: number
  /** ISO 8601 in UTC; null once the execution has ended. */
  readonly until: string | null
  /** Until when no other execution may take it, ISO 8601 in UTC; absent where none of its processes has ended without a word. */
  readonly quarantine?: string
}

export interface Leases {
  leaseOf(device: string): Promise<Lease | undefined>
  /**
   * The proof that this controller has the switch for the execution, or that nobody has taken it yet: asked right before a write is
   * sent, because a process that was frozen does not know how much time has passed. Rejects `busy` when somebody else has taken it.
   */
  fence(execution: string, device: string): Promise<Fence>
  liveLeases(of: 'shares' | 'all'): Promise<readonly Lease[]>
  /** For how long this store keeps a switch from others after an unclean takeover, in seconds: a value of the store. */
  readonly quarantineSeconds: number
}

/** How long a lease lasts beyond the commit timer that it covers, in seconds: each act gives up after two minutes. */
export const LEASE_SECONDS = 180

/**
 * How long other executions are kept from a switch whose process has ended without a word, in seconds, from its takeover on. On one
 * machine the owner is proven dead by then; what it has sent last, a save for example, arrives or is given up meanwhile (ADR 49).
 */
export const QUARANTINE_ON_ONE_MACHINE = 10

/**
 * The same where processes of several machines share a store, unless its settings say otherwise: a process that is taken over there may
 * live, and what it has sent may wait in the buffers of another machine for as long as an act is waited for (ADR 79). A project adds for how long its
 * switches keep a silent connection (ADR 88).
 */
export const QUARANTINE_WITH_WORKERS = 180

/** The longest that settings can keep a switch from others, in seconds: `quarantine` and `idleTimeout` at their most (ADR 88). */
export const LONGEST_QUARANTINE = 90_000

/** `seconds`: the store's value. */
export function quarantined(lease: Lease, at: string, seconds: number): Lease {
  return { ...lease, quarantine: new Date(Date.parse(at) + seconds * 1000).toISOString() }
}

/** Until when a switch is kept from an execution at a time, ISO 8601 in UTC; undefined where it is not. A clock that was set back since the takeover does not keep it for ever: on one machine for twice the store's value, `seconds`, and for the longest value where machines share the store, whose settings may differ. */
export function barredUntil(
  lease: Lease | undefined,
  execution: string | undefined,
  at: string,
  seconds: number,
): string | undefined {
  if (lease?.quarantine === undefined || lease.execution === execution) return undefined
  const left = Date.parse(lease.quarantine) - Date.parse(at)
  const bound = seconds === QUARANTINE_ON_ONE_MACHINE ? 2 * seconds : LONGEST_QUARANTINE
  return left <= 0 || left > bound * 1000 ? undefined : lease.quarantine
}

export interface LeasedAct {
  readonly device: string
  readonly seconds: number
}

export function leasedAct(event: EventBody): LeasedAct | undefined {
  if (event.type !== 'ActIntended' || event.act === 'abort' || event.act === 'release') return undefined
  if (event.act === 'stage' && event.checkpoint === undefined) return undefined
  return { device: event.device, seconds: (event.seconds ?? 0) + (event.patience ?? 0) }
}

export const LEASE_TAKING: ReadonlySet<string> = new Set(['ActIntended', 'SharesTaken'])

export const LEASE_ALTERING: ReadonlySet<string> = new Set([
  'DeviceReleased',
  'ExecutionEnded',
  'ExecutionRedriven',
  'ExecutionResumed',
  'NetworkAwaited',
  'SharesGivenBack',
  'StoreRestored',
])

export function leasedActs(event: EventBody): readonly LeasedAct[] {
  if (event.type === 'SharesTaken') return event.shares.map(({ share }) => ({ device: share, seconds: event.seconds }))
  const act = leasedAct(event)
  if (act === undefined || event.type !== 'ActIntended') return []
  return [act, ...(event.shares ?? []).map((share) => ({ device: share, seconds: act.seconds }))]
}

export function besideIn(event: EventBody): readonly { readonly share: string; readonly execution: string }[] {
  return event.type === 'SharesTaken' ? event.beside : []
}

/** All its leases change hands then, so that a process which is held up meanwhile can send nothing more, not even when the execution has long ended. */
export function takesOver({ type }: Pick<EventBody, 'type'>): boolean {
  return type === 'ExecutionResumed' || type === 'ExecutionRedriven'
}

export function abandonedIn(event: EventBody): readonly string[] {
  return event.type === 'ExecutionResumed' ? (event.abandoned ?? []) : []
}

export function givenBackIn(event: EventBody): readonly string[] {
  if (event.type === 'SharesGivenBack') return event.shares
  return event.type === 'NetworkAwaited' ? event.devices : []
}

/** Whether the time of a lease is not over at a time, ISO 8601 in UTC. */
export function isLiveAt({ until }: Pick<Lease, 'until'>, at: string): boolean {
  return until !== null && until > at
}

export interface LeaseRequest extends LeasedAct {
  readonly execution: string
  /** ISO 8601 in UTC. */
  readonly at: string
  readonly quarantineSeconds: number
  readonly isOver?: (execution: string) => boolean
}

/** The lease as it is after an execution has taken or renewed it at a time. `held` is the token that this controller knows of. */
export function takeLease(
  present: Lease | undefined,
  held: number | undefined,
  { execution, at, device, seconds, quarantineSeconds, isOver = () => false }: LeaseRequest,
): Lease {
  const until = new Date(Date.parse(at) + (seconds + LEASE_SECONDS) * 1000).toISOString()
  if (present === undefined) return { device, execution, token: 1, until }
  if (held === undefined) {
    const isHeld = present.execution !== execution && isLiveAt(present, at)
    if (isHeld && !isOver(present.execution)) throw taken(present)
    const barred = barredUntil(present, execution, at, quarantineSeconds)
    if (barred !== undefined) throw inQuarantine(present, barred)
    const kept = present.execution === execution ? quarantineOf(present) : {}
    return { device, execution, token: present.token + 1, until, ...kept }
  }
  requireToken(present, held, { execution, device })
  return { ...present, until: present.until !== null && present.until > until ? present.until : until }
}

/**
 * Throws `busy` when a lease is no longer the one that a controller took. The execution is compared too: an older copy of the store
 * gives the same token away once more.
 */
export function requireToken(
  present: Lease | undefined,
  held: number,
  { execution, device }: { readonly execution: string; readonly device: string },
): void {
  if (present?.token === held && present.execution === execution) return
  throw new EosflowError(
    'busy',
    `${device} was taken over by execution ${present?.execution ?? 'nobody knows which'} while ${execution} was held up: nothing was sent`,
    { device, hint: `eosflow show ${present?.execution ?? '@latest'}` },
  )
}

/** Throws `busy` when the newest record of an execution is another one than the newest that this process has written for it: another process goes on with it. */
export function requireNewestWriter(
  newest: number | null,
  written: number | undefined,
  { execution, device }: { readonly execution: string; readonly device: string },
): void {
  if (written === undefined || newest === written) return
  throw new EosflowError('busy', `execution ${execution} was continued by another process: nothing was sent`, {
    device,
    hint: `eosflow watch ${execution}`,
  })
}

function taken({ device, execution, until }: Lease) {
  return new EosflowError(
    'busy',
    `execution ${execution} changes ${device} at this moment, until ${until} at the latest`,
    {
      device,
      hint: `eosflow watch ${execution}`,
    },
  )
}

const quarantineOf = ({ quarantine }: Lease): Pick<Lease, 'quarantine'> =>
  quarantine === undefined ? {} : { quarantine }

function inQuarantine({ device, execution }: Lease, until: string) {
  return new EosflowError(
    'busy',
    `${device} is kept from other executions until ${until}: the process of ${execution} was killed, and its last request may still arrive`,
    { device, hint: `Run it again then. To end that at once: eosflow release-device ${device} --reason TEXT` },
  )
}
