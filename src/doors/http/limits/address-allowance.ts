import type { Clock } from '../../../model/clock.ts'
import { formatAddress, networkOf, parseIp } from '../../../model/ip-address.ts'
import { FixedWindows, type Limit } from './allowance.ts'

const WITHIN = 60_000
const LOGINS: Limit = { most: 60, within: WITHIN, what: 'steps of logins a minute from one address' }
export const EVENTS: Limit = {
  most: 120,
  within: WITHIN,
  what: 'events a minute from one address that nobody vouches for',
}
const ADDRESSES = 10_000

/** Nobody is known before that, and each makes the engine work or asks an identity provider. */
export class AddressAllowance {
  readonly #spent: FixedWindows
  readonly #limit: Limit

  constructor(clock: Pick<Clock, 'monotonic'>, limit: Limit = LOGINS) {
    this.#spent = new FixedWindows(clock, ADDRESSES)
    this.#limit = limit
  }

  /** Throws as {@link FixedWindows.take} does. */
  require(address: string, what = ''): () => void {
    return this.#spent.take(`${networkName(address)} ${what}`, this.#limit)
  }
}

/** What somebody is counted by who is known by an address alone: whoever has one IPv6 address has 2^64 of them (RFC 4291, section 2.5.4). */
export function networkName(address: string): string {
  const ip = parseIp(address)
  return ip?.version === 6 ? formatAddress(networkOf({ ...ip, prefix: 64 })) : address
}
