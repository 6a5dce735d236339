import type { ChainRow } from '../chain.ts'
import type { PolicyRecord } from '../store.ts'
import { requireUnaltered } from './head-walk.ts'
import { parseRow } from './read-row.ts'

/** The record of a policy in a row, if there is one. Throws BrokenChainError when it is not what its hash says. */
export function policyIn(row: ChainRow | undefined): PolicyRecord | undefined {
  if (row === undefined) return undefined
  requireUnaltered(row)
  const event = parseRow(row)
  return event.type === 'PolicyLoaded' || event.type === 'PolicyRetired' ? event : undefined
}
