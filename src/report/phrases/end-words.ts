import type { DeviceEnd } from '../../model/act.ts'
import { tallied } from '../text/text.ts'

/** How people read where a switch ended (docs/glossary.md#where-a-switch-ended). */
export const END_WORDS: Readonly<Record<DeviceEnd, string>> = {
  changed: 'confirmed',
  reverted: 'put back',
  unchanged: 'unchanged',
  untouched: 'untouched',
  unknown: 'unknown',
}

export const GRAVEST: readonly DeviceEnd[] = ['unknown', 'reverted', 'untouched']

/** How many switches are where, in an order: `3 put back, 1 untouched`. */
export function countedEnds(ends: readonly DeviceEnd[], order: readonly DeviceEnd[]): string {
  const counts = tallied(ends)
  return order.flatMap((end) => (counts.has(end) ? [`${counts.get(end)} ${END_WORDS[end]}`] : [])).join(', ')
}
