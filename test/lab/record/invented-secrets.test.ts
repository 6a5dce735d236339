import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { secretsIn } from '../../../src/eos/config/secrets/secrets.ts'
import { InventedSecrets, isDistinctive, withoutValues, wordsLeft } from '../../../src/lab/record/invented-secrets.ts'

const KEY = 'k'.repeat(64)

/** Lines with one secret each, and the form that what is invented has. */
const LINES: readonly (readonly [line: string, form: RegExp])[] = [
  [
    'username bob privilege 15 role network-admin secret sha512 $6$Zk1pQ$4kD.fJ/x',
    /^\$6\$[A-Z][a-z]\d[a-z][A-Z]\$\d[a-z][A-Z]\.[a-z][A-Z]\/[a-z]$/,
  ],
  ['username bob secret sha512 $6$rounds=5000$saltsalt$Zm9vYmFyYmF6', /^\$6\$rounds=5000\$[a-z]{8}\$[A-Z][a-z]\d/],
  ['enable secret 5 $1$5C7CVuxv$nnhvQNclN1suw/HTaYpA/0', /^\$1\$\d[A-Z]\d[A-Z]{2}[a-z]{3}\$/],
  ['tacacs-server key 7 070E234F1F5B4A', /^07[0-9A-F]{12}$/],
  ['snmp-server user mon NOC v3 localized f5717f444ca824448b00 auth sha256 60f32944b9', /^[0-9a-f]{10}$/],
  ['   neighbor UNDERLAY-PEERS password 7 AQQvKeimxJu+uGQ/yYvvNw==', /^[A-Za-z]{11}\+[A-Za-z]{3}\/[A-Za-z]{6}==$/],
  ['isis authentication key 7 $1c$sTNAlR6rKSw=', /^\$1c\$[A-Za-z]{6}\d[A-Za-z]{4}=$/],
  ['snmp-server community s3cr3tRO ro SNMP-ACL', /^[a-z]\d[a-z]{2}\d[a-z][A-Z]{2}$/],
  ['username bob secret "two words"', /^"[a-z]{3} [a-z]{5}"$/],
  [
    'username bob ssh-key ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQ bob@host',
    /^ssh-rsa AAAAB3NzaC1yc2EAAAADAQABA[A-Z]{3}[a-z][A-Z] [a-z]{3}@[a-z]{4}$/,
  ],
  ['   shared-key 7 ABCDEF12345678', /^[A-F]{6}\d{8}$/],
]

describe('invented secrets', () => {
  test.each(LINES)('%s', (line, form) => {
    const [secret] = secretsIn(line)
    if (secret === undefined) throw new Error('the line has no secret')
    const made = new InventedSecrets(KEY).config(line)
    const [invented] = secretsIn(made)
    expect(made).not.toContain(secret.value)
    expect(invented).toMatchObject({ form: secret.form, from: secret.from, to: secret.to })
    expect(invented?.value).toMatch(form)
    expect(made.slice(0, secret.from) + made.slice(secret.to)).toBe(line.slice(0, secret.from) + line.slice(secret.to))
  })

  test('the same for the same, another for another, the same again with the same key only', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9+/$.]{5,40}$/)
    fc.assert(
      fc.property(fc.uniqueArray(secret, { minLength: 2, maxLength: 20 }), (values) => {
        const [one, again, other] = [
          new InventedSecrets(KEY),
          new InventedSecrets(KEY),
          new InventedSecrets('o'.repeat(64)),
        ]
        const made = values.map((value) => one.of(value))
        expect(new Set(made).size).toBe(values.length)
        expect(values.map((value) => one.of(value))).toEqual(made)
        expect(values.map((value) => again.of(value))).toEqual(made)
        expect(values.map((value) => other.of(value))).not.toEqual(made)
        expect(made.map(({ length }) => length)).toEqual(values.map(({ length }) => length))
      }),
      { numRuns: 200 },
    )
  })

  test('a private key loses each line of its body, a certificate none', () => {
    const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7'
    const pem = (what: string) => `-----BEGIN ${what}-----\n${body}\n-----END ${what}-----\n`
    const made = new InventedSecrets(KEY).config(pem('PRIVATE KEY') + pem('CERTIFICATE'))
    expect(made.match(new RegExp(body, 'g'))).toHaveLength(1)
    expect(made).toContain(pem('CERTIFICATE'))
    expect(made).toMatch(/^-----BEGIN PRIVATE KEY-----\n[A-Za-z0-9]{52}\n-----END PRIVATE KEY-----\n/)
  })

  test('a model loses those of its lines, of members that name one, and those known as a whole', () => {
    const secrets = new InventedSecrets(KEY)
    secrets.config('snmp-server community public ro')
    const made = secrets.model({
      communities: { public: { access: 'ro' } },
      cmds: { 'enable secret 0 hunter4hunter4': null },
      hosts: [{ communityString: 'hunter5hunter5' }],
      users: [
        { sshAuthorizedKey: 'ssh-ed25519 AAAAC3Nza', secret: 'hunter2hunter2', privLevel: 15, passwordSet: true },
      ],
      log: 'configured: username bob secret 0 hunter3hunter3',
      words: 'public house',
    })
    expect(JSON.stringify(made)).not.toMatch(/AAAAC3NzaC|hunter/)
    expect(made).toMatchObject({
      communities: { [secrets.of('public')]: { access: 'ro' } },
      users: [{ privLevel: 15, passwordSet: true }],
      log: `configured: username bob secret 0 ${secrets.of('hunter3hunter3')}`,
      words: 'public house',
    })
  })
})

describe('values that are known', () => {
  test.each([
    ['hunter2', true],
    ['s3cr3t', true],
    ['p4ss', false],
    ['public', false],
    ['password', true],
  ])('%s is distinctive: %s', (value, distinctive) => {
    expect(isDistinctive(value)).toBe(distinctive)
  })

  test('are replaced wherever they are, the longest first; ordinary words are named', () => {
    const values = new Map([
      ['hunter2', 'AAAA'],
      ['hunter2hunter2', 'BBBB'],
      ['public', 'CCCC'],
    ])
    expect(withoutValues('banner: hunter2hunter2, xhunter2y and public', values)).toBe(
      'banner: BBBB, xAAAAy and public',
    )
    expect(withoutValues('hun', values)).toBe('hun')
    expect(wordsLeft('publicity is public', values.keys())).toEqual(['public'])
    expect(wordsLeft('publicity', values.keys())).toEqual([])
  })
})
