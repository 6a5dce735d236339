import type { JournalEvent } from '../../../change/record/event/event.ts'
import type { Journal } from '../../../change/record/store/journal.ts'
import type { KnownProgress } from '../../../report/progress-screen.ts'
import { heardJournal } from '../../history/watch/heard-journal.ts'
import type { Console, ExecutionWatch } from '../../system/process/console.ts'

export function watchedJournal(journal: Journal, watch: ExecutionWatch | undefined): Journal {
  if (watch === undefined) return journal
  return heardJournal(journal, ({ written }) => watch.written(written))
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
