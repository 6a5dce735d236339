import type { Clock } from '../../../model/clock.ts'
import type { JournalEvent } from '../event/event.ts'
import type { TypesRead } from '../event/of-type.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import type { Notes } from '../store/notes.ts'
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

/** `wrapped`: the same reader, as a store asks it. */
export function readersOver(
  rows: RecordRows,
  { origin, keys, segments, clock, notes }: ReaderParts,
  wrapped = <T extends object>(reader: T): T => reader,
): RecordReaders {
  const reading = wrapped(new ChainReader(rows, origin, keys, segments))
  const decisions = new Decisions({ rows, reading, origin, clock, notes })
  const lookups = wrapped(new Lookups(rows, reading, decisions))
  return { reading, lookups, executions: wrapped(new Executions(rows, reading, clock)) }
}

export interface ReaderParts {
  readonly origin: string
  readonly keys: StoreKeys
  readonly segments: LeftRows
  readonly clock: Pick<Clock, 'monotonic'>
  readonly notes: Notes
}

const OF_LOOKUPS = [
  'approvals',
  'approvalUses',
  'bundles',
  'carried',
  'freezes',
  'head',
  'knowsPlan',
  'missed',
  'newestOf',
  'planMade',
  'planRuns',
  'policySeen',
  'requested',
  'restored',
  'schedules',
  'signals',
  'snapshots',
  'stopRequest',
  'suspendRequest',
  'tail',
] as const
const OF_EXECUTIONS = ['executionIds', 'executions', 'openExecutions', 'resolveExecution'] as const

type Answers = Pick<Lookups, (typeof OF_LOOKUPS)[number]> & Pick<Executions, (typeof OF_EXECUTIONS)[number]>

function passedOn<Reader extends object>(reader: Reader, names: readonly (keyof Reader)[]) {
  const asked = (name: keyof Reader, given: readonly unknown[]) =>
    Reflect.apply(reader[name] as () => unknown, reader, given)
  return Object.fromEntries(names.map((name) => [name, (...given: readonly unknown[]) => asked(name, given)]))
}

// A class whose instances have the questions of the readers as their own.
const Answering = class {
  constructor({ lookups, executions }: RecordReaders) {
    Object.assign(this, passedOn(lookups, OF_LOOKUPS), passedOn(executions, OF_EXECUTIONS))
  }
} as unknown as new (
  readers: RecordReaders,
) => Answers

/** The questions of `Store` about what is on record, as every store of chains answers them. */
export class RecordAnswers extends Answering {
  readonly #reading: ChainReader

  constructor(readers: RecordReaders) {
    super(readers)
    this.#reading = readers.reading
  }

  read(execution: string, types?: TypesRead): Promise<readonly JournalEvent[]> {
    return this.#reading.eventsOf(execution, types)
  }
}
