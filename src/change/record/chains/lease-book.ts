import type { Map as ImmutableMap } from 'immutable'
import { EosflowError } from '../../../model/error.ts'
import type { EventBody } from '../event/event.ts'
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

export type TakenTokens = ImmutableMap<string, number>

export class LeaseBook {
  readonly #leases: Map<string, Lease>
  #tokens: TakenTokens
  readonly #terms: Required<Pick<LeaseRequest, 'quarantineSeconds' | 'isOver'>>

  constructor(
    leases: Map<string, Lease>,
    terms: Required<Pick<LeaseRequest, 'quarantineSeconds' | 'isOver'>>,
    tokens: TakenTokens,
  ) {
    this.#leases = leases
    this.#terms = terms
    this.#tokens = tokens
  }

  get tokens(): TakenTokens {
    return this.#tokens
  }

  /** Throws `busy`: what one of them may not have, none takes. */
  heed(execution: string, events: readonly EventBody[], at: string): void {
    const leases = new Map(this.#leases)
    const terms = this.#terms
    let tokens = this.#tokens
    for (const event of events) {
      change(leases, event, { execution, at, ...terms })
      // Also that of a switch which another execution has taken since: it is taken anew.
      if (takesOver(event)) tokens = tokens.filterNot((_, key) => key.startsWith(keyOf(execution, '')))
      for (const { share, execution: holder } of besideIn(event))
        leases.set(share, stillHeld(leases.get(share), holder, { share, at }))
      for (const act of leasedActs(event)) {
        const key = keyOf(execution, act.device)
        const lease = takeLease(leases.get(act.device), tokens.get(key), { execution, at, ...act, ...terms })
        leases.set(act.device, lease)
        tokens = tokens.set(key, lease.token)
      }
    }
    for (const [device, lease] of leases) this.#leases.set(device, lease)
    this.#tokens = tokens
  }

  heedOutside(event: EventBody): void {
    if (event.type === 'StoreRestored') this.#forsake()
    if (event.type !== 'DeviceReleased') return
    const lease = this.#leases.get(event.device)
    // Another execution may have been taken over since somebody looked: its quarantine is not the one that is meant.
    if (lease?.execution !== event.released) return
    const { quarantine: _, ...left } = lease
    this.#leases.set(event.device, left)
  }

  #forsake(): void {
    for (const [device, { quarantine: _, ...lease }] of this.#leases)
      this.#leases.set(device, { ...lease, token: lease.token + TOKENS_BEYOND, until: null })
  }
}

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
