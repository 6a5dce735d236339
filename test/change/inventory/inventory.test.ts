import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseInventory } from '../../../src/change/inventory/inventory.ts'
import { pinnedReferences } from '../../../src/change/inventory/pinned-references.ts'
import { problemsOf } from '../../../src/text/source/located.ts'
import { lists } from '../../table.ts'

const FILE = `
defaults:    { transport: eapi, credentials: operator, tls: { ca: certs/ca.pem } }
credentials:
  operator: { username: eosflow-rw, password: '\${env:EOSFLOW_RW}' }
  reader:   { username: eosflow-ro, password: '\${vault:net/ro#password}', enable: '\${exec:pass?net/enable}' }
devices:
  leaf1: { host: 10.0.0.11, tags: { role: leaf, site: dc1, mlag: pair1, asn: 65101 } }
  leaf2: { host: 2001:db8::12, port: 8443, credentials: reader, tls: { pin: sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= } }
`

describe('parseInventory', () => {
  test('reads an inventory', () => {
    const parsed = parseInventory(FILE, 'inventory.yaml')
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
    expect(parsed.value.devices).toEqual([
      {
        name: 'leaf1',
        host: '10.0.0.11',
        port: 443,
        transport: 'eapi',
        protocol: 'https',
        tls: { mode: 'ca', file: 'certs/ca.pem' },
        credentials: 'operator',
        tags: { role: 'leaf', site: 'dc1', mlag: 'pair1', asn: '65101' },
        groups: [],
        vars: expect.anything(),
      },
      {
        name: 'leaf2',
        host: '2001:db8::12',
        port: 8443,
        transport: 'eapi',
        protocol: 'https',
        tls: { mode: 'pin', sha256: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' },
        credentials: 'reader',
        tags: {},
        groups: [],
        vars: expect.anything(),
      },
    ])
    expect(parsed.value.credentials).toEqual({
      operator: {
        at: { file: 'inventory.yaml', line: 4, column: 13 },
        username: 'eosflow-rw',
        password: { provider: 'env', name: 'EOSFLOW_RW' },
      },
      reader: {
        at: { file: 'inventory.yaml', line: 5, column: 13 },
        username: 'eosflow-ro',
        password: { provider: 'vault', path: 'net/ro', field: 'password' },
        enable: { provider: 'exec', name: 'pass', key: 'net/enable' },
      },
    })
  })

  test('a tag is text as it is written, also where YAML reads a number', () => {
    const tags = 'a: 010, b: 1e3, c: 1.0, d: 0x1F, e: 65000.10, f: 65101, g: "010", h: 12345678'
    const parsed = parseInventory(`${CREDENTIALS}devices:\n  a: { host: h, tags: { ${tags} } }`, 'inventory.yaml')
    expect(parsed.ok && parsed.value.devices[0]?.tags).toEqual({
      a: '010',
      b: '1e3',
      c: '1.0',
      d: '0x1F',
      e: '65000.10',
      f: '65101',
      g: '010',
      h: '12345678',
    })
  })

  test('reads the inventory of its page', () => {
    const page = readFileSync(new URL('../../../docs/inventory.md', import.meta.url), 'utf8')
    const [, example = ''] = /^```yaml inventory\n([\s\S]*?)^```/m.exec(page) ?? []
    const parsed = parseInventory(example, 'docs/inventory.md')
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
    expect(parsed.value.devices.map(({ name, transport, port }) => [name, transport, port])).toEqual([
      ['leaf1', 'eapi', 443],
      ['leaf2', 'ssh', 22],
    ])
  })

  test('reads how switches are reached over SSH', () => {
    const parsed = parseInventory(
      `credentials: { op: { username: a, key: "\${file:/keys/id}" } }\n` +
        'defaults: { transport: ssh, credentials: op, protocol: http }\n' +
        'devices:\n  a: { host: 10.0.0.1 }\n  b: { host: h, port: 2222, ssh: { knownHosts: certs/known_hosts } }\n' +
        "  c: { host: c, ssh: { hostKey: 'SHA256:uNiVztksCsDhcc0u9e8BrwQxiPXRnIXq/CTVmrk/zXo' } }\n",
      'inventory.yaml',
    )
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
    const common = { transport: 'ssh', credentials: 'op', tags: {}, groups: [], vars: expect.anything() }
    expect(parsed.value.devices).toEqual([
      {
        ...common,
        name: 'a',
        host: '10.0.0.1',
        port: 22,
        hostKey: { mode: 'known-hosts', file: '~/.ssh/known_hosts' },
      },
      { ...common, name: 'b', host: 'h', port: 2222, hostKey: { mode: 'known-hosts', file: 'certs/known_hosts' } },
      {
        ...common,
        name: 'c',
        host: 'c',
        port: 22,
        hostKey: { mode: 'pin', fingerprint: 'SHA256:uNiVztksCsDhcc0u9e8BrwQxiPXRnIXq/CTVmrk/zXo' },
      },
    ])
    expect(parsed.value.credentials).toEqual({
      op: {
        at: { file: 'inventory.yaml', line: 1, column: 20 },
        username: 'a',
        key: { provider: 'file', path: '/keys/id' },
      },
    })
  })

  test('simulated switches log in over plain http on loopback', () => {
    const parsed = parseInventory(
      'credentials: { sim: { username: admin, password: admin, simulated: true } }\n' +
        'devices: { leaf1: { host: 127.0.0.1, port: 18080, protocol: http, credentials: sim } }\n',
      'inventory.yaml',
    )
    expect(parsed.ok && parsed.value.devices[0]).toMatchObject({ port: 18080, protocol: 'http' })
    expect(parsed.ok && parsed.value.credentials.sim?.password).toEqual({ provider: 'simulated', text: 'admin' })
  })

  test('http without a port is port 80', () => {
    const parsed = parseInventory(
      `defaults: { credentials: s }\ncredentials: { s: { username: a, password: "\${file:/pw}" } }\n` +
        'devices: { a: { host: localhost, protocol: http } }',
      'i',
    )
    expect(parsed.ok && parsed.value.devices[0]?.port).toBe(80)
  })

  const CREDENTIALS = `credentials: { op: { username: a, password: "\${env:A}" } }\ndefaults: { credentials: op }\n`
  /** What is wrong with devices of that login, line by line. */
  const OF_DEVICES = lists`
    another transport |   a: { host: h, transport: netconf } | invalid-value 4:28
    plain http to a real switch |   a: { host: 10.0.0.1, protocol: http } | plain-http 4:34
    an unknown credential |   a: { host: h, credentials: opp } | unknown-credential 4:30
    a url as host |   a: { host: https://leaf1 } | bad-host 4:14
    an impossible address |   a: { host: 10.0.0.256 } | bad-host 4:14
    one address twice |   a: { host: h };   b: { host: H, port: 443 } | shared-address 5:14
    one address in two spellings |   a: { host: '2001:db8::11' };   b: { host: '2001:0DB8:0::0011' } | shared-address 5:14
    an IPv4 address and the same within IPv6 |   a: { host: 192.0.2.11 };   b: { host: '::FFFF:192.0.2.11' } | shared-address 5:14
    an address in hexadecimal |   a: { host: '0xc000020b' } | bad-host 4:14
    a part of an address in hexadecimal |   a: { host: '0xC0.0.2.11' } | bad-host 4:14
    one name with and without the dot of the root |   a: { host: leaf1.example };   b: { host: leaf1.example. } | shared-address 5:14
    two ways of trust |   a: { host: h, tls: { ca: x, insecure: true } } | tls-contradiction 4:22
    two ways of trust in a host key |   a: { host: h, ssh: { knownHosts: x, hostKey: 'SHA256:uNiVztksCsDhcc0u9e8BrwQxiPXRnIXq/CTVmrk/zXo' } } | ssh-contradiction 4:22
    a host key that is no fingerprint |   a: { host: h, ssh: { hostKey: 'MD5:00:11' } } | invalid-value 4:33
    a keyword as name |   not: { host: h } | invalid-key 4:3
    a tag with a line feed |   a: { host: h, tags: { role: "x\nvlan 1" } } | invalid-value 4:31
    a port that is text |   a: { host: h, port: https } | wrong-type 4:23
    several faults at once |   a: { hots: h };   b: { host: 1, tags: { role: [x] } } | unknown-key 4:8; wrong-type 5:14; wrong-type 5:31
  `
  test.each<[string, string, string[]]>([
    [
      'a password in clear text',
      'credentials: { op: { username: a, password: hunter2 } }\ndevices: {}',
      ['clear-text-secret 1:45'],
    ],
    [
      'an unknown provider',
      `credentials: { op: { username: a, password: "\${aws:x}" } }\ndevices: {}`,
      ['bad-reference 1:45'],
    ],
    ['no credential', 'devices:\n  a: { host: h }', ['no-credentials 2:3']],
    [
      'a credential that logs nobody in',
      'credentials: { op: { username: a } }\ndevices: { a: { host: h, credentials: op } }',
      ['no-login 1:16'],
    ],
    [
      'a key for eAPI',
      `credentials: { op: { username: a, key: "\${file:/k}" } }\ndevices:\n  a: { host: h, credentials: op }`,
      ['no-password 3:30'],
    ],
    [
      'a simulated login on a real switch',
      'credentials: { s: { username: a, password: b, simulated: true } }\ndevices:\n  a: { host: 10.0.0.1, credentials: s }',
      ['simulated-login 3:14'],
    ],
    ...OF_DEVICES.map(([what, lines = [], problems = []]): [string, string, string[]] => [
      what,
      `${CREDENTIALS}devices:\n${lines.join('\n')}`,
      problems,
    ]),
  ])('[G71] refuses %s', (_, text, expected) => {
    const problems = problemsOf(parseInventory(text, 'inventory.yaml'))
    expect(problems.map(({ code, at }) => `${code} ${at.line}:${at.column}`)).toEqual(expected)
    expect(problems.every(({ at }) => at.file === 'inventory.yaml')).toBe(true)
    expect(JSON.stringify(problems)).not.toContain('hunter2')
  })
})

describe('the users of a switch', () => {
  const USERS = `credentials:
  operator: { username: rw, password: "\${exec:pass?rw}" }
  reader: { username: ro, password: "\${vault:kv/data/net#ro@3}" }
  sim: { username: admin, password: admin, simulated: true }
`
  const STORES = {
    exec: { pass: { command: ['/usr/bin/pass', '{key}'] as const, env: [], seconds: 10 } },
    vault: { address: 'https://v.example', login: { method: 'token', token: `\${env:T}` } as const },
  }
  const found = (text: string, stores?: typeof STORES | { exec: object }) =>
    problemsOf(parseInventory(`${USERS}${text}`, 'i', stores as typeof STORES | undefined)).map(
      ({ code, at, message, hint }) => `${code} ${at.line}:${at.column} ${message} (${hint})`,
    )

  test('are one that writes and, if the inventory says so, one that reads: its own, or that of the defaults', () => {
    const text = `${USERS}defaults: { credentials: operator, readCredentials: reader }
devices:
  a: { host: h }
  b: { host: i, readCredentials: operator }
`
    const parsed = parseInventory(text, 'i', STORES)
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
    expect(parsed.value.devices.map((one) => [one.credentials, one.readCredentials])).toEqual([
      ['operator', 'reader'],
      ['operator', 'operator'],
    ])
    expect(pinnedReferences(parsed.value, ['a'])).toEqual([`\${vault:kv/data/net#ro@3}`])
    expect(pinnedReferences(parsed.value, ['b'])).toEqual([])
  })

  test.each<[string, string, readonly RegExp[]]>([
    [
      'one that is not there',
      'devices: { a: { host: h, credentials: operator, readCredentials: raeder } }',
      [/^unknown-credential 5:\d+ there is no credential `raeder` \(did you mean `reader`/],
    ],
    [
      'an invented one for a real switch',
      'devices: { a: { host: h, credentials: operator, readCredentials: sim } }',
      [/^simulated-login 5:\d+ the simulated login is not for h/],
    ],
    [
      'one that reads and none that writes',
      'devices: { a: { host: h, readCredentials: reader } }',
      [/^no-credentials/],
    ],
  ])('may not be %s', (_what, text, expected) => {
    const problems = found(text, STORES)
    expect(problems).toHaveLength(expected.length)
    for (const [index, pattern] of expected.entries()) expect(problems[index]).toMatch(pattern)
  })

  test('may be kept only where the settings say, if they are known', () => {
    expect(found('devices: {}')).toEqual([])
    expect(found('devices: {}', { exec: {} })).toEqual([
      'unknown-store 2:39 the settings declare no program `pass` (declare it under `secrets: exec:` in eosflow.yaml)',
      'unknown-store 3:37 the settings name no Vault (declare it under `secrets: vault:` in eosflow.yaml)',
    ])
    expect(found('devices: {}', { exec: { paas: {} } })[0]).toMatch(/no program `pass` \(did you mean `paas`/)
  })
})
