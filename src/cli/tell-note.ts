import type { Caller } from '../app/caller.ts'
import { visibleLine } from '../report/visible.ts'

/** Says what somebody who has decided has to know. */
export function tellNote({ tell }: Pick<Caller, 'tell'>, note: string | undefined): void {
  if (note !== undefined) tell(`! ${visibleLine(note)}\n`)
}
