import type { AuditTrail } from '../../../change/record/audit/audit-trail.ts'
import type { ExportFormat } from '../../../change/record/event/audit-event.ts'
import type { ChainRow } from '../../../change/record/seal/chain.ts'
import { cefRecord } from '../../../report/audit-cef.ts'
import { otlpRequest } from '../../../report/audit-otlp.ts'
import { syslogMessage, syslogRecord } from '../../../report/audit-syslog.ts'
import type { AuditRecord, AuditSource } from '../../../report/event-words/history.ts'
import type { SinkSettings } from '../../files/settings/audit-settings.ts'
import type { Receivers } from './receivers.ts'
import type { RecordedTraces } from './recorded-traces.ts'
import { auditRecord, batches } from './records.ts'

const MILLISECONDS = 15_000

/** One delivery of records, as texts of a form. */
export type Send = (rows: readonly ChainRow[]) => Promise<void>

/** Hands records to `send`, batch by batch, and tells `taken` of each one that was taken. Throws what `send` throws; the rest waits. */
export async function exportRecords(
  audit: AuditTrail,
  { from, through }: { readonly from: number; readonly through: number },
  send: Send,
  taken: (seq: number) => Promise<void>,
): Promise<number> {
  let sent = 0
  for await (const rows of batches(audit, from, through)) {
    await send(rows)
    await taken(rows.at(-1)?.seq ?? 0)
    sent += rows.length
  }
  return sent
}

/** The records of a batch as the lines of a file or of the screen. */
export async function linesIn(
  format: ExportFormat,
  audit: AuditTrail,
  source: AuditSource,
  traces: RecordedTraces,
): Promise<(rows: readonly ChainRow[]) => Promise<string>> {
  if (format === 'jsonl') return async (rows) => audit.jsonLines(rows)
  if (format === 'otlp') return async (rows) => `${await otlpOf(rows, source, traces)}\n`
  const write = format === 'cef' ? cefRecord : syslogRecord
  return async (rows) => rows.map((row) => `${write(auditRecord(row), source)}\n`).join('')
}

async function otlpOf(rows: readonly ChainRow[], source: AuditSource, traces: RecordedTraces) {
  const records: AuditRecord[] = []
  for (const record of rows.map(auditRecord)) {
    const trace = await traces.of(record.event)
    records.push(trace === undefined ? record : { ...record, trace })
  }
  return otlpRequest(records, source)
}

/** How a sink of the settings is sent to. */
export async function sendTo(
  sink: SinkSettings,
  audit: AuditTrail,
  source: AuditSource,
  receivers: Receivers,
  traces: RecordedTraces,
): Promise<Send> {
  if ('file' in sink) {
    const lines = await linesIn(sink.format, audit, source, traces)
    return async (rows) => receivers.append(sink.file, await lines(rows))
  }
  if ('url' in sink)
    return async (rows) => receivers.post(sink.name, sink.url, await otlpOf(rows, source, traces), MILLISECONDS)
  const messageOf = sink.format === 'cef' ? cefMessage : syslogRecord
  return (rows) =>
    receivers.syslog(
      sink,
      rows.map((row) => messageOf(auditRecord(row), source)),
      MILLISECONDS,
    )
}

function cefMessage(record: ReturnType<typeof auditRecord>, source: AuditSource) {
  const message = cefRecord(record, source)
  const code = message.split('|')[4] ?? ''
  return syslogMessage({ at: record.event.at, host: source.host, code, message })
}
