import type { Clock } from '../../../model/clock.ts'
import type { Cursor } from '../event/cursor.ts'
import type { JournalEvent } from '../event/event.ts'
import type { TypesRead } from '../event/of-type.ts'
import type { ScheduleRecord } from '../event/schedule.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import type { FreezeRecord } from '../store/freeze.ts'
import type { ExecutionPage, Store, StoreHead, Tail } from '../store/store.ts'
import { ChainReader, type LeftRows } from './chain-reader.ts'
import { type DecisionMemory, Decisions } from './decisions.ts'
import { Executions } from './executions.ts'
import { Lookups } from './lookups.ts'
import type { RecordRows } from './record-rows.ts'

export interface RecordReaders {
  readonly reading: ChainReader
  readonly lookups: Lookups
  readonly executions: Executions
}

export function readersOver(rows: RecordRows, { origin, keys, segments, clock, memory }: ReaderParts): RecordReaders {
  const reading = new ChainReader(rows, origin, keys, segments)
  const decisions = new Decisions({ rows, reading, origin, clock, memory })
  return { reading, lookups: new Lookups(rows, reading, decisions), executions: new Executions(rows, reading, clock) }
}

export interface ReaderParts {
  readonly origin: string
  readonly keys: StoreKeys
  readonly segments: LeftRows
  readonly clock: Pick<Clock, 'monotonic'>
  readonly memory?: DecisionMemory
}

/** The questions of `Store` about what is on record, as every store of chains answers them. */
export class RecordAnswers {
  readonly #reading: ChainReader
  readonly #lookups: Lookups
  readonly #executions: Executions

  constructor({ reading, lookups, executions }: RecordReaders) {
    this.#reading = reading
    this.#lookups = lookups
    this.#executions = executions
  }

  read(execution: string, types?: TypesRead): Promise<readonly JournalEvent[]> {
    return this.#reading.eventsOf(execution, types)
  }

  executions(page: ExecutionPage = {}): ReturnType<Store['executions']> {
    return this.#executions.page(page)
  }

  openExecutions(): ReturnType<Store['openExecutions']> {
    return this.#executions.open()
  }

  executionIds(most?: number): Promise<readonly string[]> {
    return this.#executions.ids(most)
  }

  resolveExecution(word: string): ReturnType<Store['resolveExecution']> {
    return this.#executions.resolve(word)
  }

  requested(key: string): ReturnType<Store['requested']> {
    return this.#lookups.requested(key)
  }

  knowsPlan(digest: string): Promise<boolean> {
    return this.#lookups.knowsPlan(digest)
  }

  planMade(...which: Parameters<Store['planMade']>): ReturnType<Store['planMade']> {
    return this.#lookups.planMade(...which)
  }

  approvals(plan: string, toSend?: 'toSend'): ReturnType<Store['approvals']> {
    return this.#lookups.approvals(plan, toSend)
  }

  carried(plan: string, toSend?: 'toSend'): ReturnType<Store['carried']> {
    return this.#lookups.carried(plan, toSend)
  }

  approvalUses(plan: string): ReturnType<Store['approvalUses']> {
    return this.#lookups.approvalUses(plan)
  }

  planRuns(plan: string): ReturnType<Store['planRuns']> {
    return this.#lookups.planRuns(plan)
  }

  snapshots(): ReturnType<Store['snapshots']> {
    return this.#lookups.newest(['SnapshotTaken'])
  }

  bundles(limit?: number): ReturnType<Store['bundles']> {
    return this.#lookups.newest(['BundlePublished'], limit)
  }

  readonly newestOf: Store['newestOf'] = (type, limit) => this.#lookups.newest([type], limit)

  async restored(): ReturnType<Store['restored']> {
    return (await this.#lookups.newest(['StoreRestored'], 1))[0]
  }

  async policySeen(): ReturnType<Store['policySeen']> {
    return (await this.#lookups.newest(['PolicyLoaded', 'PolicyRetired'], 1))[0]
  }

  freezes(at: string): Promise<readonly FreezeRecord[]> {
    return this.#lookups.freezes(at)
  }

  schedules(): Promise<readonly ScheduleRecord[]> {
    return this.#lookups.schedules()
  }

  signals(tokens: readonly string[], after: Cursor): ReturnType<Store['signals']> {
    return this.#lookups.signals(tokens, after)
  }

  stopRequest(execution: string, after: Cursor): ReturnType<Store['stopRequest']> {
    return this.#lookups.stopRequest(execution, after)
  }

  suspendRequest(execution: string, after: Cursor): ReturnType<Store['suspendRequest']> {
    return this.#lookups.suspendRequest(execution, after)
  }

  tail(after?: Cursor): Promise<Tail> {
    return this.#lookups.tail(after)
  }

  head(): Promise<StoreHead> {
    return this.#lookups.head()
  }

  /** What is known to be missing, and not accepted: the records that say so, newest first. */
  missed(): Promise<readonly (JournalEvent & { readonly type: 'RecordsMissed' })[]> {
    return this.#lookups.missed()
  }
}
