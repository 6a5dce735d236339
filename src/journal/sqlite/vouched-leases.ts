import { BrokenChainError } from '../chain.ts'
import type { Lease } from '../lease.ts'

/** The leases that the sealed row vouches for, by switch. One that it does not vouch for is not among them, and refused to whoever asks for it. */
export class VouchedLeases extends Map<string, Lease> {
  readonly #refused = new Map<string, number>()

  /** Has the lease of a switch refused; `newest`: the newest position of all chains. */
  refuse(device: string, newest: number): void {
    this.#refused.set(device, newest)
  }

  override get(device: string): Lease | undefined {
    const seq = this.#refused.get(device)
    if (seq !== undefined)
      throw new BrokenChainError({ seq, reason: `the lease of ${device} is not what was sealed last` })
    return super.get(device)
  }

  override clear(): void {
    super.clear()
    this.#refused.clear()
  }
}
