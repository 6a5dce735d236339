import type { Clock } from '../../../model/clock.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import type { Notes } from '../store/notes.ts'
import { type ChainReader, chainReader, type LeftRows } from './chain-reader.ts'
import { decisionsOver } from './decisions.ts'
import { type Executions, executionsOver } from './executions.ts'
import { type Lookups, lookupsOver } from './lookups.ts'
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
  const reading = wrapped(chainReader(rows, origin, keys, segments))
  const decisions = decisionsOver({ rows, reading, origin, clock, notes })
  const lookups = wrapped(lookupsOver(rows, reading, decisions))
  return { reading, lookups, executions: wrapped(executionsOver(rows, reading, clock)) }
}

export interface ReaderParts {
  readonly origin: string
  readonly keys: StoreKeys
  readonly segments: LeftRows
  readonly clock: Pick<Clock, 'monotonic'>
  readonly notes: Notes
}
