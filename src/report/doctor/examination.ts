import type { ConfigReading, Look } from '../../eos/device/device.ts'
import type { ReachedTarget } from './reach-points.ts'

export type Examination =
  | {
      readonly target: ReachedTarget
      readonly look: Look
      readonly config: ConfigReading
      /** How far its clock is ahead of this machine's, in seconds. */
      readonly skew: number
    }
  | { readonly target: ReachedTarget; readonly failure: unknown }
