import { MOST_SKEW } from '../../model/clock.ts'

export interface ClockReading {
  readonly device: string
  /** By how many seconds it is ahead of this machine's; negative where it is behind. */
  readonly skew: number
}

export interface ClockAgreement {
  /** The switches whose clocks are off this machine's by more than {@link MOST_SKEW}. */
  readonly off: readonly ClockReading[]
  readonly agreeing: number
  /** Whether this machine's clock is the wrong one: it is off most of the clocks, and of two at least. */
  readonly isOurs: boolean
}

/** A single switch never outvotes it. */
export function clockAgreement(readings: readonly ClockReading[]): ClockAgreement {
  const off = readings.filter(({ skew }) => Math.abs(skew) * 1000 > MOST_SKEW)
  return { off, agreeing: readings.length - off.length, isOurs: off.length >= 2 && off.length * 2 > readings.length }
}
