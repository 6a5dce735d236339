import { describe, expect, test } from 'vitest'
import { parseSettings } from '../../../src/project/files/settings/settings.ts'

const ENV = `\${env:VAULT_TOKEN}`

function problems(secrets: string) {
  const read = parseSettings(`version: 1\nsecrets:\n${secrets}\n`, 'eosflow.yaml')
  return read.ok ? [] : read.problems.map(({ at, message, hint }) => `${at.line}:${at.column} ${message} (${hint})`)
}

const secretsIn = (text: string) => {
  const read = parseSettings(text, 'eosflow.yaml')
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.value.secrets
}

describe('secrets: of eosflow.yaml', () => {
  test('is absent by default: no program is run and no Vault is asked', () => {
    expect(secretsIn('version: 1\n')).toEqual({ exec: {} })
    expect(secretsIn('# nothing\n')).toEqual({ exec: {} })
  })

  test('declares programs and a Vault', () => {
    const text = `secrets:
  exec:
    pass: { command: [/usr/bin/pass, show, '{key}'] }
    aws:
      command: [/usr/bin/aws, secretsmanager, get-secret-value, --secret-id, '{key}', --query, SecretString, --output, text]
      env: [HOME, AWS_PROFILE]
      timeout: 20
  vault:
    address: https://Vault.example.com:8200/
    namespace: net/dc1
    ca: certs/vault.pem
    login: { jwt: { role: eosflow } }
`
    expect(secretsIn(text)).toEqual({
      exec: {
        pass: { command: ['/usr/bin/pass', 'show', '{key}'], env: [], seconds: 10 },
        aws: {
          command: [
            '/usr/bin/aws',
            'secretsmanager',
            'get-secret-value',
            '--secret-id',
            '{key}',
            '--query',
            'SecretString',
            '--output',
            'text',
          ],
          env: ['HOME', 'AWS_PROFILE'],
          seconds: 20,
        },
      },
      vault: {
        address: 'https://vault.example.com:8200',
        namespace: 'net/dc1',
        ca: 'certs/vault.pem',
        login: { method: 'jwt', role: 'eosflow', mount: 'jwt', token: 'caller' },
      },
    })
  })

  test.each([
    [`{ token: '${ENV}' }`, { method: 'token', token: ENV }],
    [
      `{ jwt: { role: ci, mount: gitlab, token: '${ENV}' } }`,
      { method: 'jwt', role: 'ci', mount: 'gitlab', token: ENV },
    ],
    [
      `{ approle: { roleId: 7c1e, secretId: '${ENV}' } }`,
      { method: 'approle', mount: 'approle', roleId: '7c1e', secretId: ENV },
    ],
  ])('logs in to Vault with %s', (login, expected) => {
    const { vault } = secretsIn(`secrets: { vault: { address: 'http://127.0.0.1:8200', login: ${login} } }\n`)
    expect(vault?.login).toEqual(expected)
  })

  const vault = (more: string) => `  vault: { address: https://v.example, ${more} }`
  test.each<[string, string, RegExp]>([
    ['a program that is looked for', '  exec: { pass: { command: [pass, show] } }', /named by its absolute path/],
    ['no program', '  exec: { pass: { command: [] } }', /^3:/],
    ['a command in one text', '  exec: { pass: { command: /usr/bin/pass show } }', /^3:/],
    ['an hour', '  exec: { pass: { command: [/bin/a], timeout: 3600 } }', /60/],
    [
      'a variable with its value',
      '  exec: { pass: { command: [/bin/a], env: [A=hunter2] } }',
      /not a name of an environment variable/,
    ],
    ['a shell', '  exec: { pass: { command: [/bin/a], shell: true } }', /the key `shell` is not known/],
    [
      'plain http elsewhere',
      `  vault: { address: 'http://10.0.0.7:8200', login: { token: '${ENV}' } }`,
      /plain http would send its token in clear text/,
    ],
    [
      'a path in the address',
      `  vault: { address: 'https://v.example/v1', login: { token: '${ENV}' } }`,
      /a scheme, a name or address, and a port; nothing else/,
    ],
    [
      'a user in the address',
      `  vault: { address: 'https://a:hunter2@v.example', login: { token: '${ENV}' } }`,
      /a scheme, a name/,
    ],
    [
      'a token in clear',
      vault('login: { token: hvs.hunter2 }'),
      /write a reference to the secret here, not the secret/,
    ],
    [
      'a token in Vault',
      vault(`login: { token: '\${vault:kv/data/a#b}' }`),
      /the login to Vault cannot be kept in Vault itself/,
    ],
    ['two logins', vault(`login: { token: '${ENV}', jwt: { role: a } }`), /exactly one way to log in is needed/],
    ['no login', vault('login: {}'), /exactly one way to log in is needed/],
    [
      'a certificate that is not judged',
      vault(`insecure: true, login: { token: '${ENV}' }`),
      /the key `insecure` is not known/,
    ],
  ])('may not have %s', (_what, secrets, message) => {
    const found = problems(secrets)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(message)
    expect(found[0]).not.toContain('hunter2')
  })
})
