import { expect, test } from 'vitest'
import { redactModel, redactPrinted } from '../../src/config/redact-answer.ts'

const shown = (): string => '<redacted>'

test.each([
  ['Community name: s3cret', 'Community name: <redacted>'],
  ['   snmp-server community s3cret ro', '   snmp-server community <redacted> ro'],
  [
    'group name : ro   security model:v2c security name: s3cret',
    'group name : ro   security model:v2c security name: <redacted>',
  ],
  [
    'udp-port: 162 type: trap user: s3cret security model: v2c',
    'udp-port: 162 type: trap user: <redacted> security model: v2c',
  ],
  [
    'udp-port: 162 type: trap user: noc security model: v3 auth',
    'udp-port: 162 type: trap user: noc security model: v3 auth',
  ],
  ['TACACS+ server: 10.0.0.1/49, key: s3cret', 'TACACS+ server: 10.0.0.1/49, key: <redacted>'],
  ['Public key: ssh-ed25519', 'Public key: ssh-ed25519'],
  ['Password: <redacted>', 'Password: <redacted>'],
  ['BGP community: 65001:100', 'BGP community: 65001:100'],
  ['Keepalive: 60', 'Keepalive: 60'],
  ['username bob secret sha512 $6$x', 'username bob secret sha512 <redacted>'],
])('%s is shown as %s', (line, expected) => {
  expect(redactPrinted(line, shown)).toBe(expected)
})

test('a model loses secrets in members, in texts and in names', () => {
  expect(
    redactModel(
      {
        communities: { s3cret: { access: 'readOnly' } },
        cmds: { 'username bob secret sha512 $6$x': null, 'hostname leaf1': null },
        users: [
          {
            name: 'bob',
            password: 's3cret',
            sshAuthorizedKey: 's3cret',
            publicKey: 'ssh-ed25519 A',
            passwordMinLength: 8,
          },
        ],
        output: 'enable secret 5 $1$x\n',
        key: '',
        none: null,
      },
      shown,
    ),
  ).toEqual({
    communities: { '<redacted>': { access: 'readOnly' } },
    cmds: { 'username bob secret sha512 <redacted>': null, 'hostname leaf1': null },
    users: [
      {
        name: 'bob',
        password: '<redacted>',
        sshAuthorizedKey: '<redacted>',
        publicKey: 'ssh-ed25519 A',
        passwordMinLength: 8,
      },
    ],
    output: 'enable secret 5 <redacted>\n',
    key: '',
    none: null,
  })
})
