import type { Secret } from '../../../model/secret.ts'

/** How a switch is entered, and what it is told and never repeats, over either transport. */
export interface DeviceEntry {
  readonly name: string
  readonly enable?: Secret
  /**
   * Whether privileged mode is entered with `enable` (the default): by each eAPI request, over SSH where the login is not privileged.
   * Command authorization may deny it to users who need none (docs/eos.md 1.5).
   */
  readonly sendEnable?: boolean
  readonly announce?: string
  readonly secrets?: readonly string[]
}
