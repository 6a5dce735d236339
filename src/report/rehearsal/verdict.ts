import { count } from '../text/text.ts'
import type { Rehearsal } from './rehearsal.ts'

export function rehearsalVerdict({ cells }: Rehearsal): string {
  const bad = cells.filter(({ ok }) => !ok).length
  if (bad === 0) return `All ${count(cells.length, 'trial')} ended well`
  return `${bad} of ${count(cells.length, 'trial')} ended badly`
}
