import type { Secret } from '../../../model/secret.ts'

export interface ResolvedValue {
  readonly secret: Secret
  readonly version?: number
  /** Until when it is good, in milliseconds of wall time; absent where no end of it is known. */
  readonly goodUntil?: number
  readonly lease?: string
}
