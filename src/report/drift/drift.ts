import type { ChangeLine } from '../../eos/config/diff/diff.ts'

export type ConfirmedSource =
  | { readonly kind: 'execution'; readonly id: string }
  | { readonly kind: 'snapshot'; readonly name: string }

export type Drift =
  | {
      readonly name: string
      readonly state: 'same' | 'differs'
      readonly source: ConfirmedSource
      readonly since: string
      /** What has changed since it was confirmed, without secrets. */
      readonly config: readonly ChangeLine[]
      readonly unsaved: boolean
      readonly startup?: 'unknown'
      readonly armed?: { readonly session: string; readonly secondsLeft: number }
      readonly by?: { readonly execution: string; readonly standing: 'changing' | 'unknown' }
    }
  /** eosflow has never confirmed a configuration on it. */
  | { readonly name: string; readonly state: 'unknown' }
  | { readonly name: string; readonly state: 'unread'; readonly failure: unknown }
