import { createECDH, createHash, createPrivateKey, createPublicKey, hkdfSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { approvalChallenge, statementNonce } from '../../../src/change/policy/approval.ts'
import type { ApprovalStatement } from '../../../src/model/approval.ts'
import { EosflowError } from '../../../src/model/error.ts'
import {
  assertionFault,
  madePasskey,
  readAuthenticatorData,
  readCbor,
  readWebauthnKey,
  type WebauthnAssertion,
} from '../../../src/project/identity/passkey/webauthn-key.ts'
import { GIVEN_STATEMENT } from '../../change/policy/given-approval.ts'
import { everyNthOfLong } from '../../extent.ts'
import { linesOf } from '../../table.ts'
import {
  type Algorithm,
  attestationOf,
  authenticatorData,
  type Saying,
  SITE,
  UP_UV,
  virtualPasskey,
} from './virtual-passkey.ts'

const ALGORITHMS: readonly Algorithm[] = ['ES256', 'EdDSA', 'RS256']
const PASSKEYS = Object.fromEntries(ALGORITHMS.map((algorithm) => [algorithm, virtualPasskey(algorithm)]))
const passkeyWith = (algorithm: Algorithm) => PASSKEYS[algorithm] ?? virtualPasskey(algorithm)

const STATEMENT: ApprovalStatement = {
  ...GIVEN_STATEMENT,
  approver: { issuer: 'corp', id: '00u1', kind: 'person', auth: 'passkey' },
  comment: 'größer',
  policy: 'sha256:p1',
}
const CHALLENGE = approvalChallenge(STATEMENT)

const judged = (
  algorithm: Algorithm,
  saying: Saying = {},
  change: Partial<WebauthnAssertion> = {},
  challenge = CHALLENGE,
) => {
  const passkey = passkeyWith(algorithm)
  const answer = passkey.answer(CHALLENGE.toString('base64url'), saying)
  return assertionFault({ ...answer, ...change }, { challenge, key: Buffer.from(passkey.key, 'base64'), site: SITE })
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

describe('what a passkey signs', () => {
  test('is the digest of a name, a zero byte and the statement', () => {
    // printf 'eosflow-approval-v3\0%s' STATEMENT | sha256sum, of the canonical JSON typed by hand.
    const typed =
      '{"approver":{"auth":"passkey","id":"00u1","issuer":"corp","kind":"person"},"comment":"größer","decision":"approve","expires":"2026-01-05T12:00:00.000Z","kind":"eosflow.approval","maxRuns":1,"nonce":"00112233445566778899aabbccddeeff","notBefore":"2026-01-05T08:00:00.000Z","plan":"sha256:aa","policy":"sha256:p1","store":"eosflow.audit/0123456789abcdef","v":3}'
    const zero = Buffer.concat([Buffer.from('eosflow-approval-v3'), Buffer.alloc(1), Buffer.from(typed)])
    expect(CHALLENGE.toString('hex')).toBe(sha256(zero))
    expect(Buffer.from(statementNonce(STATEMENT), 'base64url').toString('hex')).toBe(sha256(Buffer.from(typed)))
  })
})

describe('an assertion', () => {
  test.each(ALGORITHMS)('that is genuine is good: %s', (algorithm) => {
    expect(judged(algorithm)).toBeUndefined()
    const { cose, key, answer } = passkeyWith(algorithm)
    const given = answer(CHALLENGE.toString('base64url'))
    expect(assertionFault(given, { challenge: CHALLENGE, key: cose, site: SITE })).toBeUndefined()
    expect(readWebauthnKey(cose)).toMatchObject({ algorithm, spki: key })
  })

  const ROWS: Readonly<Record<string, readonly [Saying, string | undefined]>> = {
    'nobody verified': [{ flags: 0x01 }, 'the authenticator has not verified who was present'],
    'nobody present': [{ flags: 0x04 }, 'nobody was present when it was made'],
    'backed up, though it cannot be': [
      { flags: UP_UV | 0x10 },
      'the authenticator data cannot be read: it says that it is backed up, and that it cannot be',
    ],
    'backed up': [{ flags: UP_UV | 0x18 }, undefined],
    'a counter': [{ counter: 4_294_967_295 }, undefined],
    'another RP ID': [{ rpId: 'example.com' }, 'the authenticator has signed for another site than noc.example.com'],
    'another origin': [{ origin: 'https://evil.example' }, 'it was made at another site than https://noc.example.com'],
    'another port': [
      { origin: 'https://noc.example.com:8443' },
      'it was made at another site than https://noc.example.com',
    ],
    'an origin in capitals': [
      { origin: 'https://NOC.example.com' },
      'it was made at another site than https://noc.example.com',
    ],
    'a frame in another site': [{ client: { crossOrigin: true } }, 'it was made inside a page of another site'],
    'a frame, by its top': [
      { client: { topOrigin: 'https://evil.example' } },
      'it was made inside a page of another site',
    ],
    'a frame, in words': [{ client: { crossOrigin: 'no' } }, 'it was made inside a page of another site'],
    'a new credential': [{ type: 'webauthn.create' }, 'it is no answer to a request to sign'],
    'another challenge': [{ client: { challenge: 'AAAA' } }, 'it is over something else'],
    'the challenge with padding': [
      { client: { challenge: `${CHALLENGE.toString('base64url')}=` } },
      'it is over something else',
    ],
    'no challenge': [{ client: { challenge: 1 } }, 'the client data has no type, challenge or origin'],
    'members that nobody knows': [{ client: { other: { a: 1 } } }, undefined],
    'bytes behind the counter': [
      { behind: Buffer.from([0]) },
      'the authenticator data cannot be read: there is more behind its end',
    ],
    'extensions that are not there': [{ flags: UP_UV | 0x80 }, 'the CBOR cannot be read: it ends too early'],
    extensions: [{ flags: UP_UV | 0x80, behind: Buffer.from('a1637072660a', 'hex') }, undefined],
    'extensions that are a list': [
      { flags: UP_UV | 0x80, behind: Buffer.from('8101', 'hex') },
      'the authenticator data cannot be read: its extensions are no map',
    ],
  }

  test.each(Object.entries(ROWS))('with %s', (_name, [saying, fault]) => {
    for (const algorithm of ALGORITHMS) expect(judged(algorithm, saying)).toBe(fault)
  })

  test('of another passkey, another statement, or nothing, is none', () => {
    const other = virtualPasskey('ES256', 'another one').answer(CHALLENGE.toString('base64url'))
    expect(judged('ES256', {}, other)).toBe('the signature is not one by its key')
    const rejected = approvalChallenge({ ...STATEMENT, decision: 'reject' })
    expect(judged('ES256', {}, {}, rejected)).toBe('it is over something else')
    expect(judged('ES256', {}, { signature: '' })).toBe('the signature is not one by its key')
    expect(judged('EdDSA', {}, { clientDataJSON: '!' })).toBe('a part of it is not base64url in its one form')
  })

  test('of which any bit is flipped is refused', () => {
    const changes = ALGORITHMS.flatMap((algorithm) => PARTS.map((part) => ({ algorithm, part }))).flatMap(changesOf)
    expect(changes.length).toBeGreaterThan(7_000)
    const changed = everyNthOfLong(40, 'flipped bits of an answer of a passkey', changes)
    expect(changed.flatMap(({ change, fault }) => (fault() === undefined ? [change] : []))).toEqual([])
  })

  test('over a statement of which any bit is flipped is refused', { tags: 'long' }, () => {
    const text = JSON.stringify(STATEMENT)
    const flipped = bitsOf(Buffer.from(text)).flatMap((bytes) => parsed(bytes.toString('utf8')) ?? [])
    const faults = flipped
      .filter((statement) => JSON.stringify(statement) !== text)
      .map((statement) => judged('EdDSA', {}, {}, approvalChallenge(statement)))
    expect(new Set(faults)).toEqual(new Set(['it is over something else']))
    expect(faults.length).toBeGreaterThan(1_000)
  })

  test('that is anything is never good', () => {
    const key = Buffer.from(passkeyWith('ES256').key, 'base64')
    let seen = 0
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { minLength: 3, maxLength: 3 }), (parts) => {
        const [clientDataJSON = '', authenticatorData = '', signature = ''] = parts.map((part) =>
          Buffer.from(part).toString('base64url'),
        )
        seen += 1
        const given = { clientDataJSON, authenticatorData, signature }
        return assertionFault(given, { challenge: CHALLENGE, key, site: SITE }) !== undefined
      }),
    )
    expect(seen).toBeGreaterThanOrEqual(100)
  })
})

const PARTS = ['clientDataJSON', 'authenticatorData', 'signature'] as const
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * A genuine answer with each bit of a part flipped in turn, and with each other last letter: that one may have bits of which no byte is
 * made, and they are not passed over.
 */
function changesOf({ algorithm, part }: { algorithm: Algorithm; part: (typeof PARTS)[number] }) {
  const { key, answer } = passkeyWith(algorithm)
  const given = answer(CHALLENGE.toString('base64url'))
  const flipped = bitsOf(Buffer.from(given[part], 'base64url')).map((bytes) => bytes.toString('base64url'))
  const ended = [...LETTERS].map((letter) => given[part].slice(0, -1) + letter).filter((one) => one !== given[part])
  const demand = { challenge: CHALLENGE, key: Buffer.from(key, 'base64'), site: SITE }
  return [...flipped, ...ended].map((changed, index) => ({
    change: `${algorithm} ${part} ${index}`,
    fault: () => assertionFault({ ...given, [part]: changed }, demand),
  }))
}

/** Some bytes with one bit flipped, once for each bit. */
function bitsOf(bytes: Buffer) {
  return Array.from({ length: bytes.length * 8 }, (_, bit) => {
    const flipped = Buffer.from(bytes)
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    return flipped
  })
}

function parsed(text: string) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

describe('the examples of WebAuthn Level 3, section 16, made again by its recipe', () => {
  const made = (info: string, salt: number, length = 32) =>
    Buffer.from(hkdfSync('sha256', 'WebAuthn test vectors', Buffer.from([salt]), info, length))
  const site = { origin: 'https://example.org', rpId: 'example.org' }
  const client = (challenge: Buffer) =>
    Buffer.from(
      `{"type":"webauthn.get","challenge":"${challenge.toString('base64url')}","origin":"https://example.org","crossOrigin":false}`,
    )
  const url = (bytes: Buffer) => bytes.toString('base64url')
  const overOf = (data: Buffer, json: Buffer) => Buffer.concat([data, createHash('sha256').update(json).digest()])

  test('packed.EdDSA: its signature is the one of the standard, and only the person was not verified', () => {
    const prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
    const privateKey = createPrivateKey({
      key: Buffer.concat([prefix, made('packed.EdDSA', 1)]),
      format: 'der',
      type: 'pkcs8',
    })
    const challenge = made('packed.EdDSA', 9)
    const [data, json] = [authenticatorData({ rpId: 'example.org', flags: 0x01 }), client(challenge)]
    const signature = sign(null, overOf(data, json), privateKey)
    expect(sha256(signature)).toBe('63cdbd608d9eae1bcbff5a3fcb2e1472a2807b7f5d1a01d6385860c603ed3e96')
    const key = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
    const given = { clientDataJSON: url(json), authenticatorData: url(data), signature: url(signature) }
    expect(assertionFault(given, { challenge, key, site })).toBe('the authenticator has not verified who was present')
    const verified = authenticatorData({ rpId: 'example.org', flags: 0x05 })
    const again = url(sign(null, overOf(verified, json), privateKey))
    const good = { ...given, authenticatorData: url(verified), signature: again }
    expect(assertionFault(good, { challenge, key, site })).toBeUndefined()
  })

  test('packed.RS256: its signature is the one of the standard, by the key of two Mersenne primes', () => {
    const privateKey = mersenneKey()
    const challenge = made('packed.RS256', 7)
    const [data, json] = [authenticatorData({ rpId: 'example.org', flags: 0x19 }), client(challenge)]
    const signature = sign('sha256', overOf(data, json), privateKey)
    expect(sha256(signature)).toBe('5968d9d3a20c517688fe7e7c8d8d8bbc8436d9572f3a3c02b84d99abfeff25e7')
    const key = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
    const given = { clientDataJSON: url(json), authenticatorData: url(data), signature: url(signature) }
    expect(assertionFault(given, { challenge, key, site })).toBe('the authenticator has not verified who was present')
  })

  test('none.ES256: its public key is the one of the standard', () => {
    const pair = createECDH('prime256v1')
    pair.setPrivateKey(made('none.ES256', 1))
    const point = pair.getPublicKey()
    expect(sha256(point)).toBe('d8fd8fbfd67dc06cd4b744695c4318f5862413de162d1dacc7b64438ea82202c')
    const [x, y] = [point.subarray(1, 33), point.subarray(33)]
    const cose = Buffer.concat([Buffer.from('a5010203262001215820', 'hex'), x, Buffer.from('225820', 'hex'), y])
    const d = made('none.ES256', 1).toString('base64url')
    const privateKey = createPrivateKey({
      key: { kty: 'EC', crv: 'P-256', x: url(x), y: url(y), d },
      format: 'jwk',
    })
    const challenge = made('none.ES256', 7)
    const [data, json] = [authenticatorData({ rpId: 'example.org', flags: 0x19 }), client(challenge)]
    expect(sha256(overOf(data, json))).toBe('85029a0978399f2afc714aade7957eac4fc46d21b5f5b6b5d019f18032d2e3a6')
    const given = {
      clientDataJSON: url(json),
      authenticatorData: url(data),
      signature: url(sign('sha256', overOf(data, json), privateKey)),
    }
    expect(assertionFault(given, { challenge, key: cose, site })).toBe(
      'the authenticator has not verified who was present',
    )
  })
})

/** The key of the examples: the primes 2^1279 - 1 and 2^2203 - 1, and the exponent 65537. */
function mersenneKey() {
  const [p, q, e] = [2n ** 1279n - 1n, 2n ** 2203n - 1n, 65_537n]
  const inverse = (of: bigint, modulus: bigint) => {
    let [a, b, x, y] = [of % modulus, modulus, 1n, 0n]
    while (a > 1n) [a, b, x, y] = [b % a, a, y - (b / a) * x, x]
    return ((x % modulus) + modulus) % modulus
  }
  const d = inverse(e, (p - 1n) * (q - 1n))
  const part = (value: bigint) => {
    const hex = value.toString(16)
    return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url')
  }
  const parts = { n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) }
  const jwk = Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, part(value)]))
  return createPrivateKey({ key: { kty: 'RSA', ...jwk }, format: 'jwk' })
}

describe('a public key', () => {
  const [half, other] = ['01', '00'].map((byte) => byte.repeat(32))
  test.each([
    ['P-384', `a501020338222002215830${'00'.repeat(48)}225830${'00'.repeat(48)}`, 'its kind is none of ES256'],
    ['another algorithm for the curve', `a501020338232001215820${other}225820${other}`, 'its kind is none of ES256'],
    ['a point that is not on the curve', `a5010203262001215820${half}225820${half}`, 'it is no public key'],
    ['a half of a point', `a4010203262001215820${half}`, 'a parameter of it is missing'],
    ['a short coordinate', `a501020326200121581f${'01'.repeat(31)}225820${half}`, 'a parameter of it is missing'],
    ['Ed448', `a4010103272007215839${'01'.repeat(57)}`, 'its curve does not fit its algorithm'],
    ['nothing', '', 'it ends too early'],
    ['a number', '01', 'it is neither'],
    ['more behind its end', `${virtualPasskey('EdDSA').cose.toString('hex')}00`, 'it is neither'],
    ['DER that is none', '3000', 'it is no public key'],
  ])('is refused: %s', (_name, hex, says) => {
    expect(() => readWebauthnKey(Buffer.from(hex, 'hex'))).toThrow(says)
  })

  test('of RSA needs 2048 bits', async () => {
    const { generateKeyPairSync } = await import('node:crypto')
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const spki = publicKey.export({ format: 'der', type: 'spki' })
    expect(() => readWebauthnKey(spki)).toThrow('an RSA key needs 2048 bits or more')
  })
})

describe('CBOR', () => {
  /** The examples of RFC 8949, appendix A, and what CTAP 2.1, section 8, leaves of them. */
  const GOOD: Readonly<Record<string, unknown>> = {
    '00': 0,
    '17': 23,
    '1818': 24,
    '1903e8': 1000,
    '1a000f4240': 1_000_000,
    '1b000000e8d4a51000': 1_000_000_000_000,
    '20': -1,
    '3903e7': -1000,
    f4: false,
    f5: true,
    f6: null,
    '6449455446': 'IETF',
    '62c3bc': 'ü',
    '83010203': [1, 2, 3],
  }
  test.each(Object.entries(GOOD))('%s is read', (hex, value) => {
    expect(readCbor(Buffer.from(hex, 'hex'))).toEqual({ value, length: hex.length / 2 })
  })

  test('a map is read, and what is behind it is left', () => {
    const { value, length } = readCbor(Buffer.from('a26161016162820203ff', 'hex'))
    expect(value).toEqual(
      new Map<string, unknown>([
        ['a', 1],
        ['b', [2, 3]],
      ]),
    )
    expect(length).toBe(9)
  })

  const BAD = linesOf(`
    1801
    190001
    1bffffffffffffffff
    5f42010243030405ff
    9fff
    c074
    f90000
    f7
    f818
    61ff
    a201020103
    a1410102
    8181818181818100
    9affffffff
    bbffffffffffffffff
    43ffff
    1c
  `)
  test.each(BAD)('%s is refused', (hex) => {
    expect(() => readCbor(Buffer.from(hex, 'hex'))).toThrow(/^the CBOR cannot be read: /)
  })

  test('any bytes are read or refused, and nothing else', () => {
    let seen = 0
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        seen += 1
        for (const read of [readCbor, readAuthenticatorData, readWebauthnKey]) {
          try {
            read(Buffer.from(bytes))
          } catch (error) {
            if (!(error instanceof EosflowError)) throw error
          }
        }
      }),
      { numRuns: 500 },
    )
    expect(seen).toBe(500)
  })
})

describe('a new passkey', () => {
  test('gives its id and its key', () => {
    for (const algorithm of ALGORITHMS) {
      const passkey = passkeyWith(algorithm)
      const { credential, key } = passkey
      expect(madePasskey(attestationOf(passkey), SITE.rpId)).toEqual({ credential, key })
    }
  })

  test.each([
    ['of another site', { rpId: 'example.com' }, 'the passkey is for another site than noc.example.com'],
    ['that verifies nobody', { flags: 0x41 }, 'the authenticator has not verified who was present'],
    ['that is none', { flags: UP_UV }, 'there is more behind its end'],
  ] as const)('%s is refused', (_name, saying, why) => {
    expect(() => madePasskey(attestationOf(passkeyWith('ES256'), saying), SITE.rpId)).toThrow(why)
  })
})
