import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyedPlaceholder, redact, redactTyped, shortKeyword } from '../../../src/eos/config/secrets/secrets.ts'
import { cleartextSecrets } from '../../../src/eos/config/secrets/secrets-in-change.ts'
import { everyNthOfLong } from '../../extent.ts'
import { linesOf, table } from '../../table.ts'
import { replacePairs, shared, wholeConfigs } from './replace-pairs.ts'
import { secretLines } from './secret-lines.ts'

const lookAlikes = linesOf(`
  password minimum length 8
  password policy AVD_POLICY
  password encryption-key common
  password encryption reversible aes-256-gcm
  description key 7 bridge
  description neighbor key for password 7 dwarfs
  spanning-tree mst 7 priority 4096
  neighbor 10.0.0.1 send-community standard extended
  no neighbor 10.0.0.1 password
  neighbor 10.0.0.1 password shared-secret profile BGP algorithm aes-128-cmac-96
  no enable password
  no aaa root
  username admin privilege 15 role network-admin nopassword
  aaa authentication policy local allow-nopassword-remote-login
  certificate eAPI.crt key eAPI.key
  key controller
  ntp server 10.0.0.4 iburst key 7
  ntp trusted-key 1
  mka key-server priority 100
  session shared-secret profile profile0
  no session shared-secret profile profile0
  no key 0a0b0c
  key 0a0b0c
  secret receive-lifetime infinite
  no secret 10
  client group RADIUS
  no key-string
  authentication mode sha key-id 10 rx-disabled level-1
  ip ospf authentication message-digest
  isis authentication mode md5
  exec /usr/bin/TerminAttr -cvaddr=10.0.0.5:9910 -cvauth=token,/tmp/token -cvvrf=MGMT
  tftp server file ipv6 https://2001:0db8:fe/ztp/bootstrap
  url https://influx.example:8086/write
  exec /usr/bin/collector --token=/mnt/flash/token --password-file /mnt/flash/pw --secret --verbose
  action bash TOKEN=$(cat /mnt/flash/token) /mnt/flash/report.sh
  description secret: none, token: see wiki
  snmp-server host 10.0.0.9 vrf MGMT
  ip community-list TEST permit 65000:100
  match community LIST-COM
  description Basic connectivity for Bearer plane
  vrrp 7 description gateway
  vxlan vlan 7 vni 10007
  service routing protocols model multi-agent
  enable password sha512 <removed>
`)

const plain = (marked: string) => marked.replaceAll(/[«»]/g, '')
const shown = (marked: string) =>
  marked.replaceAll(/"?«[^»]*»"?/g, (match) =>
    match.includes(' ') && match.startsWith('"') ? '<redacted>' : match.replace(/«[^»]*»/, '<redacted>'),
  )

describe('redact', () => {
  test.each(secretLines)('[S25] takes the secret out of: %s', (marked) => {
    expect(redact(plain(marked))).toBe(shown(marked))
  })

  test('the table holds 46 forms and 16 look-alikes or more', () => {
    expect(secretLines.length).toBeGreaterThanOrEqual(46)
    expect(lookAlikes.length).toBeGreaterThanOrEqual(16)
  })

  test.each(lookAlikes)('leaves alone: %s', (line) => {
    expect(redact(line)).toBe(line)
  })

  test.each(['+', '-', ' ', '+   ', '-      ', '      '])(
    'finds the same secrets behind a diff sign or indentation %j',
    (prefix) => {
      const text = secretLines.map((line) => prefix + plain(line.trim())).join('\n')
      expect(redact(text)).toBe(secretLines.map((line) => prefix + shown(line.trim())).join('\n'))
    },
  )

  test('finds the secret of a command that an error message quotes', () => {
    expect(redact("CLI command 3 of 5 'username bob secret hunter2 ' failed: invalid command")).toBe(
      "CLI command 3 of 5 'username bob secret <redacted> ' failed: invalid command",
    )
  })

  test('a second pass changes nothing', () => {
    const once = redact(secretLines.map(plain).join('\n'))
    expect(redact(once)).toBe(once)
  })

  test.each(['7 Established', 'leaf1: 7 Configuration'])('a count before a word is no type 7: %s', (text) => {
    expect(redact(text)).toBe(text)
  })

  test('a private key loses its body and keeps its lines, in a text and in a diff; a certificate stays', () => {
    const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDBzHp0Rvf3Tq5C'
    const certificate = ['-----BEGIN CERTIFICATE-----', body, '-----END CERTIFICATE-----', 'EOF']
    const key = [
      '-----BEGIN RSA PRIVATE KEY-----',
      'Proc-Type: 4,ENCRYPTED',
      '',
      body,
      'c2hvcnQ=',
      '-----END RSA PRIVATE KEY-----',
      'EOF',
    ]
    const hidden = [key[0], '<redacted>', '', '<redacted>', '<redacted>', key[5], 'EOF']
    expect(redact(['   protocol https certificate', ...certificate, ...key, '!'].join('\n'))).toBe(
      ['   protocol https certificate', ...certificate, ...hidden, '!'].join('\n'),
    )
    expect(redact(key.map((line) => `+${line}`).join('\n'))).toBe(hidden.map((line) => `+${line}`).join('\n'))
  })

  test('a private key that a hunk cuts off at either end', () => {
    const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDBzHp0Rvf3Tq5C'
    expect(redact(`@@ -4 +4 @@\n ${body}\n-${body}\n+${body}==\n`)).toBe(
      '@@ -4 +4 @@\n <redacted>\n-<redacted>\n+<redacted>\n',
    )
    expect(redact(`-----BEGIN PRIVATE KEY-----\n${body}\ninterface Ethernet1\n   mtu 9214\n`)).toBe(
      '-----BEGIN PRIVATE KEY-----\n<redacted>\ninterface Ethernet1\n   mtu 9214\n',
    )
  })

  test('the line that ends the text of a key which is cut off is no part of it', () => {
    expect(redact('-----BEGIN PRIVATE KEY-----\nMIIE\nEOF\nMIIE\n')).toBe(
      '-----BEGIN PRIVATE KEY-----\n<redacted>\nEOF\n<redacted>\n',
    )
  })

  test('the short last line of a key whose first line a diff does not show', () => {
    const [was, is] = [
      'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQDBzHp0Rvf3Tq5C',
      'MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQC7VJTUt9Us8cKj',
    ]
    expect(redact(`-${was}\n+${is}\n-c2hvcnQ=\n+bG9uZ2Vy\n+mtu 9214\n word\n`)).toBe(
      '-<redacted>\n+<redacted>\n-<redacted>\n+<redacted>\n+mtu 9214\n word\n',
    )
  })

  test('a private key on one line, its line breaks escaped', () => {
    expect(redact('"-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n"')).toBe(
      '"-----BEGIN PRIVATE KEY-----<redacted>-----END PRIVATE KEY-----\\n"',
    )
  })

  test('a keyed placeholder shows that a secret changed, and equal ones as equal', () => {
    const keyed = keyedPlaceholder((secret) => createHmac('sha256', 'salt').update(secret).digest('hex'))
    const [first, changed, again] = redact(
      'tacacs-server key a\ntacacs-server key b\ntacacs-server key a',
      keyed,
    ).split('\n')
    expect(first).toBe('tacacs-server key <redacted:cf52da60>')
    expect(changed).toMatch(/^tacacs-server key <redacted:[0-9a-f]{8}>$/)
    expect(changed).not.toBe(first)
    expect(again).toBe(first)
    expect(redact(first ?? '', keyed)).toBe(first)
  })

  test('a canary in the place of any secret never comes through, whatever it is made of', () => {
    const token = fc.stringMatching(/^[A-Za-z0-9!#$%&*+./:=?@^_~-]{6,24}$/)
    // Forms whose value is known by its shape, or is a key with words in it, take no arbitrary value.
    const anyValue = secretLines.filter((line) => !/future|description|curl|https|"|ssh-?key|^exec/.test(line))
    expect(anyValue.length).toBeGreaterThan(45)
    fc.assert(
      fc.property(fc.constantFrom(...anyValue), token, (line, canary) => {
        const secret = `Q${canary}Q`
        expect(redact(line.replaceAll(/«[^»]*»/g, () => secret))).not.toContain(secret)
      }),
    )
  })

  const hostile = [
    'username ',
    'username x secret "',
    'snmp-server user a ',
    'snmp-server host a vrf b ',
    'neighbor a password ',
    'key 7 ',
    '7 7 7 ',
    '7 aaaaaaaaaaaaaaaa',
    'eyJ',
    'eyJaaaaaaaa.',
    'a:',
    'a://b:',
    'http://',
    'curl ',
    'curl -u ',
    'mysql -p ',
    'snmpwalk -A ',
    'ldapsearch -w a',
    ' -u a:',
    '-u "',
    "-u a:'",
    '--user=\\"',
    '-H "token:',
    '-b a',
    '-x a:',
    '"token":',
    '$6$',
    '$',
    '+',
    ' ',
    '\t',
    'tacacs-server host ',
    'authentication key-id 1 ',
    'ipsec spi 1 esp ',
    '-----BEGIN RSA PRIVATE KEY-----',
    '-----BEGIN ',
    'Bearer aaaa',
    'Basic ',
    'A',
    'a',
    'password ',
    'secret x ',
    'pre-shared-key ascii ',
    'localized ',
    '-cvauth=key,',
    '--api-',
    '--token ',
    'A_',
    'TOKEN=',
    'x-',
    'token: ',
    '.auth=token',
    'message-digest-key 1 a ',
  ]

  test.each(everyNthOfLong(11, 'pieces of a hostile line', hostile))(
    'a line of 300 KB of %j costs linear time',
    { tags: ['long', 'turn'] },
    (piece) => {
      const line = piece.repeat(Math.ceil(300_000 / piece.length))
      const once = (text: string) => {
        const from = process.cpuUsage()
        redactTyped(text)
        const { user, system } = process.cpuUsage(from)
        return (user + system) / 1000
      }
      // Time of the processor, which other work on the machine does not count in. What is below the limit at once needs no comparison.
      if (once(line) < 400) return
      const timed = (text: string) => Math.min(once(text), once(text), once(text))
      expect(timed(line)).toBeLessThan(Math.max(3.5 * timed(line.slice(0, 150_000)), 400))
    },
  )

  test.skipIf(!shared)(
    'no type 7 string and no hash of the whole recorded configurations is left (skipped without them)',
    () => {
      const texts = wholeConfigs()
      const left = texts.flatMap(
        ({ text }) => redact(text).match(/\$[156]\$\S+|(?:password|key|secret) (?:7|8a|sha512) (?!<re)\S+/g) ?? [],
      )
      expect(texts).toHaveLength(397)
      expect(left).toEqual([])
    },
  )

  test.skipIf(!shared)('no line of the whole recorded configurations is shortened (skipped without them)', () => {
    const texts = wholeConfigs()
    const lines = [...new Set(texts.flatMap(({ text }) => text.split('\n')))]
    expect(texts).toHaveLength(397)
    expect(lines.filter((line) => shortKeyword(line) !== undefined)).toEqual([])
  })

  test.each(lookAlikes)('nor is: %s', (line) => {
    expect(shortKeyword(line)).toBe(undefined)
  })
})

describe('clear-text secrets in a change', () => {
  test.each([
    ...table`
    username bob secret hunter2                 username bob secret <redacted>
    username bob privilege 15 secret 0 hunter2  username bob privilege 15 secret 0 <redacted>
    enable secret hunter2                       enable secret <redacted>
    enable password 0 hunter2                   enable password 0 <redacted>
    tacacs-server key tac                       tacacs-server key <redacted>
    radius-server host 10.0.0.1 key 0 rad       radius-server host 10.0.0.1 key 0 <redacted>
    ntp authentication-key 1 md5 ntp            ntp authentication-key 1 md5 <redacted>
  `,
    ['   neighbor 10.0.0.1 password 0 bgp', 'neighbor 10.0.0.1 password 0 <redacted>'],
  ])('%s', (line, without) => {
    expect(cleartextSecrets(['vlan 10', line])).toMatchObject([{ index: 1, line: without, kind: 'clear-text' }])
  })

  test.each([
    ['   isis authentication key 0 isis', 'isis authentication key 0 <redacted>'],
    ['secret Rotated 0 word receive-lifetime infinite', 'secret Rotated 0 <redacted> receive-lifetime infinite'],
    [
      'snmp-server user a G v3 auth sha ap priv aes pp',
      'snmp-server user a G v3 auth sha <redacted> priv aes <redacted>',
    ],
  ])('rewritten, but always the same: %s', (line, without) => {
    expect(cleartextSecrets([line])).toMatchObject([{ index: 0, line: without, kind: 'rewritten' }])
  })

  test.each([
    ['username bob secret sha512 <removed>'],
    ['neighbor 10.0.0.1 password 7 <redacted>'],
    ['snmp-server community <redacted:0a1b2c3d> ro'],
    ['snmp-server community REDACTED ro'],
    ['exec /usr/bin/TerminAttr -cvauth=key,<removed> -taillogs'],
  ])('[G73] a placeholder is never pushed: %s', (line) => {
    expect(cleartextSecrets([line])).toMatchObject([{ index: 0, kind: 'scrubbed' }])
  })

  test('hashes, encrypted forms, verbatim secrets, negations and look-alikes may be pushed', () => {
    const fine = [
      'username bob privilege 15 role network-admin secret sha512 $6$Zk1pQ$4kD.fJ/x',
      'username bob secret 5 $1$RT/92Zg9$J8wD1qPAdQBcOhv4fefyt.',
      'username bob secret *',
      'username bob ssh-key ssh-rsa AAAAB3NzaC1yc2E',
      'username admin privilege 15 role network-admin nopassword',
      'enable password sha512 $6$saltsalt$Zm9v',
      'neighbor 10.0.0.1 password 7 AQQvKeimxJu+uGQ/yYvvNw==',
      'tacacs-server host 10.1.1.1 key 8a $kUVyoj7FVQ==$kxx',
      'snmp-server community s3cr3tRO ro',
      'snmp-server user a G v3 localized f5717f auth sha 60f329 priv aes b5a97c',
      'no neighbor 10.0.0.1 password',
      'no username bob secret',
      'no enable password',
      ...lookAlikes.filter((line) => !line.includes('<removed>')),
    ]
    expect(cleartextSecrets(fine)).toEqual([])
  })

  test('the mend says which form to give', () => {
    expect(cleartextSecrets(['username a secret b', 'tacacs-server key b'])).toMatchObject([
      { mend: expect.stringContaining('sha512') },
      { mend: expect.stringContaining('type 7') },
    ])
  })

  test.skipIf(!shared)(
    'which candidates of the 79 replace pairs carry one (skipped without the shared material)',
    { tags: ['long', 'turn'] },
    () => {
      const pairs = replacePairs()
      const flagged = pairs.flatMap(({ name, candidate }) =>
        cleartextSecrets(candidate.split('\n')).map(({ kind }) => `${kind} ${name}`),
      )
      expect(pairs).toHaveLength(79)
      expect(flagged).toEqual(['rewritten 036_7d63726_management-security', 'rewritten 084_9786578_snmp-settings-1'])
    },
  )
})
