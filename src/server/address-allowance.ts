import type { Clock } from '../model/clock.ts'
import { formatAddress, networkOf, parseIp } from '../model/ip-address.ts'
import { Refusal } from './fault.ts'

/** What an address asks for, and how often in {@link WITHIN}. */
interface OfAddress {
  readonly most: number
  readonly what: string
}

/** So few steps of logins that one address alone does not take what all have together (allowance.ts). */
const LOGINS: OfAddress = { most: 60, what: 'steps of logins' }
/** More than a monitoring system sends while everything fails: each costs the engine a signature, and a record. */
export const EVENTS: OfAddress = { most: 120, what: 'events' }
/** Milliseconds. */
const WITHIN = 60_000
/** So many addresses are remembered; the oldest makes room. */
const ADDRESSES = 10_000

/**
 * How often each address has asked for what a login needs, or has sent an event. Nobody is known before that, and each makes the engine work or
 * asks an identity provider. In the memory of the front.
 */
export class AddressAllowance {
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #of: OfAddress
  readonly #spent = new Map<string, { readonly since: number; count: number }>()

  constructor(clock: Pick<Clock, 'monotonic'>, of: OfAddress = LOGINS) {
    this.#clock = clock
    this.#of = of
  }

  /** Counts a request from an address. Throws `too-many` where it is one too many, and after how many seconds it is not. */
  require(address: string): void {
    const now = this.#clock.monotonic()
    const name = counted(address)
    const known = this.#spent.get(name)
    const spent = known === undefined || now - known.since >= WITHIN ? { since: now, count: 0 } : known
    spent.count += 1
    if (spent !== known) this.#keep(name, spent)
    const { most, what } = this.#of
    if (spent.count <= most) return
    const seconds = Math.max(1, Math.ceil((spent.since + WITHIN - now) / 1000))
    throw new Refusal(
      {
        kind: 'too-many',
        message: `more than ${most} ${what} a minute from one address`,
        hint: `Ask again in ${seconds} s.`,
      },
      { 'retry-after': String(seconds) },
    )
  }

  #keep(name: string, spent: { readonly since: number; count: number }): void {
    this.#spent.delete(name)
    const [oldest = ''] = this.#spent.keys()
    if (this.#spent.size >= ADDRESSES) this.#spent.delete(oldest)
    this.#spent.set(name, spent)
  }
}

/** Whoever has one IPv6 address has 2^64 of them. */
function counted(address: string): string {
  const ip = parseIp(address)
  return ip?.version === 6 ? formatAddress(networkOf({ ...ip, prefix: 64 })) : address
}
