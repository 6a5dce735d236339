import type { EventBody, JournalEvent } from '../../../change/record/event/event.ts'
import type { AppendCondition, Journal } from '../../../change/record/store/journal.ts'
import { OutageError, type RepeatedWrite } from '../../../change/record/store/outage.ts'
import type { Clock } from '../../../model/clock.ts'
import type { KnownProgress } from '../../../report/past-execution.ts'
import type { Console } from '../../system/process/console.ts'

// How long it is waited before a store that was away is asked again, in milliseconds.
const PAUSE = 1_000

/**
 * Appends for a process that has time: while the store is away it waits, and what may have been written is settled, so that the record says
 * afterwards what this process knows. Throws as an append does otherwise.
 */
export async function settledAppend(
  journal: Journal,
  clock: Pick<Clock, 'sleep'>,
  execution: string,
  events: readonly EventBody[],
  after: number | readonly AppendCondition[],
): Promise<readonly JournalEvent[]> {
  let again: RepeatedWrite | undefined
  for (;;) {
    try {
      return await journal.append(execution, events, after, again)
    } catch (error) {
      if (!(error instanceof OutageError)) throw error
      const write = error.doubt ?? again?.write
      again = write === undefined ? undefined : { write, ifLost: 'send' }
    }
    await clock.sleep(PAUSE)
  }
}

export async function showWritten(
  caller: Pick<Console, 'watch'>,
  begun: KnownProgress,
  written: readonly JournalEvent[],
): Promise<void> {
  const watch = await caller.watch?.(begun)
  watch?.written(written)
  watch?.close()
}
