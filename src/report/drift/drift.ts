import type { ChangeLine } from '../../eos/config/diff/changes.ts'

/**
 * What a confirmed configuration comes from: the execution that ended last of those whose change the switch kept, or else the newest
 * snapshot that holds the switch.
 */
export type ConfirmedSource =
  | { readonly kind: 'execution'; readonly id: string }
  | { readonly kind: 'snapshot'; readonly name: string }

/** How a switch differs from its last confirmed configuration. */
export type Drift =
  | {
      readonly name: string
      readonly state: 'same' | 'differs'
      readonly source: ConfirmedSource
      readonly since: string
      /** What has changed since it was confirmed, without secrets. */
      readonly config: readonly ChangeLine[]
      /** Whether a reboot would change running-config. */
      readonly unsaved: boolean
      /** Set where nobody knows: the switch does not show how startup-config differs. */
      readonly startup?: 'unknown'
      /** The session under a commit timer, whoever's: what is there may go by itself. */
      readonly armed?: { readonly session: string; readonly secondsLeft: number }
      /** The execution of this store that may have made the difference: it changes the switch now, or where it has left it is not known. */
      readonly by?: { readonly execution: string; readonly standing: 'changing' | 'unknown' }
    }
  /** eosflow has never confirmed a configuration on it. */
  | { readonly name: string; readonly state: 'unknown' }
  | { readonly name: string; readonly state: 'unread'; readonly failure: unknown }
