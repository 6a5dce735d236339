/**
 * What eosflow can do to a switch. Each is journalled before it is sent and after it is answered. `hold` opens an owner session (ADR 84), and
 * `release` aborts one: both are beside the change.
 */
export type Act =
  | 'hold'
  | 'release'
  | 'stage'
  | 'replay'
  | 'prune'
  | 'arm'
  | 'confirm'
  | 'save'
  | 'abort'
  | 'restore'
  | 'boot'

/**
 * How an act went. `unknown`: something was sent and no answer was heard; the switch is asked before anything else
 * is sent to it.
 */
export type ActOutcome = 'done' | 'refused' | 'unknown'

/** What a switch itself showed when it was asked where it stands. */
export type Finding = 'base' | 'armed' | 'target' | 'other' | 'unreachable'

/** Where a switch can end, as read from it. */
export const DEVICE_ENDS = ['untouched', 'unchanged', 'changed', 'reverted', 'unknown'] as const

/** Where a switch ended. */
export type DeviceEnd = (typeof DEVICE_ENDS)[number]

/** What an act is journalled with. */
export interface ActDetail {
  readonly session: string
  readonly checkpoint?: string
  readonly seconds?: number
  readonly lines?: readonly string[]
  readonly patience?: number
  readonly locked?: boolean
  readonly checkpoints?: readonly string[]
  readonly overwrites?: readonly string[]
  /** The owner session that the request shows first: where the switch does not have it, it does nothing. Absent: there was none. */
  readonly held?: string
}
