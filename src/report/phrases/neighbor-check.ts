import type { JournalEvent } from '../../change/record/event/event.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { checkName } from './live-line.ts'

interface CheckTarget {
  readonly check: string
  readonly of?: string
}

/** The name of a check on a neighbour ends in ` on spine1`. */
export function judgedOn({ device, check, of, nth }: Extract<JournalEvent, { type: 'VerdictGiven' }>): CheckTarget {
  const end = ` on ${of}`
  const name = of !== undefined && check.endsWith(end) ? check.slice(0, -end.length) : check
  const judged = { check: checkName({ check: name, ...definedMembers({ nth }) }) }
  return of === undefined || of === device ? judged : { ...judged, of }
}
