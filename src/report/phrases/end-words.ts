import type { DeviceEnd } from '../../model/act.ts'

/** How people read where a switch ended (docs/glossary.md#where-a-switch-ended). The stored values and JSON keep their names. */
export const END_WORDS: Readonly<Record<DeviceEnd, string>> = {
  changed: 'confirmed',
  reverted: 'put back',
  unchanged: 'unchanged',
  untouched: 'untouched',
  unknown: 'unknown',
}

/** The ends that a person must see first where not all switches fit, the gravest first. */
export const GRAVEST: readonly DeviceEnd[] = ['unknown', 'reverted', 'untouched']
