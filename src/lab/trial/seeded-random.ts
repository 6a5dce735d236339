import type { Random } from '../../model/clock.ts'

/** Randomness that a seed repeats (the mulberry32 generator). For tests and simulations, never for secrets. */
export class SeededRandom implements Random {
  #state: number

  constructor(seed = 1) {
    this.#state = seed >>> 0
  }

  hex(count: number): string {
    return Array.from({ length: count }, () =>
      Math.floor(this.fraction() * 256)
        .toString(16)
        .padStart(2, '0'),
    ).join('')
  }

  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
