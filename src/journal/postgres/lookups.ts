import { BrokenChainError } from '../chain.ts'
import { type Cursor, positionIn } from '../cursor.ts'
import type { JournalEvent } from '../event.ts'
import { type FreezeRecord, freezesAmong } from '../freeze.ts'
import { ofType } from '../of-type.ts'
import { NEWEST_OF_SCHEDULE, type ScheduleRecord, scheduleRecordsAmong } from '../schedule.ts'
import type { PlanRecord, RecordedDecision, RecordedUse, Signal, StopRequest, SuspendRequest } from '../store.ts'
import type { Questions } from './database.ts'
import type { Reading } from './reading.ts'
import { EVENT_ROW, eventOf, REGISTER_ROW, type StoredRow, unaltered } from './rows.ts'

const RECORDS = `SELECT ${REGISTER_ROW} FROM register r WHERE r.mirror IS NULL`

/** The questions about records outside of executions, and about plans, each answered by an index. Records are judged by their own hash at least. */
export class Lookups {
  readonly #questions: Questions
  readonly #reading: Reading

  constructor(questions: Questions, reading: Reading) {
    this.#questions = questions
    this.#reading = reading
  }

  async knowsPlan(digest: string): Promise<boolean> {
    const [found] = await this.#questions.ask<{ known: boolean }>(
      'SELECT EXISTS (SELECT 1 FROM event WHERE plan = $1) OR EXISTS (SELECT 1 FROM register WHERE plan = $1) AS known',
      [digest],
    )
    return found?.known === true
  }

  async planMade(digest: string): Promise<PlanRecord | undefined> {
    const [newest] = await this.#ofPlan(digest, 'PlanMade', 'DESC LIMIT 1')
    return newest && ofType('PlanMade', [unaltered(newest)])[0]
  }

  #ofPlan(digest: string, type: string, order: string): Promise<readonly StoredRow[]> {
    return this.#questions.ask<StoredRow>(
      `SELECT ${EVENT_ROW} FROM event e WHERE e.plan = $1 AND e.type = $2 ORDER BY e.pos ${order}`,
      [digest, type],
    )
  }

  /** The decisions about a plan: the register is walked from the first record that names the plan up to its head. */
  async approvals(plan: string): Promise<readonly RecordedDecision[]> {
    const [first] = await this.#questions.ask<{ n: number | null }>(
      'SELECT min(n) AS n FROM register WHERE plan = $1',
      [plan],
    )
    if (first?.n == null) return []
    let rows: readonly StoredRow[]
    let fault: BrokenChainError | undefined
    try {
      ;({ rows } = await this.#reading.registerFrom(first.n))
    } catch (thrown) {
      if (!(thrown instanceof BrokenChainError)) throw thrown
      fault = thrown
      rows = await this.#questions.ask<StoredRow>(`${RECORDS} AND r.plan = $1 ORDER BY r.pos`, [plan])
    }
    const decided = rows
      .filter(({ execution }) => execution === null)
      .flatMap((row): readonly RecordedDecision[] => {
        const event = legible(row, fault)
        return event.type === 'ApprovalDecided' && event.statement.plan === plan
          ? [{ event, verified: fault === undefined }]
          : []
      })
    if (decided.length === 0 && fault !== undefined) throw fault
    return decided
  }

  async approvalUses(plan: string): Promise<readonly RecordedUse[]> {
    const rows = await this.#ofPlan(plan, 'ApprovalUsed', 'ASC')
    return ofType('ApprovalUsed', rows.map(unaltered)).map(({ nonce, execution }) => ({ nonce, execution }))
  }

  /** The records of some types, oldest first. */
  async ofTypes(types: readonly JournalEvent['type'][]): Promise<readonly JournalEvent[]> {
    const rows = await this.#questions.ask<StoredRow>(`${RECORDS} AND r.type = ANY($1) ORDER BY r.pos`, [types])
    return rows.map(unaltered)
  }

  /** The newest records of a type, newest first. */
  async newest<Type extends JournalEvent['type']>(
    types: readonly Type[],
    limit?: number,
  ): Promise<readonly (JournalEvent & { readonly type: Type })[]> {
    const rows = await this.#questions.ask<StoredRow>(`${RECORDS} AND r.type = ANY($1) ORDER BY r.pos DESC LIMIT $2`, [
      types,
      limit ?? null,
    ])
    // The index has them by their type.
    return rows
      .map(unaltered)
      .filter((event): event is JournalEvent & { readonly type: Type } =>
        (types as readonly string[]).includes(event.type),
      )
  }

  /** The records that say what is missing, and that no restoration has accepted, newest first. */
  async missed(): Promise<readonly (JournalEvent & { readonly type: 'RecordsMissed' })[]> {
    const records = await this.newest(['RecordsMissed', 'StoreRestored'])
    const accepted = records.findIndex(({ type }) => type === 'StoreRestored')
    return ofType('RecordsMissed', accepted === -1 ? records : records.slice(0, accepted))
  }

  async freezes(at: string): Promise<readonly FreezeRecord[]> {
    return freezesAmong(await this.freezeRecords(), at)
  }

  /** Every record that sets or ends a freeze. */
  freezeRecords(): Promise<readonly JournalEvent[]> {
    return this.ofTypes(['FreezeSet', 'FreezeEnded'])
  }

  async schedules(): Promise<readonly ScheduleRecord[]> {
    const rows = await this.#questions.ask<StoredRow>(
      `WITH named AS (SELECT DISTINCT schedule FROM register WHERE schedule IS NOT NULL),
        fired AS (SELECT schedule, (SELECT max(r.instant) FROM register r WHERE r.schedule = named.schedule AND r.type = 'ScheduleFired') AS instant FROM named),
        found AS (
          SELECT r.n FROM register r WHERE r.schedule IS NOT NULL AND r.instant IS NULL
          UNION SELECT r.n FROM fired JOIN register r ON r.schedule = fired.schedule AND r.instant = fired.instant
          UNION SELECT newest.n FROM named CROSS JOIN LATERAL (SELECT r.n FROM register r WHERE r.schedule = named.schedule AND r.instant IS NOT NULL
            ORDER BY r.instant DESC, r.pos DESC LIMIT $1) AS newest)
        SELECT ${REGISTER_ROW} FROM found JOIN register r ON r.n = found.n ORDER BY r.pos`,
      [NEWEST_OF_SCHEDULE],
    )
    return scheduleRecordsAmong(rows.map(unaltered))
  }

  async signals(tokens: readonly string[], after: Cursor): Promise<readonly Signal[]> {
    return ofType('SignalSent', await this.#messages('SignalSent', tokens, after, 'ASC'))
  }

  async stopRequest(execution: string, after: Cursor): Promise<StopRequest | undefined> {
    return ofType('StopRequested', await this.#messages('StopRequested', [execution], after, 'DESC LIMIT 1'))[0]
  }

  async suspendRequest(execution: string, after: Cursor): Promise<SuspendRequest | undefined> {
    return ofType('SuspendRequested', await this.#messages('SuspendRequested', [execution], after, 'DESC LIMIT 1'))[0]
  }

  async #messages(
    type: string,
    receivers: readonly string[],
    after: Cursor,
    order: string,
  ): Promise<readonly JournalEvent[]> {
    const rows = await this.#questions.ask<StoredRow>(
      `${RECORDS} AND r.receiver = ANY($1) AND r.type = $2 AND r.pos > $3 ORDER BY r.pos ${order}`,
      [receivers, type, positionIn(after)],
    )
    return rows.map(unaltered)
  }
}

function legible(row: StoredRow, fault: BrokenChainError | undefined): JournalEvent {
  try {
    return eventOf(row)
  } catch (thrown) {
    throw fault ?? thrown
  }
}
