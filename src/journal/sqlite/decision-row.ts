import type { BrokenChainError, ChainRow } from '../chain.ts'
import type { RecordedDecision, RecordedUse } from '../store.ts'
import { legible, parseRow } from './read-row.ts'

/** The decisions in rows of a chain that may have a fault: then none of them is verified. */
export function decisionsIn(
  rows: readonly ChainRow[],
  fault: BrokenChainError | undefined,
): readonly RecordedDecision[] {
  return rows.flatMap((row): readonly RecordedDecision[] => {
    const event = legible(row, fault)
    return event.type === 'ApprovalDecided' ? [{ event, verified: fault === undefined }] : []
  })
}

/** The uses of approvals in rows. */
export function usesIn(rows: readonly ChainRow[]): readonly RecordedUse[] {
  return rows.flatMap((row): readonly RecordedUse[] => {
    const event = parseRow(row)
    return event.type === 'ApprovalUsed' ? [{ nonce: event.nonce, execution: event.execution }] : []
  })
}
