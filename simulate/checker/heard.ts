import type { JournalEvent } from '../../src/change/record/event/event.ts'
import { changes, type Request } from '../verbs.ts'
import type { Heard } from '../watch.ts'
import { keyOf } from './journal-rules.ts'
import { TYPED } from './known-verbs.ts'
import type { OfExecution, OnDevice } from './record.ts'

/** What who has sent a request knows by how it has ended. */
export function hear(
  request: Request,
  how: Heard,
  {
    execution,
    onDevice,
    answer,
  }: { readonly execution: OfExecution; readonly onDevice: OnDevice; readonly answer: string },
): void {
  const { verb, session } = request
  const isAnswer = how === 'answered' || how === 'refused by the switch'
  onDevice.silent = !isAnswer
  if (isAnswer || how === 'unreachable') onDevice.unsettled = undefined
  if (verb === 'read' && isAnswer) onDevice.heard = onDevice.shown
  if (how !== 'answered') return
  for (const vlan of answer.match(TYPED) ?? []) onDevice.seen.add(vlan)
  if (verb === 'look') hearLook(execution, onDevice)
  if (changes(request)) onDevice.answered.add(keyOf(verb === 'plan' ? 'stage' : verb, session))
  if (verb === 'save') onDevice.heard = onDevice.shown
}

/** What the snapshot was answered with is what was before. */
function hearLook({ isSnapshotTaken }: OfExecution, onDevice: OnDevice): void {
  onDevice.lookHeard = onDevice.looked
  if (!isSnapshotTaken) onDevice.vlansBefore = onDevice.looked?.vlans
}

/** A redrive may take the snapshot once more: what that shows is what was before. */
export function heedSnapshot(execution: OfExecution, event: JournalEvent): void {
  if (event.type !== 'TaskStarted' && event.type !== 'TaskSucceeded') return
  if (event.state === 'Snapshot') execution.isSnapshotTaken = event.type === 'TaskSucceeded'
}
