import { type ExecutionRow, endsOf } from '../../../report/execution/row.ts'
import { SENT } from './execution-named.ts'

/** Whether an execution has sent a change to a switch; with names, to one of these. */
export function hasTouched(row: Pick<ExecutionRow, 'state' | 'ends'>, names: ReadonlySet<string> | undefined): boolean {
  return Object.entries(endsOf(row)).some(([name, end]) => (names === undefined || names.has(name)) && SENT.has(end))
}
