import { BrokenChainError, type ChainPoint, type ChainRow, sameBytes, walkChain } from '../chain.ts'
import { digestOf, type ExecutionEntry } from './execution-entry.ts'
import { wrongEntry } from './execution-table.ts'

/**
 * Requires of the records of one execution, in order, that each is what its hash says and follows the record before it, and that they are
 * the ones that its sealed entry counts: none altered, none moved, none missing. `pointBefore` gives the record before a position. Throws
 * BrokenChainError.
 */
export function requireRecordsOf(
  entry: ExecutionEntry,
  rows: readonly ChainRow[],
  pointBefore: (seq: number) => ChainPoint,
): void {
  let before: ChainPoint | undefined
  for (const row of rows) {
    const walked = walkChain(before?.seq === row.seq - 1 ? before : pointBefore(row.seq), [row])
    if ('fault' in walked) throw new BrokenChainError(walked.fault)
    before = row
  }
  const hashes = rows.map(({ hash }) => hash)
  if (rows.length !== entry.records || !sameBytes(digestOf(hashes), entry.digest)) throw wrongEntry(entry)
}
