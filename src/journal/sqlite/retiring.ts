import { EosflowError } from '../../model/error.ts'
import type { EventBody } from '../event.ts'
import { AMONG, type Connection } from './connection.ts'
import type { Heads } from './heads.ts'

/** The executions that leave the store with some records, and how many rows each has. */
function leavingIn(events: readonly EventBody[]): readonly (readonly [execution: string, n: number])[] {
  return events.flatMap((event) => (event.type === 'SegmentRetired' ? Object.entries(event.executions) : []))
}

/** Requires that executions which leave the store with some records have ended as these say, are here, and have no switch. Throws `refused`. */
export function requireLeaving(heads: Heads, events: readonly EventBody[]): void {
  const leaving = leavingIn(events)
  if (leaving.length === 0) return
  const leased = new Set([...heads.leases.values()].map(({ execution }) => execution))
  for (const [id, n] of leaving) {
    const head = heads.execution(id)
    const isOver = head?.isOpen === false && head.retired === null && head.n === n
    if (!isOver || leased.has(id))
      throw new EosflowError('refused', `the records of execution ${id} may not leave the store`)
  }
}

/** Keeps of executions that they have left the store with a record of the register, by its number. */
export function keepRetired(heads: Heads, events: readonly EventBody[], n: number): void {
  for (const [id] of leavingIn(events)) {
    const head = heads.execution(id)
    if (head !== undefined) heads.putExecution(id, { ...head, retired: n })
  }
}

/**
 * Takes out the rows of executions that have left, behind their heads: the first and the last one, the ends and what names a plan are found by everyday
 * commands, and stay.
 */
export function takeOut(connection: Connection, events: readonly EventBody[]): void {
  const ids = leavingIn(events).map(([id]) => id)
  if (ids.length === 0) return
  const list = JSON.stringify(ids)
  connection.run(
    `DELETE FROM event WHERE pos IN (SELECT e.pos FROM execution x JOIN event e ON e.execution = x.id
      WHERE x.id ${AMONG} AND e.n > 1 AND e.n < x.n AND e.type <> 'ExecutionEnded' AND e.plan IS NULL)`,
    list,
  )
  connection.run(`DELETE FROM task_token WHERE execution ${AMONG}`, list)
}
