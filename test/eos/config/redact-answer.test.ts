import { expect, test } from 'vitest'
import { redactModel, redactPrinted } from '../../../src/eos/config/secrets/redact-answer.ts'
import { table } from '../../table.ts'

const shown = () => '<redacted>'

test.each([
  ...table`
  Community name: s3cret                                      Community name: <redacted>
  udp-port: 162 type: trap user: s3cret security model: v2c   udp-port: 162 type: trap user: <redacted> security model: v2c
  udp-port: 162 type: trap user: noc security model: v3 auth  udp-port: 162 type: trap user: noc security model: v3 auth
  TACACS+ server: 10.0.0.1/49, key: s3cret                    TACACS+ server: 10.0.0.1/49, key: <redacted>
  Public key: ssh-ed25519                                     Public key: ssh-ed25519
  Password: <redacted>                                        Password: <redacted>
  BGP community: 65001:100                                    BGP community: 65001:100
  Keepalive: 60                                               Keepalive: 60
  username bob secret sha512 $6$x                             username bob secret sha512 <redacted>
`,
  ['   snmp-server community s3cret ro', '   snmp-server community <redacted> ro'],
  [
    'group name : ro   security model:v2c security name: s3cret',
    'group name : ro   security model:v2c security name: <redacted>',
  ],
])('%s is shown as %s', (line, expected) => {
  expect(redactPrinted(line, shown)).toBe(expected)
})

test.each([
  [
    'a member by its name',
    { passwd: 'x', securityName: 'y', hostkey: 'z' },
    { passwd: '<redacted>', securityName: '<redacted>', hostkey: 'z' },
  ],
  ['each of a list under such a name', { password: ['a', 'b'] }, { password: ['<redacted>', '<redacted>'] }],
  ['no number and no truth', { key: 7, secret: true }, { key: 7, secret: true }],
  [
    'names of the members of communities alone',
    { Communities: { a: 1 }, community: { a: 1 } },
    { Communities: { '<redacted>': 1 }, community: { a: 1 } },
  ],
  ['what is a placeholder already not again', { secret: '<redacted:0a1b2c3d>' }, { secret: '<redacted:0a1b2c3d>' }],
  ['what only begins as one', { secret: '<redacted>x' }, { secret: '<redacted>' }],
  ['what only ends as one', { secret: 'x<redacted>' }, { secret: '<redacted>' }],
])('a model loses %s', (_what, model, expected) => {
  expect(redactModel(model, shown)).toEqual(expected)
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
