import { createPublicKey, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { checkpointSigner, checkpointVerifier } from '../../../../src/change/record/audit/chains-checkpoint.ts'
import { notesIn, readNote, writeNote } from '../../../../src/change/record/audit/signed-note.ts'
import { signingKeyOf } from '../../../../src/model/ed25519.ts'

/** The first test vector of RFC 8032, section 7.1. */
const SEED = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
const PEM =
  '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n'
const LINE = 'eosflow+a3982a06+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea'

/** Made and signed apart from this code, with Python's `hashlib` and `cryptography`. */
const NOTE = `eosflow.audit/db-01
chains 1
register 1000 ny5tM6NxfugmNTpAS6RhjRrutoea15Nrzo7V9GgUkk0=
heads 3 MQDhokK1x+wHkCUfQJlTUqwLag930TP98DJX1yEJ870=
newest 1999
checkpoint 17 bbfYA+dPH/p9j1rcC/lbPhW/TINz//rfVGInzGxnQss=

— eosflow o5gqBrTiuQ4kBJAwVveZtbq8+qkLwe+n2bcG2E7ks5+Yqy4vrrMFklLWKVmI5GXFZsGo7B9dBPEDlu/yXPwmu763YAI=
— eosflow bjt80gAAAABpW2+AKVAZ524P390Ks6bd/l/CxM1Q9pDp2nyEus+Y/yLmWGrAzyGgVKavYyQpMNfWi/0l2novR4EumpxxbanYmTu3BQ==
`

/** The note and the key of the documentation of golang.org/x/mod/sumdb/note. */
const NEUMANN = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`
const NEUMANN_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'

describe('the key of checkpoints', () => {
  const signer = checkpointSigner(signingKeyOf(SEED))

  test('shows its public half in PEM and as a line for signed notes', () => {
    expect(signer.pem).toBe(PEM)
    expect(signer.line).toBe(LINE)
  })

  test.each([
    ['PEM', PEM],
    ['a line', `${LINE}\n`],
  ])('is read as %s', (_form, text) => {
    expect(checkpointVerifier(text)?.openChains(NOTE)).toMatchObject({ number: 17, at: '2026-01-05T08:00:00.000Z' })
  })

  test('vouches for no time when only the text is signed', () => {
    const plain = NOTE.replace(/— eosflow bjt.*\n/, '')
    expect(signer.openChains(plain)).toMatchObject({ note: plain, number: 17, at: undefined })
  })

  test('vouches for no time when somebody turned the time', () => {
    const turned = NOTE.replace('bjt80gAAAABpW2+A', 'bjt80gAAAABpW2+B')
    expect(turned).not.toBe(NOTE)
    expect(signer.openChains(turned)).toMatchObject({ number: 17, at: undefined })
  })

  test.each([
    ['no signature', NOTE.slice(0, NOTE.indexOf('—')), 'it is not a signed checkpoint'],
    ['a foot that is none', `${NOTE}by hand\n`, 'it is not a signed checkpoint'],
    ['a signature without its bytes', NOTE.replace(/o5gqBr\S*/, 'o5gqBg=='), 'it is not a signed checkpoint'],
    ['another name', NOTE.replaceAll('— eosflow', '— eosflux'), 'it is signed with another key'],
    ['nothing', '', 'it is not a signed checkpoint'],
  ])('vouches for no note with %s', (_name, note, fault) => {
    expect(signer.openChains(note)).toEqual({ fault })
  })

  test.each([
    ['nothing', ''],
    ['a line with another type', LINE.replace('+Add', '+Bdd')],
    ['a line of a short key', 'eosflow+a3982a06+Adda'],
    [
      'a key of another kind',
      '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VuAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n',
    ],
  ])('has no verifier from %s', (_name, text) => {
    expect(checkpointVerifier(text)).toBeUndefined()
  })
})

describe('a signed note', () => {
  test('of another tool is read: name, key id and signature are where it has them', () => {
    const note = readNote(NEUMANN)
    const [signature] = note?.signatures ?? []
    expect(signature).toMatchObject({ name: 'PeterNeumann', keyId: Buffer.from('c74f20a3', 'hex') })
    const key = Buffer.from(NEUMANN_KEY.split('+')[2] ?? '', 'base64').subarray(1)
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key])
    const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' })
    expect(verify(null, Buffer.from(note?.text ?? ''), publicKey, signature?.bytes ?? Buffer.alloc(0))).toBe(true)
    expect(note === undefined ? '' : writeNote(note)).toBe(NEUMANN)
  })

  test.each([
    ['one behind the other', NOTE + NOTE + NEUMANN],
    ['with empty lines between', `\n${NOTE}\n\n${NOTE}\n${NEUMANN}\n`],
    ['the last one half written', `${NOTE}${NOTE}${NEUMANN}eosflow.audit/db-01\nchains 1\nreg`],
  ])('is found in a file, %s', (_name, text) => {
    expect(notesIn(text)).toEqual([NOTE, NOTE, NEUMANN])
  })

  test('is not found where there is none', () => {
    expect(notesIn('')).toEqual([])
    expect(notesIn('some text\n\nmore\n')).toEqual([])
  })
})
