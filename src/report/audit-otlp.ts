import { type AuditRecord, type AuditSource, auditFields } from './event-words/history.ts'

const SEVERITY: Readonly<Record<string, { readonly number: number; readonly text: string }>> = {
  I: { number: 9, text: 'INFO' },
  W: { number: 13, text: 'WARN' },
  E: { number: 17, text: 'ERROR' },
}

/** Records as one ExportLogsServiceRequest in JSON (OTLP/HTTP, opentelemetry-proto 1.x): 64-bit numbers are strings. */
export function otlpRequest(records: readonly AuditRecord[], source: AuditSource): string {
  const resource = [
    text('service.name', 'eosflow'),
    text('service.version', source.version),
    text('host.name', source.host),
    text('eosflow.origin', source.origin),
  ]
  const scope = { name: 'eosflow.audit', version: source.version }
  const logRecords = records.map((record) => logRecord(record, source))
  return JSON.stringify({ resourceLogs: [{ resource: { attributes: resource }, scopeLogs: [{ scope, logRecords }] }] })
}

function logRecord(record: AuditRecord, source: AuditSource): object {
  const { event, body, trace } = record
  const { code, words, members } = auditFields(record, source)
  const { origin: _, seq, ...others } = members
  const severity = SEVERITY[code.slice(-1)]
  const nanoseconds = String(BigInt(Date.parse(event.at)) * 1_000_000n)
  return {
    timeUnixNano: nanoseconds,
    observedTimeUnixNano: nanoseconds,
    severityNumber: severity?.number,
    severityText: severity?.text,
    eventName: `eosflow.${event.type}`,
    ...(trace === undefined ? {} : { traceId: trace.traceId, spanId: trace.spanId }),
    body: { stringValue: words },
    attributes: [
      text('log.record.uid', `${source.origin}/${seq}`),
      { key: 'eosflow.seq', value: { intValue: seq } },
      text('eosflow.code', code),
      ...Object.entries(others).map(([name, value]) => text(`eosflow.${name}`, value)),
      text('eosflow.record', body),
    ],
  }
}

function text(key: string, value: string): object {
  return { key, value: { stringValue: value } }
}
