import { definedMembers } from '../../model/json.ts'
import type { JournalEvent } from './event/event.ts'

/** The transitions of a record, one after the other: a task that is due may say that its state was entered, and one that has succeeded what its state was left with (ADR 132). */
export function transitionsOf(event: JournalEvent): readonly JournalEvent[] {
  if (event.type === 'TaskScheduled' && event.entered !== undefined) {
    const { entered, ...due } = event
    return [{ ...envelopeOf(event), at: entered, type: 'StateEntered' }, due]
  }
  if (event.type === 'TaskSucceeded' && event.exited !== undefined) {
    const { exited, ...done } = event
    return [done, { ...envelopeOf(event), type: 'StateExited', output: event.output, ...exited }]
  }
  return [event]
}

type Task = Extract<JournalEvent, { readonly type: 'TaskScheduled' | 'TaskSucceeded' }>

const envelopeOf = ({ v, seq, at, actor, execution, path, state }: Task) => ({
  v,
  seq,
  at,
  actor,
  ...definedMembers({ execution }),
  path,
  state,
})
