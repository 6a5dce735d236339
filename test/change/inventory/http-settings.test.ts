import { describe, expect, test } from 'vitest'
import { parseSettings } from '../../../src/project/files/settings/settings.ts'

const KEY = `key: '\${env:EOSFLOW_HTTP_KEY}'`
const REF = `\${env:EOSFLOW_HTTP_KEY}`

function problems(http: string) {
  const read = parseSettings(`version: 1\n${http}\n`, 'eosflow.yaml')
  return read.ok ? [] : read.problems.map(({ at, message, hint }) => `${at.line}:${at.column} ${message} (${hint})`)
}

describe('http: of eosflow.yaml', () => {
  test('is absent by default: no host is allowed', () => {
    const read = parseSettings('version: 1\n', 'eosflow.yaml')
    expect(read.ok && read.value.http).toBeUndefined()
  })

  test('names hosts, each with what it is asked under', () => {
    const text = `http:
  ${KEY}
  ca: certs/internal.pem
  hosts:
    - https://CMDB.example.com:443/
    - http://127.0.0.1:8080
    - https://[2001:DB8::7]:8443
    - origin: https://tickets.example.com
      key: '\${file:/etc/eosflow/tickets.key}'
      ca: certs/tickets.pem
      secrets: ['\${env:TICKETS_TOKEN}']
`
    const read = parseSettings(text, 'eosflow.yaml')
    expect(read.ok && read.value.http?.hosts).toEqual([
      { origin: 'https://cmdb.example.com', key: REF, ca: 'certs/internal.pem', secrets: [] },
      { origin: 'http://127.0.0.1:8080', key: REF, ca: 'certs/internal.pem', secrets: [] },
      { origin: 'https://[2001:db8::7]:8443', key: REF, ca: 'certs/internal.pem', secrets: [] },
      {
        origin: 'https://tickets.example.com',
        key: `\${file:/etc/eosflow/tickets.key}`,
        ca: 'certs/tickets.pem',
        secrets: [`\${env:TICKETS_TOKEN}`],
      },
    ])
  })

  test.each([
    'cmdb.example.com',
    'https://*.example.com',
    'https://cmdb.example.com/api',
    'https://cmdb.example.com?x=1',
    'https://me:pass@cmdb.example.com',
    'ftp://cmdb.example.com',
    'https://',
    '"https://cmdb.example.com "',
    '"https:\\\\\\\\cmdb.example.com"',
  ])('does not allow what is no host: %s', (host) => {
    const [first, ...rest] = problems(`http:\n  ${KEY}\n  hosts:\n    - ${host}`)
    expect(rest).toEqual([])
    expect(first).toMatch(/^5:7 a host is a scheme, a name or address, and a port .* \(for example `https:\/\/cmdb/)
  })

  test.each<[string, string, string]>([
    ['no key', 'http:\n  hosts: [https://a.example]', '`key` is missing'],
    ['no hosts', `http:\n  ${KEY}`, '`hosts` is missing'],
    ['an empty list', `http:\n  ${KEY}\n  hosts: []`, 'at least 1'],
    [
      'a key in clear',
      'http:\n  hosts: [https://a.example]\n  key: hunter2hunter2hunter2hunter2hunter2',
      '4:8 write a reference to the secret here, not the secret',
    ],
    [
      'a reference that is malformed',
      `http:\n  hosts: [https://a.example]\n  key: '\${vault:a#b}'`,
      '4:8 not a path and a field of Vault: "a#b"',
    ],
    [
      'a secret in clear',
      `http:\n  ${KEY}\n  hosts:\n    - origin: https://a.example\n      secrets: [hunter2]`,
      '6:17 write a reference to the secret here, not the secret',
    ],
    [
      'a host twice',
      `http:\n  ${KEY}\n  hosts: [https://a.example, 'https://A.example:443']`,
      '4:30 https://a.example is there twice',
    ],
    [
      'a secret over plain http',
      `http:\n  ${KEY}\n  hosts:\n    - origin: http://a.example\n      secrets: ['\${env:T}']`,
      'plain http to http://a.example would send its secrets in clear text',
    ],
    [
      'a key that is not known',
      `http:\n  ${KEY}\n  hosts: [https://a.example]\n  proxy: x`,
      'the key `proxy` is not known',
    ],
  ])('may not have %s', (_what, http, words) => {
    const found = problems(http)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(words)
    expect(found[0]).not.toContain('hunter2')
  })

  test('may send secrets over plain http to this machine', () => {
    const http = `http:\n  ${KEY}\n  hosts:\n    - origin: http://127.0.0.1:8080\n      secrets: ['\${env:T}']`
    expect(problems(http)).toEqual([])
  })
})
