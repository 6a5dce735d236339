import type { Clock } from '../../../model/clock.ts'
import { formatAddress, networkOf, parseIp } from '../../../model/ip-address.ts'
import { FixedWindows, type Limit } from './fixed-windows.ts'

const WITHIN = 60_000
/** So few steps of logins that one address alone does not take what all have together (allowance.ts). */
const LOGINS: Limit = { most: 60, within: WITHIN, what: 'steps of logins a minute from one address' }
/** More than a monitoring system sends while everything fails: each costs the engine a signature, and a record. */
export const EVENTS: Limit = {
  most: 120,
  within: WITHIN,
  what: 'events a minute from one address that nobody vouches for',
}
/** So many addresses are remembered; the oldest makes room. */
const ADDRESSES = 10_000

/**
 * How often each address has asked for what a login needs, or has sent an event. Nobody is known before that, and each makes the engine work or
 * asks an identity provider. In the memory of the front.
 */
export class AddressAllowance {
  readonly #spent: FixedWindows
  readonly #limit: Limit

  constructor(clock: Pick<Clock, 'monotonic'>, limit: Limit = LOGINS) {
    this.#spent = new FixedWindows(clock, ADDRESSES)
    this.#limit = limit
  }

  /**
   * Counts a request from an address for something that is counted by itself, and gives what takes it back: whoever shares the address with
   * others is not held up by theirs. Throws as {@link FixedWindows.take} does.
   */
  require(address: string, what = ''): () => void {
    return this.#spent.take(`${networkName(address)} ${what}`, this.#limit)
  }
}

/** What somebody is counted by who is known by an address alone: whoever has one IPv6 address has 2^64 of them (RFC 4291, section 2.5.4). */
export function networkName(address: string): string {
  const ip = parseIp(address)
  return ip?.version === 6 ? formatAddress(networkOf({ ...ip, prefix: 64 })) : address
}
