import Database from 'better-sqlite3'
import { EosflowError } from '../../model/error.ts'
import { type ChainPoint, type ChainRow, chainRows } from '../chain.ts'
import { type ConditionFacts, requireConditions } from '../condition.ts'
import { positionIn } from '../cursor.ts'
import type { JournalEvent } from '../event.ts'
import { leasedAct } from '../lease.ts'
import { readBack } from '../read-back.ts'
import { recordAt } from '../record-text.ts'
import { decidedAlready, isScheduleDecision } from '../schedule.ts'
import type { StoreHead } from '../store.ts'
import type { AppendOutcome, AppendRequest } from './append-request.ts'
import type { CheckpointTable } from './checkpoint-table.ts'
import type { ExecutionTable } from './execution-table.ts'
import type { FreezeRows } from './freeze-rows.ts'
import type { LeaseTable } from './lease-table.ts'
import type { MarkTable } from './mark-table.ts'
import type { Statements } from './statements.ts'
import type { StoreFile } from './store-file.ts'

/** What a transaction knows that is not committed yet. */
interface Progress {
  point: ChainPoint
  latest: string | undefined
}

/** What the writer is made of. `head` gives the verified head, inside the transaction; `verify` walks the chain behind a record. */
export interface JournalWriterParts {
  readonly database: Database.Database
  readonly statements: Statements
  readonly marks: MarkTable
  readonly leases: LeaseTable
  readonly checkpoints: CheckpointTable
  readonly executions: ExecutionTable
  readonly freezes: FreezeRows
  readonly head: () => StoreHead
  readonly verify: (after: number) => StoreHead
  readonly file: Pick<StoreFile, 'write'>
}

/** Writes groups of appends, each group in one transaction. */
export class JournalWriter {
  readonly #parts: JournalWriterParts
  readonly #conditioned: ConditionFacts
  readonly #transaction: (group: readonly AppendRequest[]) => readonly AppendOutcome[]
  /** Inside the group's transaction this is a savepoint: what it wrote is undone alone. */
  readonly #insertOrNothing: (rows: readonly ChainRow[]) => void

  constructor(parts: JournalWriterParts) {
    this.#parts = parts
    const { lastOf, lastStop, lastSuspend } = parts.statements
    this.#conditioned = {
      newest: (execution) => lastOf.get(execution) ?? 0,
      isAsked: (execution, since) =>
        [lastStop, lastSuspend].some((last) => last.all(execution, positionIn(since)).length > 0),
    }
    this.#transaction = parts.database.transaction((group: readonly AppendRequest[]) =>
      this.#writeGroup(group),
    ).immediate
    this.#insertOrNothing = parts.database.transaction((rows: readonly ChainRow[]) => this.#insert(rows))
  }

  /**
   * Writes a group, durable on return. A request that must be refused is refused alone; whatever else goes wrong is
   * thrown, and nothing of the group is written.
   */
  write(group: readonly AppendRequest[]): readonly AppendOutcome[] {
    return this.#parts.file.write(group, () => this.#writeToFile(group))
  }

  #writeToFile(group: readonly AppendRequest[]): readonly AppendOutcome[] {
    const { leases } = this.#parts
    leases.begin()
    const outcomes = this.#transaction(group)
    const events = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []))
    leases.commit(newestOf(events), endedIn(events))
    return outcomes
  }

  #writeGroup(group: readonly AppendRequest[]): readonly AppendOutcome[] {
    const { executions, verify } = this.#parts
    const head = this.#parts.head()
    executions.begin(head, verify)
    const progress: Progress = { point: head, latest: head.latest }
    const outcomes = group.map((request) => this.#outcomeOf(progress, request))
    if (progress.point.seq > head.seq) this.#seal(progress, group, outcomes)
    return outcomes
  }

  #seal({ point, latest }: Progress, group: readonly AppendRequest[], outcomes: readonly AppendOutcome[]): void {
    const { marks, checkpoints, executions } = this.#parts
    marks.set('head', { seq: point.seq, hash: point.hash, latest })
    executions.commit(point.seq)
    const ended = outcomes.some((outcome) => outcome.status === 'fulfilled' && endedIn(outcome.value).length > 0)
    checkpoints.heedAppend(point, group.at(-1)?.at ?? '', ended)
  }

  #outcomeOf(progress: Progress, request: AppendRequest): AppendOutcome {
    try {
      return { status: 'fulfilled', value: this.#writeRequest(progress, request) }
    } catch (reason) {
      // What comes from SQLite itself says nothing about this request alone.
      if (reason instanceof EosflowError) return { status: 'rejected', reason }
      throw reason
    }
  }

  #writeRequest(progress: Progress, { execution, drafts, at, after }: AppendRequest): readonly JournalEvent[] {
    requireConditions(this.#conditioned, execution, after)
    const { point } = progress
    const bodies = drafts.map((draft, index) => recordAt(draft, point.seq + 1 + index))
    const events = bodies.map(readBack)
    const { leases, freezes } = this.#parts
    if (execution !== undefined) freezes.require(execution, events, at)
    for (const event of events) {
      if (execution === undefined) leases.heedOutside(event)
      else leases.heed(event, { execution, at })
    }
    const rows = chainRows(point, bodies)
    const last = rows.at(-1)
    // Of all that can be inserted an index refuses only the second use of an approval or of a key, and the second decision about an instant; a savepoint for each request would cost time.
    if (events.some(isUnique)) this.#insertOrNothing(rows)
    else this.#insert(rows)
    if (last === undefined) return events
    progress.point = last
    if (execution !== undefined) this.#count(execution, rows, events)
    const isReset = events.some(({ type }) => type === 'ClockAccepted')
    if (isReset || progress.latest === undefined || progress.latest < at) progress.latest = at
    return events
  }

  #count(execution: string, rows: readonly ChainRow[], events: readonly JournalEvent[]): void {
    for (const [index, { seq, hash }] of rows.entries()) {
      const event = events[index]
      if (event !== undefined)
        this.#parts.executions.heed(execution, {
          seq,
          hash,
          type: event.type,
          isLeased: leasedAct(event) !== undefined,
        })
    }
  }

  #insert(rows: readonly ChainRow[]): void {
    try {
      for (const { seq, body, prev, hash } of rows) this.#parts.statements.insert.run(seq, body, prev, hash)
    } catch (thrown) {
      throw refusedByIndex(thrown) ?? thrown
    }
  }
}

/** Whether an index may refuse the record of an event. */
function isUnique(event: JournalEvent): boolean {
  if (event.type === 'ApprovalUsed' || isScheduleDecision(event)) return true
  return event.type === 'ExecutionStarted' && event.request !== undefined
}

function refusedByIndex(thrown: unknown): EosflowError | undefined {
  if (!(thrown instanceof Database.SqliteError)) return undefined
  if (thrown.message.includes('execution_key')) {
    return new EosflowError('busy', 'another execution was begun under this key', {
      hint: 'Run the same again: it is found by its key.',
    })
  }
  if (thrown.message.includes('schedule_decision')) return decidedAlready()
  if (!thrown.message.includes('approval_use')) return undefined
  return new EosflowError('not-approved', 'this approval was already used by an execution', {
    hint: 'Approve the plan again.',
  })
}

/** The executions that end with these events. */
function endedIn(events: readonly JournalEvent[]): readonly string[] {
  return events.flatMap(({ type, execution }) =>
    type === 'ExecutionEnded' && execution !== undefined ? [execution] : [],
  )
}

/** The newest record of each execution among these. */
function newestOf(events: readonly JournalEvent[]): ReadonlyMap<string, number> {
  return new Map(events.flatMap(({ seq, execution }) => (execution === undefined ? [] : [[execution, seq] as const])))
}
