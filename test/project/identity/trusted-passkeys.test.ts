import { describe, expect, test } from 'vitest'
import { parsePasskeys, passkeyLine, passkeyOf } from '../../../src/project/identity/passkey/trusted-passkeys.ts'
import { virtualPasskey } from './virtual-passkey.ts'

const ANN = virtualPasskey('ES256', 'ann')
const BOB = virtualPasskey('EdDSA', 'bob')
const SPAN = 'origin="https://noc.example.com"'

const line = (who: string, options = SPAN, { credential, key } = ANN) =>
  `${who} ${options} ${credential} ${key} her laptop\n`

describe('trust/passkeys', () => {
  test('says whose passkey is whose, and where it may be used', () => {
    const text = `# the people on duty

${line('corp:sub:00u1', 'origin="https://noc.example.com:8443",rp="example.com",person="E1, 00",valid-after="20260101Z",valid-before="20270101Z"')}${line('local:1000:bob@noc1', 'origin="http://localhost:7474"', BOB)}`
    // The option of a person holds no blank.
    expect(parsePasskeys(text, 'trust/passkeys')).toMatchObject({ ok: false })
    expect(parsePasskeys(text.replace('E1, 00', 'E100'), 'trust/passkeys')).toEqual({
      ok: true,
      value: [
        {
          who: 'corp:sub:00u1',
          issuer: 'corp',
          id: '00u1',
          origin: 'https://noc.example.com:8443',
          rpId: 'example.com',
          person: 'E100',
          validAfter: Date.UTC(2026, 0, 1),
          validBefore: Date.UTC(2027, 0, 1),
          credential: ANN.credential,
          key: ANN.key,
        },
        {
          who: 'local:1000:bob@noc1',
          issuer: 'local',
          id: 'local:1000:bob@noc1',
          origin: 'http://localhost:7474',
          rpId: 'localhost',
          credential: BOB.credential,
          key: BOB.key,
        },
      ],
    })
  })

  test('takes a COSE key in base64url, and keeps it in the one form', () => {
    const cose = line('corp:sub:00u1', SPAN, { ...ANN, key: ANN.cose.toString('base64url') })
    expect(parsePasskeys(cose, 'f')).toMatchObject({ value: [{ key: ANN.key }] })
  })

  const REFUSED: Readonly<Record<string, readonly [string, number, string]>> = {
    'too few words': ['corp:sub:00u1 origin="https://a.example"', 1, 'a line has who it is of'],
    'a name': [line('ann@example.org'), 1, '"ann@example.org" names nobody'],
    'a group': [line('corp:group:netops'), 1, 'names nobody'],
    'the holder of an SSH key': [line('ssh:sub:ann'), 1, 'names nobody'],
    'a pattern of local users': [line('local:sub:ann'), 1, 'names nobody'],
    'no quotes': [line('corp:sub:1', 'origin=https://a.example'), 12, 'names and values in quotes'],
    'no origin': [line('corp:sub:1', 'rp="a.example"'), 12, 'origin is missing'],
    'an origin with a path': [line('corp:sub:1', 'origin="https://a.example/"'), 12, 'no origin of pages'],
    http: [line('corp:sub:1', 'origin="http://a.example"'), 12, 'no origin of pages'],
    'an address': [line('corp:sub:1', 'origin="https://10.0.0.1"'), 12, 'no origin of pages'],
    'another site': [line('corp:sub:1', 'origin="https://a.example",rp="b.example"'), 12, 'option rp is neither'],
    'half a name': [line('corp:sub:1', 'origin="https://nota.example",rp="a.example"'), 12, 'option rp is neither'],
    'a whole top level': [line('corp:sub:1', 'origin="https://a.example",rp="example"'), 12, 'option rp is neither'],
    'an option that nobody knows': [line('corp:sub:1', `${SPAN},uv="no"`), 12, 'the option uv is not taken'],
    'an option twice': [line('corp:sub:1', `${SPAN},${SPAN}`), 12, 'an option is there twice'],
    'an empty person': [line('corp:sub:1', `${SPAN},person=""`), 12, 'the option person is empty'],
    'a local time': [line('corp:sub:1', `${SPAN},valid-after="20260101"`), 12, 'not one in UTC'],
    'an id with padding': [line('corp:sub:1', SPAN, { ...ANN, credential: `${ANN.credential}=` }), 45, 'base64url'],
    'a key that is none': [line('corp:sub:1', SPAN, { ...ANN, key: 'AAAA' }), 89, 'public key is not one of'],
  }

  test.each(Object.entries(REFUSED))('refuses %s, with its place', (_name, [text, column, message]) => {
    const read = parsePasskeys(`# one\n${text}`, 'trust/passkeys')
    expect(read).toMatchObject({
      ok: false,
      problems: [{ code: 'bad-passkey', at: { file: 'trust/passkeys', line: 2, column } }],
    })
    expect(read.ok ? '' : read.problems[0].message).toMatch(message)
  })

  test.each([
    ['the same passkey twice', line('corp:sub:1') + line('corp:sub:1'), 'is there twice'],
    [
      'one key of two people',
      line('corp:sub:1') + line('corp:sub:2', SPAN, { ...ANN, credential: 'AAAA' }),
      'already belongs to corp:sub:1',
    ],
    [
      'one identity of two people',
      line('corp:sub:1', `${SPAN},person="A"`) + line('corp:sub:1', SPAN, BOB),
      'is another person in a line before',
    ],
  ] as const)('refuses %s', (_name, text, message) => {
    const read = parsePasskeys(text, 'f')
    expect(read.ok ? '' : read.problems.map((one) => one.message).join()).toMatch(message)
  })

  test('names every line that is wrong, and none of the others', () => {
    const read = parsePasskeys(`x\n${line('corp:sub:1')}y\n`, 'f')
    expect(read.ok ? [] : read.problems.map(({ at }) => at.line)).toEqual([1, 3])
  })
})

describe('the line of a passkey', () => {
  test('is one that the file takes', () => {
    const passkey = { who: 'corp:sub:00u1', credential: ANN.credential, key: ANN.key, person: 'E100' }
    for (const [origin, rpId] of [
      ['https://noc.example.com', 'noc.example.com'],
      ['https://noc.example.com', 'example.com'],
      ['http://localhost:7474', 'localhost'],
    ] as const) {
      const written = passkeyLine({ ...passkey, origin, rpId })
      expect(parsePasskeys(written, 'f')).toMatchObject({ ok: true, value: [{ ...passkey, origin, rpId }] })
    }
  })
})

describe('whose passkey it is', () => {
  const read = parsePasskeys(line('corp:sub:00u1', `${SPAN},valid-before="20270101Z"`), 'f')
  const passkeys = read.ok ? read.value : []
  const now = Date.UTC(2026, 0, 5)
  const { credential, key } = ANN

  test('is said by its id, its key and the time', () => {
    expect(passkeyOf(passkeys, { credential, key, times: [now] })).toMatchObject({ who: 'corp:sub:00u1' })
    const short = credential.slice(0, 16)
    expect(passkeyOf(passkeys, { credential: 'AAAA', key, times: [now] })).toBe(
      'the passkey AAAA is not among the trusted passkeys',
    )
    expect(passkeyOf(passkeys, { credential, key: BOB.key, times: [now] })).toBe(
      `the passkey ${short}… is trusted with another public key`,
    )
    expect(passkeyOf(passkeys, { credential, key, times: [now, Date.UTC(2027, 0, 1)] })).toBe(
      `the passkey ${short}… of corp:sub:00u1 is not valid at that time`,
    )
  })
})
