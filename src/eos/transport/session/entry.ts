import type { Secret } from '../../../model/secret.ts'

/** How a switch is entered, and what it is told and never repeats, over either transport. */
export interface DeviceEntry {
  /** The switch's inventory name, on every error. */
  readonly name: string
  /** The enable secret, where the switch asks for one. */
  readonly enable?: Secret
  /**
   * Whether privileged mode is entered with `enable` (the default): by each eAPI request, over SSH where the login is not privileged.
   * Command authorization may deny it to users who need none (docs/eos.md 1.5).
   */
  readonly sendEnable?: boolean
  /** What the log of a switch is told when a change is staged there: whose it is. */
  readonly announce?: string
  /** Further values that no message may repeat. */
  readonly secrets?: readonly string[]
}
