import type { JournalEvent } from '../../change/record/event/event.ts'
import type { Style } from '../text/visible.ts'

/** Whether an execution used an approval that other stores may use once more. */
export function isUsableElsewhere(events: readonly JournalEvent[]): boolean {
  return events.some((event) => event.type === 'ApprovalUsed' && event.anyStore === true)
}

export function useWords(events: readonly JournalEvent[], style: Style): string[] {
  if (!isUsableElsewhere(events)) return []
  return [style.warning('! its approval is not single-use: the policy takes approvals of any store')]
}
