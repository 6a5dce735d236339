import type { Clock } from '../../../model/clock.ts'
import type { JournalEvent } from '../event/event.ts'
import type { TypesRead } from '../event/of-type.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import type { Notes } from '../store/notes.ts'
import type { Store } from '../store/store.ts'
import { ChainReader, type LeftRows } from './chain-reader.ts'
import { Decisions } from './decisions.ts'
import { Executions } from './executions.ts'
import { Lookups } from './lookups.ts'
import type { RecordRows } from './record-rows.ts'

export interface RecordReaders {
  readonly reading: ChainReader
  readonly lookups: Lookups
  readonly executions: Executions
}

export function readersOver(rows: RecordRows, { origin, keys, segments, clock, notes }: ReaderParts): RecordReaders {
  const reading = new ChainReader(rows, origin, keys, segments)
  const decisions = new Decisions({ rows, reading, origin, clock, notes })
  return { reading, lookups: new Lookups(rows, reading, decisions), executions: new Executions(rows, reading, clock) }
}

export interface ReaderParts {
  readonly origin: string
  readonly keys: StoreKeys
  readonly segments: LeftRows
  readonly clock: Pick<Clock, 'monotonic'>
  readonly notes: Notes
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

  readonly executions: Store['executions'] = (page = {}) => this.#executions.page(page)
  readonly openExecutions: Store['openExecutions'] = () => this.#executions.open()
  readonly executionIds: Store['executionIds'] = (most) => this.#executions.ids(most)
  readonly resolveExecution: Store['resolveExecution'] = (word) => this.#executions.resolve(word)
  readonly requested: Store['requested'] = (key) => this.#lookups.requested(key)
  readonly knowsPlan: Store['knowsPlan'] = (digest) => this.#lookups.knowsPlan(digest)
  readonly planMade: Store['planMade'] = (...which) => this.#lookups.planMade(...which)
  readonly approvals: Store['approvals'] = (...which) => this.#lookups.approvals(...which)
  readonly carried: Store['carried'] = (...which) => this.#lookups.carried(...which)
  readonly approvalUses: Store['approvalUses'] = (plan) => this.#lookups.approvalUses(plan)
  readonly planRuns: Store['planRuns'] = (plan) => this.#lookups.planRuns(plan)
  readonly snapshots: Store['snapshots'] = () => this.#lookups.newest(['SnapshotTaken'])
  readonly bundles: Store['bundles'] = (limit) => this.#lookups.newest(['BundlePublished'], limit)
  readonly newestOf: Store['newestOf'] = (type, limit) => this.#lookups.newest([type], limit)
  readonly restored: Store['restored'] = async () => (await this.#lookups.newest(['StoreRestored'], 1))[0]
  readonly policySeen: Store['policySeen'] = async () =>
    (await this.#lookups.newest(['PolicyLoaded', 'PolicyRetired'], 1))[0]
  readonly freezes: Store['freezes'] = (at) => this.#lookups.freezes(at)
  readonly schedules: Store['schedules'] = () => this.#lookups.schedules()
  readonly signals: Store['signals'] = (...which) => this.#lookups.signals(...which)
  readonly stopRequest: Store['stopRequest'] = (...which) => this.#lookups.stopRequest(...which)
  readonly suspendRequest: Store['suspendRequest'] = (...which) => this.#lookups.suspendRequest(...which)
  readonly tail: Store['tail'] = (after) => this.#lookups.tail(after)
  readonly head: Store['head'] = () => this.#lookups.head()
  /** What is known to be missing, and not accepted: the records that say so, newest first. */
  readonly missed = (): ReturnType<Lookups['missed']> => this.#lookups.missed()
}
