import { createHash, createPublicKey, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { checkpointSigner, checkpointVerifier } from '../../../src/journal/audit/checkpoint-key.ts'
import { notesIn, readNote, writeNote } from '../../../src/journal/audit/signed-note.ts'
import { signingKeyOf } from '../../../src/model/ed25519.ts'

/** The first test vector of RFC 8032, section 7.1. */
const SEED = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
const PEM =
  '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n'
const LINE = 'eosflow+a3982a06+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea'
const HASH = Buffer.from('ny5tM6NxfugmNTpAS6RhjRrutoea15Nrzo7V9GgUkk0=', 'base64')

/** Made by hand and signed with the `cryptography` package of Python. */
const NOTE = `eosflow.audit/db-01
1000
ny5tM6NxfugmNTpAS6RhjRrutoea15Nrzo7V9GgUkk0=

— eosflow o5gqBrBuuM8Tqa/BN5HURhvzEd2dnmIrXvqC1fk2H9TXauX7RquaqYWRB7CiPncF33HOjjmF2Di6gLMk7k/ammWRJww=
— eosflow bjt80gAAAABpW2+AvW0FWTrTUKRV7/jn6WfSbQHMpl3DTA5Tf3ThTKfNjZHvlBZDQhY9bHJpQf3c6dhIdTh/2hr3HWWmTkJ0B+YcDg==
`

/** The note and the key of the documentation of golang.org/x/mod/sumdb/note. */
const NEUMANN = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`
const NEUMANN_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'

describe('a checkpoint', () => {
  const signer = checkpointSigner(signingKeyOf(SEED))
  const checkpoint = { origin: 'eosflow.audit/db-01', seq: 1000, hash: HASH }

  test('is signed byte for byte as others sign it', () => {
    expect(signer.sign(checkpoint, '2026-01-05T08:00:00.000Z').note).toBe(NOTE)
    expect(HASH).toEqual(createHash('sha256').update('head').digest())
  })

  test('shows its public key in PEM and as a line for signed notes', () => {
    expect(signer.pem).toBe(PEM)
    expect(signer.line).toBe(LINE)
  })

  test.each([
    ['PEM', PEM],
    ['a line', `${LINE}\n`],
  ])('is read with the public key as %s', (_form, text) => {
    expect(checkpointVerifier(text)?.open(NOTE)).toEqual({ ...checkpoint, note: NOTE, at: '2026-01-05T08:00:00.000Z' })
  })

  test('has no time when only its text is signed', () => {
    const plain = `${NOTE.split('\n').slice(0, 5).join('\n')}\n`
    expect(signer.open(plain)).toEqual({ ...checkpoint, note: plain, at: undefined })
  })

  test('has no time when somebody turned the time', () => {
    const turned = NOTE.replace('bjt80gAAAABpW2+A', 'bjt80gAAAABpW2+B')
    expect(turned).not.toBe(NOTE)
    expect(signer.open(turned)).toMatchObject({ seq: 1000, at: undefined })
  })

  test.each([
    ['another size', NOTE.replace('\n1000\n', '\n1001\n'), 'its signature is not good'],
    ['another origin', NOTE.replace('db-01', 'db-02'), 'its signature is not good'],
    ['another hash', NOTE.replace('ny5t', 'ny5u'), 'its signature is not good'],
    ['a line more', NOTE.replace('kk0=\n', 'kk0=\nmore\n'), 'its signature is not good'],
    ['a size with a zero before it', NOTE.replace('\n1000\n', '\n01000\n'), 'it is not a signed checkpoint'],
    ['a short hash', NOTE.replace('ny5t', ''), 'it is not a signed checkpoint'],
    ['no signature', NOTE.slice(0, NOTE.indexOf('—')), 'it is not a signed checkpoint'],
    ['a foot that is none', `${NOTE}by hand\n`, 'it is not a signed checkpoint'],
    ['a signature without its bytes', NOTE.replace(/o5gqBr\S*/, 'o5gqBg=='), 'it is not a signed checkpoint'],
    [
      'another key',
      checkpointSigner(signingKeyOf(Buffer.alloc(32, 7))).sign(checkpoint, '2026-01-05T08:00:00Z').note,
      'it is signed with another key',
    ],
    ['another name', NOTE.replaceAll('— eosflow', '— eosflux'), 'it is signed with another key'],
    ['nothing', '', 'it is not a signed checkpoint'],
  ])('is refused with %s', (_name, note, fault) => {
    expect(signer.open(note)).toEqual({ fault })
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
    ['the last one half written', `${NOTE}${NOTE}${NEUMANN}eosflow.audit/db-01\n100`],
  ])('is found in a file, %s', (_name, text) => {
    expect(notesIn(text)).toEqual([NOTE, NOTE, NEUMANN])
  })

  test('is not found where there is none', () => {
    expect(notesIn('')).toEqual([])
    expect(notesIn('some text\n\nmore\n')).toEqual([])
  })
})
