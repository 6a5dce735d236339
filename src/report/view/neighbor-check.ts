import type { JournalEvent } from '../../journal/event.ts'
import { checkName } from '../live-line.ts'

/** A check by its name, and the neighbour that it was judged on; without `of` the switch itself. */
export interface JudgedOn {
  readonly check: string
  readonly of?: string
}

/** ` on spine1` behind the name of a check: so records name a neighbour that have no `of`. */
const ON = /^(.+) on (\S+)$/

/** What a verdict is about. Where a record does not say which switch it is about, the name of its check does. */
export function judgedOn({ device, check, of, nth }: Extract<JournalEvent, { type: 'VerdictGiven' }>): JudgedOn {
  const [, name = check, neighbor] = ON.exec(check) ?? []
  const about = of ?? neighbor
  const number = nth === undefined ? {} : { nth }
  if (about === undefined || about === device)
    return { check: checkName({ check: about === undefined ? check : name, ...number }) }
  return { check: checkName({ check: neighbor === about ? name : check, ...number }), of: about }
}
