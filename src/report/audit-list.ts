import { type AuditRecord, type AuditSource, auditFields } from './audit-record.ts'
import { entryJson } from './history.ts'
import { visibleLine } from './visible.ts'

/** Records as one document, version 1, each with its code, its outcome and who did it; `lags` are the anchors that lag behind. */
export function auditListJson(records: readonly AuditRecord[], source: AuditSource, lags: readonly object[]): string {
  const entries = records.map((record) => {
    const { code, words, members } = auditFields(record, source)
    const { seq, at, type } = record.event
    const { seq: _, origin: __, hash, outcome, ...others } = members
    return { seq, at, code, type, outcome, ...others, words, hash, event: entryJson({ event: record.event }) }
  })
  return JSON.stringify({ version: 1, kind: 'audit-list', origin: source.origin, records: entries, lags })
}

/** A record in one line. */
export function auditListLine(record: AuditRecord, source: AuditSource): string {
  const { seq, at, actor } = record.event
  const { code, words, members } = auditFields(record, source)
  const device = members.device === undefined ? '' : ` ${members.device}:`
  return `${String(seq).padStart(6)}  ${at}  ${code}  ${visibleLine(actor)} ${device} ${words}`
}
