import type { Clock } from '../model/clock.ts'
import { formatAddress, networkOf, parseIp } from '../model/ip-address.ts'
import { FixedWindows, type Limit } from './fixed-windows.ts'

/** An address asks for so few steps of logins that one alone does not take what all have together (allowance.ts). */
const STEPS: Limit = { most: 60, within: 60_000, what: 'steps of logins a minute from one address' }
/** So many addresses are remembered; the oldest makes room. */
const ADDRESSES = 10_000

/**
 * How often each address has asked for what a login needs. Nobody is known before a login, and each makes the engine work or asks an identity
 * provider. In the memory of the front.
 */
export class AddressAllowance {
  readonly #spent: FixedWindows

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#spent = new FixedWindows(clock, ADDRESSES)
  }

  /** Counts a request from an address. Throws as {@link FixedWindows.take} does. */
  require(address: string): void {
    this.#spent.take(counted(address), STEPS)
  }
}

/** Whoever has one IPv6 address has 2^64 of them. */
function counted(address: string): string {
  const ip = parseIp(address)
  return ip?.version === 6 ? formatAddress(networkOf({ ...ip, prefix: 64 })) : address
}
