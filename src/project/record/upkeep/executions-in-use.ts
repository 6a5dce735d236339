import { byPlace } from '../../../change/record/event/cursor.ts'
import type { Store } from '../../../change/record/store/store.ts'
import type { DeviceEnd } from '../../../model/act.ts'

/**
 * The executions that are still asked for: those that have not ended; of each switch the newest that has changed it, whose configuration is
 * the last confirmed one, and the newest that has sent it anything, whose checkpoint the switch has; and each that does not know how it left one.
 */
export async function executionsInUse(store: Pick<Store, 'executions'>): Promise<readonly string[]> {
  const [changed, sent] = [new Set<string>(), new Set<string>()]
  const endedLast = (await store.executions()).toSorted((one, other) => byPlace(other.last, one.last))
  /** Whether an execution that ended a switch like this is still asked for because of it; the newest are asked about first. */
  const isInUse = ([device, end]: readonly [string, DeviceEnd]): boolean => {
    if (end === 'unchanged' || end === 'untouched') return false
    const isNewest = !sent.has(device) || (end === 'changed' && !changed.has(device))
    sent.add(device)
    if (end === 'changed') changed.add(device)
    return isNewest || end === 'unknown'
  }
  return endedLast.flatMap(({ id, first, last }) => {
    if (last.type !== 'ExecutionEnded') return [id]
    // Of a change over several sites the execution of each site has what is asked for.
    const isDivided = first.type === 'ExecutionStarted' && first.divided === true
    if (isDivided) return last.outcome === 'unknown' ? [id] : []
    return Object.entries(last.devices).filter(isInUse).length > 0 ? [id] : []
  })
}
