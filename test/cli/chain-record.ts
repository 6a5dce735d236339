import type { ChainExcerpt } from '../../src/journal/audit/excerpt.ts'
import { type ChangeRecord, changeRecordIn } from '../../src/report/change-record/change-record.ts'

/** The record of a change of a store with one chain. */
export type ChainRecord = ChangeRecord & { readonly excerpt: ChainExcerpt }

/** The same in a page. */
export function chainRecordIn(page: string): ChainRecord | undefined {
  const record = changeRecordIn(page)
  return record?.excerpt.v === 1 ? { ...record, excerpt: record.excerpt } : undefined
}
