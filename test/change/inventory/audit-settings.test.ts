import { describe, expect, test } from 'vitest'
import { parseSettings } from '../../../src/project/files/settings/settings.ts'

function auditOf(yaml: string) {
  const read = parseSettings(`audit:\n${yaml.replace(/^/gm, '  ')}`, 'eosflow.yaml')
  return read.ok
    ? { audit: read.value.audit }
    : { problems: read.problems.map(({ message, at }) => `${at.line}: ${message}`) }
}

describe('audit: of the settings', () => {
  test('is empty without it', () => {
    const read = parseSettings('', 'eosflow.yaml')
    expect(read).toMatchObject({ ok: true, value: { audit: { enterprise: 32473, anchors: [], sinks: [] } } })
  })

  test('names anchors and sinks of every kind', () => {
    const anchors = [
      '- { name: worm, file: ../a.note }',
      "- { name: log, syslog: 'tls://logs.example.com', ca: ca.pem }",
      "- { name: hook, webhook: 'https://audit.example.com/x' }",
    ]
    const sinks = [
      "- { name: siem, format: cef, syslog: 'udp://[2001:db8::1]:5514' }",
      '- { name: archive, format: jsonl, file: a.jsonl }',
      "- { name: col, format: otlp, url: 'https://otel.example.com/v1/logs' }",
    ]
    expect(auditOf(`enterprise: 64512\nanchors:\n${anchors.join('\n')}\nsinks:\n${sinks.join('\n')}`)).toEqual({
      audit: {
        enterprise: 64512,
        anchors: [
          { name: 'worm', file: '../a.note' },
          { name: 'log', syslog: { protocol: 'tls', host: 'logs.example.com', port: 6514 }, ca: 'ca.pem' },
          { name: 'hook', webhook: 'https://audit.example.com/x' },
        ],
        sinks: [
          { name: 'siem', format: 'cef', syslog: { protocol: 'udp', host: '2001:db8::1', port: 5514 } },
          { name: 'archive', format: 'jsonl', file: 'a.jsonl' },
          { name: 'col', format: 'otlp', url: 'https://otel.example.com/v1/logs' },
        ],
      },
    })
  })

  test.each([
    ['udp://logs', 514],
    ['tcp://logs', 601],
    ['tls://logs', 6514],
    ['tcp://logs:5140', 5140],
  ])('%s is port %i', (address, port) => {
    expect(auditOf(`anchors: [{ name: a, syslog: '${address}' }]`)).toMatchObject({
      audit: { anchors: [{ syslog: { port } }] },
    })
  })

  test.each([
    ['no place', 'anchors: [{ name: a }]'],
    ['two places', "anchors: [{ name: a, file: x, syslog: 'udp://x' }]"],
    ['another scheme', "anchors: [{ name: a, syslog: 'http://x' }]"],
    ['a port that is none', "anchors: [{ name: a, syslog: 'udp://x:70000' }]"],
    ['a path behind the address', "anchors: [{ name: a, syslog: 'udp://x/y' }]"],
    ['a webhook that is none', "anchors: [{ name: a, webhook: 'ftp://x' }]"],
    ['a name with a blank', 'anchors: [{ name: a b, file: x }]'],
    ['a name twice', 'anchors: [{ name: a, file: x }, { name: a, file: y }]'],
    ['a sink without a format', 'sinks: [{ name: a, file: x }]'],
    ['JSON lines over syslog', "sinks: [{ name: a, format: jsonl, syslog: 'udp://x' }]"],
    ['OTLP in a file', 'sinks: [{ name: a, format: otlp, file: x }]'],
    ['an unknown key', 'ancors: []'],
  ])('is refused with %s', (_name, yaml) => {
    const { problems } = auditOf(yaml)
    expect(problems?.length).toBeGreaterThan(0)
  })
})
