import type { JournalEvent } from '../journal/event.ts'
import type { Journal } from '../journal/journal.ts'
import { progressLine } from '../report/progress.ts'
import { colored, plain } from '../report/style.ts'
import type { Io } from './io.ts'

/** Says what an event means to a person who watches; nothing when it means nothing to one. */
export function progressTeller(io: Io): (event: JournalEvent) => void {
  const style = io.color ? colored : plain
  return (event) => {
    const line = progressLine(event, style)
    if (line !== undefined) io.err(io.interactive ? `${line}\n` : `${event.at.slice(11, 19)} ${line}\n`)
  }
}

/** A journal that also tells the terminal what it has written: progress is what is on record, and nothing else. */
export function watchedJournal(journal: Journal, io: Io): Journal {
  const tell = progressTeller(io)
  return {
    append: async (execution, events, after) => {
      const written = await journal.append(execution, events, after)
      for (const event of written) tell(event)
      return written
    },
    read: (execution) => journal.read(execution),
  }
}
