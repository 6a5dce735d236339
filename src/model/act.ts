/** `hold` opens an owner session (ADR 84), and `release` aborts one: both are beside the change. */
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

export type ActOutcome = 'done' | 'refused' | 'unknown'

export type Finding = 'base' | 'armed' | 'target' | 'other' | 'unreachable'

export const DEVICE_ENDS = ['untouched', 'unchanged', 'changed', 'reverted', 'unknown'] as const

export type DeviceEnd = (typeof DEVICE_ENDS)[number]

export type DeviceEnds = Readonly<Record<string, DeviceEnd>>

export interface ActDetail {
  readonly session: string
  readonly checkpoint?: string
  readonly seconds?: number
  readonly lines?: readonly string[]
  readonly patience?: number
  readonly locked?: boolean
  readonly checkpoints?: readonly string[]
  readonly overwrites?: readonly string[]
  readonly held?: string
}
