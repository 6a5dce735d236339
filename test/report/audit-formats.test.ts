import { describe, expect, test } from 'vitest'
import type { JournalEvent } from '../../src/change/record/event/event.ts'
import { cefRecord } from '../../src/report/audit-cef.ts'
import { otlpRequest } from '../../src/report/audit-otlp.ts'
import { syslogMessage, syslogRecord } from '../../src/report/audit-syslog.ts'
import type { AuditSource } from '../../src/report/event-words/history.ts'

const SOURCE: AuditSource = {
  origin: 'eosflow.audit/db-01',
  host: 'noc1.example.com',
  version: '0.3.0',
  enterprise: 32473,
}
const HASH = 'ab'.repeat(32)

const recordOf = (event: object) => {
  const whole = { v: 1, seq: 412, at: '2026-11-20T06:42:11.123Z', actor: 'local:1000:alice@noc1', ...event }
  return { event: whole as JournalEvent, body: JSON.stringify(whole), hash: HASH }
}

const EXITED = recordOf({ type: 'StateExited', execution: 'x1', path: '', state: 'Push', output: {} })
const UNKNOWN = recordOf({
  type: 'ActFinished',
  execution: 'x1',
  device: 'leaf1',
  act: 'arm',
  session: 'eosflow-x1-1',
  outcome: 'unknown',
})
/** What a switch or a person may have written: everything that ends a field in one of the formats. */
const HOSTILE = recordOf({ type: 'StopRequested', stopped: 'x1', reason: 'a "b" \\ c] d=e|f\r\ng\u001b[31m ü' })

describe('RFC 5424', () => {
  test('a record has facility 13, its code as MSGID and its fields as structured data', () => {
    expect(syslogRecord(EXITED, SOURCE)).toBe(
      `<110>1 2026-11-20T06:42:11.123Z noc1.example.com eosflow - EF203I [eosflow@32473 seq="412" actor="local:1000:alice@noc1" execution="x1" state="Push" outcome="ok" origin="eosflow.audit/db-01" hash="${HASH}"] StateExited Push`,
    )
  })

  test('an error is severity 3, a warning 4', () => {
    expect(syslogRecord(UNKNOWN, SOURCE)).toMatch(/^<107>1 .* EF404E \[.* device="leaf1" outcome="unknown"/)
    expect(syslogRecord(HOSTILE, SOURCE)).toMatch(/^<108>1 .* EF104W /)
  })

  test('quotes, backslashes and brackets in values are escaped, control characters shown, UTF-8 is marked', () => {
    const hostile = recordOf({ type: 'UndoStarted', device: 'l"e\\a]f\n1' })
    expect(syslogRecord(hostile, SOURCE)).toContain(' device="l\\"e\\\\a\\]f\\\\u{a}1" ')
    expect(syslogRecord(HOSTILE, SOURCE)).toMatch(
      /\] \ufeffStopRequested x1 is to stop: a "b" \\ c\] d=e\|f\\u\{d\}\\u\{a\}g\\u\{1b\}\[31m ü$/,
    )
  })

  test.each([
    ['noc 1\u00fc', 'noc1'],
    ['', '-'],
    ['h'.repeat(300), 'h'.repeat(255)],
  ])('the host %j is a HOSTNAME', (host, shown) => {
    expect(syslogMessage({ at: 'T', host, code: 'CHECKPOINT', message: 'm' })).toBe(
      `<110>1 T ${shown} eosflow - CHECKPOINT - m`,
    )
  })
})

describe('CEF', () => {
  test('a record has the header and the extension that others read', () => {
    expect(cefRecord(UNKNOWN, SOURCE)).toBe(
      `CEF:0|eosflow|eosflow|0.3.0|EF404E|ActFinished|8|rt=1795156931123 dvchost=noc1.example.com act=arm externalId=412 suser=local:1000:alice@noc1 dhost=leaf1 outcome=unknown cs1Label=execution cs1=x1 cs3Label=hash cs3=${HASH} cs4Label=origin cs4=eosflow.audit/db-01 msg=ActFinished arm unknown, session eosflow-x1-1`,
    )
  })

  test('backslashes and equal signs in values are escaped, a pipe is not, and there is no line break', () => {
    expect(cefRecord(HOSTILE, SOURCE)).toMatch(
      / msg=StopRequested x1 is to stop: a "b" \\\\ c\] d\\=e\|f\\\\u\{d\}\\\\u\{a\}g\\\\u\{1b\}\[31m ü$/,
    )
  })

  test('backslashes and pipes in the header are escaped', () => {
    expect(cefRecord(EXITED, { ...SOURCE, version: '0|3\\\n1' })).toMatch(
      /^CEF:0\|eosflow\|eosflow\|0\\\|3\\\\ 1\|EF203I\|StateExited\|3\|/,
    )
  })
})

describe('OTLP', () => {
  test.each(['', 'x'])('words are not cut in the middle of a character (%j before it)', (before) => {
    const long = recordOf({ type: 'StopRequested', stopped: 'x1', reason: `${before}${'😀'.repeat(600)}` })
    const request = otlpRequest([long], SOURCE)
    expect(request).toContain('😀…"')
    expect(request).not.toMatch(/\\ud[89a-f]/)
  })

  test('records are one request of logs: times and numbers of 64 bits are strings', () => {
    const string = (key: string, stringValue: string) => ({ key, value: { stringValue } })
    expect(JSON.parse(otlpRequest([UNKNOWN], SOURCE))).toEqual({
      resourceLogs: [
        {
          resource: {
            attributes: [
              string('service.name', 'eosflow'),
              string('service.version', '0.3.0'),
              string('host.name', 'noc1.example.com'),
              string('eosflow.origin', 'eosflow.audit/db-01'),
            ],
          },
          scopeLogs: [
            {
              scope: { name: 'eosflow.audit', version: '0.3.0' },
              logRecords: [
                {
                  timeUnixNano: '1795156931123000000',
                  observedTimeUnixNano: '1795156931123000000',
                  severityNumber: 17,
                  severityText: 'ERROR',
                  eventName: 'eosflow.ActFinished',
                  body: { stringValue: 'ActFinished arm unknown, session eosflow-x1-1' },
                  attributes: [
                    string('log.record.uid', 'eosflow.audit/db-01/412'),
                    { key: 'eosflow.seq', value: { intValue: '412' } },
                    string('eosflow.code', 'EF404E'),
                    string('eosflow.actor', 'local:1000:alice@noc1'),
                    string('eosflow.execution', 'x1'),
                    string('eosflow.device', 'leaf1'),
                    string('eosflow.outcome', 'unknown'),
                    string('eosflow.hash', HASH),
                    string('eosflow.record', UNKNOWN.body),
                  ],
                },
              ],
            },
          ],
        },
      ],
    })
  })

  test('information is severity 9, a warning 13', () => {
    const request = JSON.parse(otlpRequest([EXITED, HOSTILE], SOURCE)) as {
      resourceLogs: { scopeLogs: { logRecords: { severityNumber: number }[] }[] }[]
    }
    const records = request.resourceLogs[0]?.scopeLogs[0]?.logRecords ?? []
    expect(records.map(({ severityNumber }) => severityNumber)).toEqual([9, 13])
  })
})

describe('words', () => {
  test('are cut where they are long, in every format', () => {
    const long = recordOf({ type: 'StopRequested', stopped: 'x1', reason: 'r'.repeat(5_000) })
    for (const text of [syslogRecord(long, SOURCE), cefRecord(long, SOURCE)]) {
      expect(text).toMatch(/r…$/)
      expect(text.length).toBeLessThan(1_600)
    }
    expect(otlpRequest([long], SOURCE)).toContain('r'.repeat(5_000))
  })
})
