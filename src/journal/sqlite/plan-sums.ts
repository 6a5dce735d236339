import { hash as hashed } from 'node:crypto'
import { summed } from './seal-sum.ts'

const SUM = 32

/** So many sums are kept: with a million records one is over some 250 seals. A power of two, of at most 256. */
const SUMS = 64

/**
 * The sums of the seals on the entries of plans, many small ones in one text of bytes: whether the entry of one plan is the newest that was
 * sealed shows in the sum that it is part of, without a look at all entries.
 */
export class PlanSums {
  readonly #bytes: Uint8Array

  /** Takes up what {@link bytes} gave. Undefined: there is no entry yet. */
  constructor(bytes: Uint8Array | undefined) {
    this.#bytes = bytes === undefined ? new Uint8Array(SUMS * SUM) : Uint8Array.from(bytes)
  }

  /** Which sum the entry of a plan is part of. */
  static placeOf(plan: string): number {
    return Number.parseInt(hashed('sha256', plan, 'hex').slice(0, 2), 16) % SUMS
  }

  /** Every place, in order. */
  static get places(): readonly number[] {
    return Array.from({ length: SUMS }, (_, place) => place)
  }

  /** The sum at a place: 32 bytes. */
  at(place: number): Uint8Array {
    return this.#bytes.subarray(place * SUM, place * SUM + SUM)
  }

  /** Adds a seal to the sum at a place, or takes it out. */
  add(place: number, seal: Uint8Array): void {
    this.#bytes.set(summed(this.at(place), seal), place * SUM)
  }

  /** All of them, to be sealed. */
  get bytes(): Uint8Array {
    return this.#bytes
  }
}
