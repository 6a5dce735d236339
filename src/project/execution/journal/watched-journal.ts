import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { Journal } from '../../../change/record/store/journal.ts'
import type { KnownProgress } from '../../../report/progress-screen.ts'
import { heardJournal } from '../../history/watch/heard-journal.ts'
import type { Console, ExecutionWatch } from '../../system/process/console.ts'

/** A journal that also shows what it has written to whoever watches: progress is what is on record, and nothing else. */
export function watchedJournal(journal: Journal, watch: ExecutionWatch | undefined): Journal {
  if (watch === undefined) return journal
  return heardJournal(journal, ({ written }) => watch.written(written))
}

/** Shows whoever watches the records with which an execution begins, or is taken up: its run shows what comes next. */
export async function showWritten(
  caller: Pick<Console, 'watch'>,
  begun: KnownProgress,
  written: readonly JournalEvent[],
): Promise<void> {
  const watch = await caller.watch?.(begun)
  watch?.written(written)
  watch?.close()
}
