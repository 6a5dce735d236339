import type { SkeletonGroup } from '../../change/plan/skeleton.ts'
import { count, switches } from '../text/count.ts'
import { address, type Html, html, withQuery } from './html.ts'

// So many changes, and so many lines of them together, are on a page; the first one is always there as a whole.
const [MOST_CHANGES, MOST_LINES] = [12, 120]
export const MOST_VALUES = 24

export function firstChanges(groups: readonly SkeletonGroup[]): readonly SkeletonGroup[] {
  let lines = 0
  const over = groups.findIndex((group, index) => {
    lines += group.lines.length
    return index >= MOST_CHANGES || (index > 0 && lines > MOST_LINES)
  })
  return over === -1 ? groups : groups.slice(0, over)
}

export function moreChanges(
  digest: string,
  groups: readonly SkeletonGroup[],
  shown: readonly SkeletonGroup[],
): Html | false {
  const left = groups.slice(shown.length).filter(({ lines }) => lines.length > 0)
  if (left.length === 0) return false
  const of = switches(left.reduce((sum, { devices }) => sum + devices.length, 0))
  return html`<p class="pad"><b>${count(left.length, 'more change')} of ${of}</b> <a class="btn sm" href="${withQuery(address.approval(digest), { page: '1' })}">Read each switch</a></p>`
}
