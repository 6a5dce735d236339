import { expect, test } from 'vitest'
import type { Principal } from '../../src/model/principal.ts'
import { newPasskeyLine } from '../../src/project/approval/challenge.ts'
import { parsePasskeys } from '../../src/project/identity/passkey/trusted-passkeys.ts'
import { attestationOf, type Saying, virtualPasskey } from './identity/virtual-passkey.ts'

const PASSKEY = virtualPasskey()
const ANN: Principal = { issuer: 'corp', id: '00u1', kind: 'person', auth: 'oidc', person: 'E100' }
const LOCAL: Principal = { issuer: 'local', id: 'local:1000:ann@noc1', kind: 'person', auth: 'os' }

const lineOf = (principal: Principal, origin = 'https://noc.example.com', saying: Saying = {}, rpId?: string) =>
  newPasskeyLine(
    { principal },
    {
      origin,
      attestationObject: attestationOf(PASSKEY, saying).toString('base64url'),
      ...(rpId === undefined ? {} : { rpId }),
    },
  )

test('the line of a new passkey names its person, its site and its key, and the trust file takes it', () => {
  const { credential, key } = PASSKEY
  expect(lineOf(ANN)).toBe(`corp:sub:00u1 origin="https://noc.example.com",person="E100" ${credential} ${key}`)
  const local = lineOf(LOCAL, 'http://localhost:7474', { rpId: 'localhost' })
  expect(local).toBe(`local:1000:ann@noc1 origin="http://localhost:7474" ${credential} ${key}`)
  const above = lineOf(ANN, 'https://noc.example.com', { rpId: 'example.com' }, 'example.com')
  expect(above).toContain('origin="https://noc.example.com",rp="example.com",person="E100"')
  for (const line of [lineOf(ANN), local, above]) expect(parsePasskeys(line, 'f').ok).toBe(true)
})

test('a browser that gives the key alone gives the same line', () => {
  const { credential, key } = PASSKEY
  const given = { origin: 'https://noc.example.com', credential, key: Buffer.from(key, 'base64').toString('base64url') }
  expect(newPasskeyLine({ principal: ANN }, given)).toBe(lineOf(ANN))
  expect(() => newPasskeyLine({ principal: ANN }, { ...given, key: 'AAAA' })).toThrow('the public key cannot be read')
  expect(() => newPasskeyLine({ principal: ANN }, { ...given, key: '!' })).toThrow('is not base64url')
  expect(() => newPasskeyLine({ principal: ANN }, { ...given, credential: 'a b' })).toThrow('base64url without padding')
  expect(() => newPasskeyLine({ principal: ANN }, { ...given, credential: 'AAAA\ncorp:sub:eve' })).toThrow(
    'a line has who it is of, options',
  )
})

test.each([
  ['an agent', () => lineOf({ ...ANN, kind: 'agent' }), /only a person has a passkey/],
  [
    'a service',
    () => lineOf({ ...ANN, kind: 'service' }),
    expect.objectContaining({ kind: 'not-authorised', message: 'only a person has a passkey, and 00u1 is none' }),
  ],
  ['an address without passkeys', () => lineOf(LOCAL, 'http://noc.example.com'), /no origin of pages that may/],
  ['somebody for whom an agent acts', () => lineOf({ ...ANN, onBehalfOf: ANN }), /only a person has a passkey/],
  ['another site', () => lineOf(ANN, 'https://evil.example'), /the passkey is for another site than evil\.example/],
  ['an authenticator that verifies nobody', () => lineOf(ANN, undefined, { flags: 0x41 }), /has not verified/],
] as const)('there is none for %s', (_name, make, says) => {
  expect(make).toThrow(says)
})
