import type { DeviceEnd } from '../../model/act.ts'

/** How people read where a switch ended (docs/glossary.md#where-a-switch-ended). */
export const END_WORDS: Readonly<Record<DeviceEnd, string>> = {
  changed: 'confirmed',
  reverted: 'put back',
  unchanged: 'unchanged',
  untouched: 'untouched',
  unknown: 'unknown',
}

export const GRAVEST: readonly DeviceEnd[] = ['unknown', 'reverted', 'untouched']
