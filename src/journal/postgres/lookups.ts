import type { PlanRun } from '../../model/plan-run.ts'
import { BrokenChainError } from '../chain.ts'
import { type Cursor, cursorBehind, positionIn } from '../cursor.ts'
import type { JournalEvent } from '../event.ts'
import { type FreezeRecord, freezesAmong } from '../freeze.ts'
import { ofType } from '../of-type.ts'
import { planRunsAmong } from '../plan-runs.ts'
import { NEWEST_OF_SCHEDULE, type ScheduleRecord, scheduleRecordsAmong } from '../schedule.ts'
import type {
  PlanRecord,
  RecordedDecision,
  RecordedUse,
  Signal,
  StopRequest,
  StoreHead,
  SuspendRequest,
  Tail,
} from '../store.ts'
import type { Questions } from './database.ts'
import { EXECUTION_HEAD, type ExecutionHead, REGISTER_HEAD, type Reading, type RegisterHead } from './reading.ts'
import { EVENT_ROW, eventOf, REGISTER_ROW, type StoredRow, unaltered } from './rows.ts'

/** So many records are given behind a cursor at most. */
const AT_ONCE = 1_000

const REGISTER = `${REGISTER_ROW}, ${REGISTER_HEAD} FROM`
/** With the head of the register, of the same moment. */
const RECORDS = `SELECT ${REGISTER} register r LEFT JOIN register_head h ON true WHERE r.mirror IS NULL`

/**
 * The questions about records outside of executions, and about plans, each answered by an index. Records are judged by their own hash, and
 * each must be among those that the sealed head of its chain speaks of.
 */
export class Lookups {
  readonly #questions: Questions
  readonly #reading: Reading

  constructor(questions: Questions, reading: Reading) {
    this.#questions = questions
    this.#reading = reading
  }

  /** The record with which the execution of a key of a run began. */
  async requested(key: string): Promise<(JournalEvent & { readonly type: 'ExecutionStarted' }) | undefined> {
    const row = await this.#questions.one<StoredRow>(
      `SELECT ${EVENT_ROW} FROM used u JOIN event e ON e.execution = u.execution AND e.n = 1 WHERE u.key = $1`,
      [`key ${key}`],
    )
    return row && ofType('ExecutionStarted', [unaltered(row)])[0]
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
    return this.#driven(`e.plan = $1 AND e.type = $2 ORDER BY e.pos ${order}`, [digest, type])
  }

  /** Records of executions that are sealed. */
  async #driven(wanted: string, values: readonly unknown[]): Promise<readonly StoredRow[]> {
    const rows = await this.#questions.ask<StoredRow & ExecutionHead>(
      `SELECT ${EVENT_ROW}, ${EXECUTION_HEAD} FROM event e LEFT JOIN execution x ON x.id = e.execution WHERE ${wanted}`,
      values,
    )
    this.#reading.requireUnder(rows)
    return rows
  }

  /** The records of all chains behind a position and up to another one, in order; at most so many. Nothing is added there any more. */
  async #between(after: number, through: number, limit: number): Promise<readonly JournalEvent[]> {
    const values = [after, through, limit]
    const driven = await this.#driven(`e.pos > $1 AND e.pos <= $2 ORDER BY e.pos LIMIT $3`, values)
    const others = await this.#registered(`${RECORDS} AND r.pos > $1 AND r.pos <= $2 ORDER BY r.pos LIMIT $3`, values)
    return [...driven.map(unaltered), ...others].sort((one, other) => one.seq - other.seq).slice(0, limit)
  }

  /** The head of the register, and the newest position and time of all chains. */
  async head(): Promise<StoreHead> {
    const row = await this.#questions.one<{ hash: Uint8Array; seq: number; latest: string | null }>(
      `SELECT h.hash, greatest((SELECT max(pos) FROM event), (SELECT max(pos) FROM register), 0) AS seq,
        greatest((SELECT max(at) FROM event WHERE pos >= h.clock_since), (SELECT max(at) FROM register WHERE pos >= h.clock_since)) AS latest
        FROM register_head h`,
    )
    if (row === undefined) throw new BrokenChainError({ seq: 0, reason: 'the head of the register is gone' })
    return { seq: row.seq, hash: row.hash, latest: row.latest ?? undefined }
  }

  /** Of all chains in the order of positions, up to where nothing can be added any more. */
  async tail(after?: Cursor): Promise<Tail> {
    const found = await this.#questions.one<{ horizon: number }>('SELECT horizon()')
    const horizon = found?.horizon ?? 0
    if (after === undefined) return { events: [], cursor: cursorBehind({ seq: horizon }) }
    const events = await this.#between(positionIn(after), horizon, AT_ONCE)
    const last = events.at(-1)
    return { events, cursor: last === undefined ? after : cursorBehind(last) }
  }

  /** Records of the register that are sealed. */
  async #registered(text: string, values: readonly unknown[]): Promise<readonly JournalEvent[]> {
    const rows = await this.#questions.ask<StoredRow & RegisterHead>(text, values)
    this.#reading.requireRegistered(rows)
    return rows.map(unaltered)
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

  /** Looks at the first record of each execution of the plan, and at the end of those that are not open. */
  async planRuns(plan: string): Promise<readonly PlanRun[]> {
    const made = `e.execution IN (SELECT execution FROM event WHERE plan = $1 AND type = 'PlanMade')`
    const [begun, ended] = await Promise.all([
      this.#driven(`${made} AND e.n = 1 ORDER BY e.pos`, [plan]),
      this.#driven(`${made} AND e.type = 'ExecutionEnded' AND NOT x.is_open ORDER BY e.pos`, [plan]),
    ])
    return planRunsAmong([...begun, ...ended].map(unaltered))
  }

  /** The records of some types, oldest first. */
  async ofTypes(types: readonly JournalEvent['type'][]): Promise<readonly JournalEvent[]> {
    return this.#registered(`${RECORDS} AND r.type = ANY($1) ORDER BY r.pos`, [types])
  }

  /** The newest records of a type, newest first. */
  async newest<Type extends JournalEvent['type']>(
    types: readonly Type[],
    limit?: number,
  ): Promise<readonly (JournalEvent & { readonly type: Type })[]> {
    const found = await this.#registered(`${RECORDS} AND r.type = ANY($1) ORDER BY r.pos DESC LIMIT $2`, [
      types,
      limit ?? null,
    ])
    // The index has them by their type.
    return found.filter((event): event is JournalEvent & { readonly type: Type } =>
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
    const found = await this.#registered(
      `WITH named AS (SELECT DISTINCT schedule FROM register WHERE schedule IS NOT NULL),
        fired AS (SELECT schedule, (SELECT max(r.instant) FROM register r WHERE r.schedule = named.schedule AND r.type = 'ScheduleFired') AS instant FROM named),
        found AS (
          SELECT r.n FROM register r WHERE r.schedule IS NOT NULL AND r.instant IS NULL
          UNION SELECT r.n FROM fired JOIN register r ON r.schedule = fired.schedule AND r.instant = fired.instant
          UNION SELECT newest.n FROM named CROSS JOIN LATERAL (SELECT r.n FROM register r WHERE r.schedule = named.schedule AND r.instant IS NOT NULL
            ORDER BY r.instant DESC, r.pos DESC LIMIT $1) AS newest)
        SELECT ${REGISTER} found JOIN register r ON r.n = found.n LEFT JOIN register_head h ON true ORDER BY r.pos`,
      [NEWEST_OF_SCHEDULE],
    )
    return scheduleRecordsAmong(found)
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
    return this.#registered(
      `${RECORDS} AND r.receiver = ANY($1) AND r.type = $2 AND r.pos > $3 ORDER BY r.pos ${order}`,
      [receivers, type, positionIn(after)],
    )
  }
}

function legible(row: StoredRow, fault: BrokenChainError | undefined): JournalEvent {
  try {
    return eventOf(row)
  } catch (thrown) {
    throw fault ?? thrown
  }
}
