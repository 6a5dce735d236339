import { type AuditRecord, type AuditSource, auditFields } from './event-words/history.ts'

const SEVERITY: Readonly<Record<string, number>> = { I: 3, W: 6, E: 8 }

const KEYS: Readonly<Record<string, string>> = {
  seq: 'externalId',
  actor: 'suser',
  device: 'dhost',
  outcome: 'outcome',
}
const CUSTOM = ['execution', 'plan', 'hash', 'origin', 'state'] as const

/** A record in the Common Event Format (ArcSight, version 0). */
export function cefRecord(record: AuditRecord, source: AuditSource): string {
  const { code, words, members } = auditFields(record, source)
  const { event } = record
  const header = ['eosflow', 'eosflow', source.version, code, event.type, String(SEVERITY[code.slice(-1)] ?? 3)]
  const known = Object.entries(KEYS).flatMap(([name, key]) => pair(key, members[name]))
  const custom = CUSTOM.flatMap((name, index) => {
    const value = members[name]
    return value === undefined ? [] : [...pair(`cs${index + 1}Label`, name), ...pair(`cs${index + 1}`, value)]
  })
  const extension = [
    ...pair('rt', String(Date.parse(event.at))),
    ...pair('dvchost', source.host),
    ...pair('act', 'act' in event ? event.act : event.type),
    ...known,
    ...custom,
    ...pair('msg', words),
  ]
  return `CEF:0|${header.map(escapedInHeader).join('|')}|${extension.join(' ')}`
}

function pair(key: string, value: string | undefined) {
  return value === undefined ? [] : [`${key}=${escapedInExtension(value)}`]
}

function escapedInHeader(text: string) {
  return text.replace(/[\\|]/g, '\\$&').replace(/[\r\n]/g, ' ')
}

function escapedInExtension(text: string) {
  return text.replace(/[\\=]/g, '\\$&').replace(/\r/g, '\\r').replace(/\n/g, '\\n')
}
