import { EosflowError, messageOf } from '../../../model/error.ts'
import type { JournalEvent } from '../event/event.ts'
import { parseEvent } from '../event/parse-event.ts'

/** An event that could not be read again must not be written: throws `bug`. */
export function readBack(body: string): JournalEvent {
  try {
    return parseEvent(body)
  } catch (cause) {
    throw new EosflowError('bug', `refused to journal: ${messageOf(cause)}`, {
      cause,
    })
  }
}
