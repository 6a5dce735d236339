import { InputError } from '../app/input-error.ts'
import { foldAll } from '../engine/fold.ts'
import { next } from '../engine/next.ts'
import type { JournalEvent } from '../journal/event.ts'
import { problemOf } from '../model/problem.ts'
import type { Standing } from '../report/standing.ts'

/**
 * An execution as it stood when a record of the journal had been written, by the records up to that one. The record itself
 * may be another execution's. Throws InputError for a position before its first or behind its last record.
 */
export function standingAt(execution: string, events: readonly JournalEvent[], word: string): Standing {
  const position = /^\d{1,15}$/.test(word) ? Number(word) : 0
  const first = events[0]?.seq ?? 0
  const last = events.at(-1)?.seq ?? 0
  const known = events.filter(({ seq }) => seq <= position)
  const newest = known.at(-1)
  if (newest === undefined || position > last) {
    throw new InputError([
      problemOf(
        `--at ${word}`,
        'no-such-record',
        `${execution} has records from ${first} to ${last}`,
        `eosflow history ${execution} lists them.`,
      ),
    ])
  }
  const state = foldAll(execution, known)
  return { execution: state, at: newest.at, next: next(state, Date.parse(newest.at)) }
}
