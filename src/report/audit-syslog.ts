import { type AuditRecord, type AuditSource, auditFields } from './event-words/history.ts'

// Facility 13, log audit (RFC 5424, section 6.2.1).
const FACILITY = 13
const SEVERITY: Readonly<Record<string, number>> = { I: 6, W: 4, E: 3 }
const NOT_PRINTABLE = /[^\x21-\x7e]/g

export interface SyslogParts {
  /** ISO 8601 in UTC. */
  readonly at: string
  readonly host: string
  readonly code: string
  readonly data?: string
  readonly message: string
}

/** A message of RFC 5424. What is not ASCII in it is marked as UTF-8 (section 6.4). */
export function syslogMessage({ at, host, code, data = '-', message }: SyslogParts): string {
  const priority = FACILITY * 8 + (SEVERITY[code.slice(-1)] ?? 6)
  const name = host.replace(NOT_PRINTABLE, '').slice(0, 255) || '-'
  const mark = /^[\x20-\x7e]*$/.test(message) ? '' : '\ufeff'
  return `<${priority}>1 ${at} ${name} eosflow - ${code} ${data} ${mark}${message}`
}

/** A record as a message of RFC 5424: its fields are structured data, its message is for people. */
export function syslogRecord(record: AuditRecord, source: AuditSource): string {
  const { code, words, members } = auditFields(record, source)
  const data = structuredData(source.enterprise, members)
  return syslogMessage({ at: record.event.at, host: source.host, code, data, message: words })
}

/** One element of structured data; quotes, backslashes and closing brackets in values are escaped (RFC 5424, section 6.3.3). */
export function structuredData(enterprise: number, members: Readonly<Record<string, string>>): string {
  const params = Object.entries(members).map(([name, value]) => ` ${name}="${value.replace(/["\\\]]/g, '\\$&')}"`)
  return `[eosflow@${enterprise}${params.join('')}]`
}
