import { expect, test } from 'vitest'
import { secretsInAnswers } from '../../../src/eos/check/builtin/assert.ts'
import { judgeAll, secretlessVerdict } from '../../../src/eos/check/run.ts'
import { passUnless } from '../../../src/model/error.ts'
import type { Json } from '../../../src/model/json.ts'
import { linesOf } from '../../table.ts'

const HASH = '$6$aQw3rT$k2j4h5kj2h4k5jh2'

/** What a message becomes; the secrets are those that its check names. */
const shown = (message: string, ...secrets: readonly string[]) => {
  const verdict = secretlessVerdict({ status: 'error', reason: message }, () => secrets)
  return verdict.status === 'error' ? verdict.reason : 'no longer an error'
}

/** Messages with a secret, and what is left of them. */
const MESSAGES: readonly (readonly [message: string, left: string, ...secrets: string[]])[] = [
  [
    '+++ system:/running-config\n+enable password sha512 $6$ab$cdefgh\n-   key 7 0A1B\n ip routing',
    '+++ system:/running-config\n+enable password sha512 <redacted>\n-   key 7 <redacted>\n ip routing',
  ],
  [
    "Command 'tacacs-server key 7 0A1B2C' in 'interface Ethernet1' - Not found",
    "Command 'tacacs-server key 7 <redacted>' in 'interface Ethernet1' - Not found",
  ],
  [
    "Command 'redis password hunter22' in 'cvx' - Not found",
    "Command 'redis password <redacted>' in 'cvx' - Not found",
  ],
  [
    'expected: true, actual: "hostname leaf1\\nusername carol secret 0 \\"two words\\"\\nend"',
    'expected: true, actual: "hostname leaf1\\nusername carol secret 0 <redacted>\\nend"',
  ],
  [
    'actual: {"cmds":{"key 7 0A1B":null,"snmp-server community hush ro":null}}',
    'actual: {"cmds":{"key 7 <redacted>":null,"snmp-server community <redacted> ro":null}}',
  ],
  ['actual: "{\\"cmds\\":{\\"key 7 0A1B\\":null}}"', 'actual: "{\\"cmds\\":{\\"key 7 <redacted>\\":null}}"'],
  [
    'actual: "end\\nsnmp-server community hush ro\\nhost…',
    'actual: "end\\nsnmp-server community <redacted> ro\\nhost…',
  ],
  ['actual: "snmp-server community hush\\', 'actual: "snmp-server community <redacted>'],
  [`Captured value '${HASH}' is not an integer`, "Captured value '<redacted>' is not an integer"],
  [
    'Host: leaf1 VRF: default Version: v2c - Incorrect community string - Expected: pub Actual: le',
    'Host: leaf1 VRF: default Version: v2c - Incorrect community string - Expected: <redacted> Actual: <redacted>',
    'pub',
    'le',
  ],
  ['actual: prefix-hush-hush-suffix', 'actual: prefix-<redacted>-suffix', 'hush-hush'],
  ['actual: xhush-hushx', 'actual: x<redacted>x', 'hush-hush'],
  ['actual: "a\\"b" and a+b(c)', 'actual: "<redacted>" and <redacted>', 'a"b', 'a+b(c)'],
  ['actual: ["hush-hush","hush-h…', 'actual: ["<redacted>","<redacted>…', 'hush-hush'],
  ['hush and hush-hush', '<redacted> and <redacted>', 'hush', 'hush-hush'],
]

test('no message of a verdict keeps a secret, wherever it is quoted', () => {
  expect(MESSAGES.map(([message, , ...secrets]) => shown(message, ...secrets))).toEqual(
    MESSAGES.map(([, left]) => left),
  )
})

/** Messages of checks in which nothing is secret. */
const HARMLESS = linesOf(`
  Interface: Ethernet1/1 - Status mismatch - Expected: up/up Actual: down/down
  Peer: 10.0.0.1 VRF: default - Session does not have MD5 authentication enabled - it can't, and doesn't
  User: nms Group: NOC Version: v3 - Incorrect authentication type - Expected: SHA-256 Actual: MD5
  Pattern 'username .* secret (.*)' in the running-config - Not found
  Captured value of 'snmp-server community (\\S+)' == 1 in the running-config - Not found
  BGP 10.0.0.1 in default: Established -> Idle - not expected
  actual: {"vrfs":{"default":{"peers":{"10.0.0.1":{"asn":"65001"}}}}}
`)

test('a message without a secret stays as it is', () => {
  expect(HARMLESS.map((message) => shown(message))).toEqual(HARMLESS)
})

test('every text of every status is looked at, and the secrets of a check are asked for only where there is a text', () => {
  const line = `enable secret ${HASH}`
  const none = () => []
  expect(
    [
      passUnless([], [line]),
      passUnless([line, 'and', line]),
      { status: 'skip', reason: line },
      { status: 'error', reason: line },
    ].map((verdict) => secretlessVerdict(verdict as never, none)),
  ).toEqual([
    { status: 'pass', facts: ['enable secret <redacted>'] },
    { status: 'fail', reasons: ['enable secret <redacted>', 'and', 'enable secret <redacted>'] },
    { status: 'skip', reason: 'enable secret <redacted>' },
    { status: 'error', reason: 'enable secret <redacted>' },
  ])
  const asked = () => {
    throw new Error('asked')
  }
  expect(secretlessVerdict(passUnless([]), asked)).toEqual({ status: 'pass', facts: [] })
})

test('a configuration in an answer gives its secrets away, as text, as a model, and under the names of secrets', () => {
  const answers: readonly Json[] = [
    'hostname leaf1\nsnmp-server community hush-hush ro\n   key 7 0A1B\n',
    {
      cmds: {
        [`username carol secret sha512 ${HASH}`]: null,
        'interface Ethernet1': { cmds: { 'mtu 9214': null, 'isis authentication key 7 $1c$abcdefg=': null } },
      },
    },
    {
      hosts: [{ hostname: '10.0.0.1', v1v2cParams: { communityString: 'open-sesame' } }],
      communityList: ['65001:100'],
      sharedKey: 'sim',
      keyId: 'SHA256',
    },
  ]
  expect(
    secretsInAnswers([
      ...answers.map((json) => ({ ok: true, json }) as const),
      { ok: false, error: 'enable secret x' },
    ]),
  ).toEqual(['hush-hush', '0A1B', HASH, '$1c$abcdefg=', 'open-sesame'])
})

test('a community that only the switch has, or only the catalog, is in no verdict', async () => {
  const input = {
    notification_hosts: [
      { hostname: '192.0.2.1', version: 'v2c', community_string: 'expected-1' },
      { hostname: '192.0.2.2', version: 'v3', user: 'nms', udp_port: 163 },
    ],
  }
  const hosts = [
    {
      hostname: '192.0.2.1',
      vrf: '',
      port: 162,
      notificationType: 'trap',
      protocolVersion: 'v2c',
      v1v2cParams: { communityString: 'c1' },
    },
    {
      hostname: '192.0.2.2',
      vrf: '',
      port: 162,
      notificationType: 'trap',
      protocolVersion: 'v3',
      v3Params: { user: 'noc' },
    },
  ]
  const judged = await judgeAll([{ name: 'VerifySnmpNotificationHost', input }], [{ ok: true, json: { hosts } }], {
    device: 'leaf1',
    baseline: {},
  })
  expect(judged.map(({ verdict }) => verdict)).toEqual([
    {
      status: 'fail',
      reasons: [
        'Host: 192.0.2.1 VRF: default Version: v2c - Incorrect community string - Expected: <redacted> Actual: <redacted>',
        'Host: 192.0.2.2 VRF: default - Incorrect UDP port - Expected: 163 Actual: 162',
        'Host: 192.0.2.2 VRF: default Version: v3 - Incorrect user - Expected: nms Actual: <redacted>',
      ],
    },
  ])
})
