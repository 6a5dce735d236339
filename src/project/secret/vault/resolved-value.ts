import type { Secret } from '../../../model/secret.ts'

/** A value as its store gave it. */
export interface ResolvedValue {
  readonly secret: Secret
  /** Which version of it this is, where its store counts them. */
  readonly version?: number
  /** Until when it is good, in milliseconds of wall time; absent where no end of it is known. */
  readonly goodUntil?: number
  /** The lease that it is good under. */
  readonly lease?: string
}
