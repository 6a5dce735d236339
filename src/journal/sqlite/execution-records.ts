import { BrokenChainError, type ChainPoint, type ChainRow, chainHashes, sameBytes, walkChain } from '../chain.ts'
import { digestOf, type RecordCount } from './record-count.ts'

/**
 * Requires of records that belong together, in order, that each is what its hash says and follows the record before it, and that they
 * are the ones that were counted: none altered, none moved, none missing. `pointBefore` gives the record before another one, `wrong` what
 * is thrown where others were counted. Throws BrokenChainError.
 */
export function requireRecordsOf(
  counted: RecordCount | undefined,
  rows: readonly ChainRow[],
  {
    pointBefore,
    wrong,
  }: { readonly pointBefore: (row: ChainRow) => ChainPoint; readonly wrong: () => BrokenChainError },
): void {
  for (const [first, ...rest] of runsOf(rows)) if (first !== undefined) requireRun(pointBefore(first), [first, ...rest])
  if (rows.length !== (counted?.records ?? 0)) throw wrong()
  if (counted !== undefined && !sameBytes(digestOf(rows.map(({ hash }) => hash)), counted.digest)) throw wrong()
}

/** Rows in runs that follow each other without a gap. */
function runsOf(rows: readonly ChainRow[]): readonly (readonly ChainRow[])[] {
  const runs: ChainRow[][] = []
  for (const row of rows) {
    const run = runs.at(-1)
    if (run?.at(-1)?.seq === row.seq - 1) run.push(row)
    else runs.push([row])
  }
  return runs
}

const HASH = 32

function requireRun(before: ChainPoint, run: readonly ChainRow[]): void {
  const hashes = chainHashes(
    before,
    run.map(({ body }) => body),
  )
  const holds = run.every(({ prev, hash }, index) => {
    const own = hashes.subarray(index * HASH, index * HASH + HASH)
    const link = index === 0 ? before.hash : hashes.subarray((index - 1) * HASH, index * HASH)
    return sameBytes(hash, own) && sameBytes(prev, link)
  })
  if (holds) return
  // Row by row, to name the first that does not hold.
  const walked = walkChain(before, run)
  if ('fault' in walked) throw new BrokenChainError(walked.fault)
}
