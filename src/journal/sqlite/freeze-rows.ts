import type { EventBody, JournalEvent } from '../event.ts'
import { type FreezeRecord, freezesAmong, isUnderWay, requireNotFrozen } from '../freeze.ts'
import { takesOver } from '../lease.ts'
import { requireUnaltered } from './head-walk.ts'
import { parseRow } from './read-row.ts'
import type { Statements } from './statements.ts'

/** The rows of freezes, read by their index: what a question costs depends on how many were set for later than now, not on the history. */
export class FreezeRows {
  readonly #statements: Statements
  /** The executions that are known to be under way. */
  readonly #underWay = new Set<string>()

  constructor(statements: Statements) {
    this.#statements = statements
  }

  /** The freezes in force at a time, in order. Throws BrokenChainError for a record that is not what its hash says. */
  inForce(at: string): readonly FreezeRecord[] {
    const rows = this.#statements.freezesUntil.all(at)
    const ends = rows.flatMap(({ seq }) => this.#statements.freezeEnds.all(seq))
    const records = [...rows, ...ends].map((row): JournalEvent => {
      requireUnaltered(row)
      return parseRow(row)
    })
    return freezesAmong(records, at).toSorted((a, b) => a.seq - b.seq)
  }

  /** Refuses, inside the transaction that would write them, events that begin something while a freeze is in force. Throws `window-closed`. */
  require(execution: string, events: readonly EventBody[], at: string): void {
    if (events.some(takesOver)) this.#underWay.delete(execution)
    const underWay = (): boolean => this.#isUnderWay(execution)
    requireNotFrozen(events, () => this.inForce(at), underWay)
  }

  #isUnderWay(execution: string): boolean {
    if (this.#underWay.has(execution)) return true
    const isFound = isUnderWay(this.#statements.ofExecution.all(execution).map(parseRow))
    if (isFound) this.#underWay.add(execution)
    return isFound
  }
}
