import { type AuditRecord, type AuditSource, auditFields, entryJson } from './event-words/history.ts'
import { visibleLine } from './text/text.ts'

/** Records as one document, version 1, each with its code, its outcome and who did it; `lags` are the anchors that lag behind. */
export function auditListJson(records: readonly AuditRecord[], source: AuditSource, lags: readonly object[]): string {
  const [begin, end] = auditListEnds(source, lags)
  return `${begin}${records.map((record) => auditEntryJson(record, source)).join(',')}${end}`
}

/** What is before its entries, and behind them: whoever prints many records has not all of them at once. */
export function auditListEnds({ origin }: AuditSource, lags: readonly object[]): readonly [begin: string, end: string] {
  const begin = `{"version":1,"kind":"audit-list","origin":${JSON.stringify(origin)},"records":[`
  return [begin, `],"lags":${JSON.stringify(lags)}}`]
}

export function auditEntryJson(record: AuditRecord, source: AuditSource): string {
  const { code, words, members } = auditFields(record, source)
  const { seq, at, type } = record.event
  const { seq: _, origin: __, hash, outcome, ...others } = members
  const entry = { seq, at, code, type, outcome, ...others, words, hash, event: entryJson({ event: record.event }) }
  return JSON.stringify(entry)
}

export function auditListLine(record: AuditRecord, source: AuditSource): string {
  const { seq, at, actor } = record.event
  const { code, words, members } = auditFields(record, source)
  const device = members.device === undefined ? '' : ` ${members.device}:`
  return `${String(seq).padStart(6)}  ${at}  ${code}  ${visibleLine(actor)} ${device} ${words}`
}
