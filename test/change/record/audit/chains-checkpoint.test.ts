import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  type ChainsCheckpoint,
  chainsCheckpointText,
  checkpointDigest,
  checkpointSigner,
  coversHeads,
  headsOf,
  readChainsCheckpoint,
  verifierOfKey,
  withReplaced,
} from '../../../../src/change/record/audit/chains-checkpoint.ts'
import { signingKeyOf } from '../../../../src/model/ed25519.ts'

const sha = (text: string) => createHash('sha256').update(text).digest()

/** The first test vector of RFC 8032, section 7.1. */
const SEED = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')

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
const TEXT = NOTE.slice(0, NOTE.indexOf('\n\n') + 1)

const HEADS = [
  { chain: 'register', n: 1000, hash: sha('head'), positions: [1998, 1999] },
  { chain: 'x1', n: 3, hash: sha('one'), positions: [17] },
  { chain: 'x2', n: 1, hash: sha('two'), positions: [12] },
]

const checkpoint: ChainsCheckpoint = {
  origin: 'eosflow.audit/db-01',
  number: 17,
  before: sha('before'),
  register: { n: 1000, hash: sha('head') },
  heads: { count: 3, root: Buffer.from('MQDhokK1x+wHkCUfQJlTUqwLag930TP98DJX1yEJ870=', 'base64') },
  seq: 1999,
}

describe('a checkpoint over many chains', () => {
  const signer = checkpointSigner(signingKeyOf(SEED))

  test('is written and signed byte for byte as others write and sign it', () => {
    expect(chainsCheckpointText(checkpoint)).toBe(TEXT)
    expect(signer.signChains(checkpoint, '2026-01-05T08:00:00.000Z').note).toBe(NOTE)
  })

  test('is read', () => {
    const opened = signer.openChains(NOTE)
    expect(opened).toEqual({ ...checkpoint, note: NOTE, at: '2026-01-05T08:00:00.000Z' })
  })

  test('is named by the next one with the digest of its text', () => {
    expect(Buffer.from(checkpointDigest(checkpoint)).toString('base64')).toBe(
      'fDUdl0CVyuV2tihl9hJ711Dcn/cYB3qyNvOu5FsAYc8=',
    )
  })

  test('has the root over the heads, in whatever order they come', () => {
    expect(Buffer.from(headsOf(HEADS).root).toString('base64')).toBe('MQDhokK1x+wHkCUfQJlTUqwLag930TP98DJX1yEJ870=')
    expect(coversHeads(checkpoint, HEADS.toReversed())).toBe(true)
  })

  test.each([
    ['a chain that is one shorter', HEADS.map((head) => (head.chain === 'x1' ? { ...head, n: 2 } : head))],
    ['another hash', HEADS.map((head) => (head.chain === 'x1' ? { ...head, hash: sha('1') } : head))],
    ['another place', HEADS.map((head) => (head.chain === 'x1' ? { ...head, positions: [18] } : head))],
    ['another execution', HEADS.map((head) => (head.chain === 'x1' ? { ...head, chain: 'x0' } : head))],
    ['a place less', HEADS.map((head) => (head.chain === 'register' ? { ...head, positions: [1999] } : head))],
    ['one less', HEADS.slice(1)],
    ['one twice', [...HEADS, ...HEADS.slice(2)]],
    ['none', []],
  ])('does not speak of %s', (_name, heads) => {
    expect(coversHeads(checkpoint, heads)).toBe(false)
  })

  test('one over one chain is refused by name', () => {
    // Made by hand and signed with the `cryptography` package of Python.
    const note = `eosflow.audit/db-01
1000
ny5tM6NxfugmNTpAS6RhjRrutoea15Nrzo7V9GgUkk0=

— eosflow o5gqBrBuuM8Tqa/BN5HURhvzEd2dnmIrXvqC1fk2H9TXauX7RquaqYWRB7CiPncF33HOjjmF2Di6gLMk7k/ammWRJww=
`
    expect(signer.openChains(note)).toEqual({
      fault: 'it is over one chain, as no release has signed it: this eosflow reads those over many chains',
    })
  })

  test.each([
    ['another size', ['register 1000', 'register 1001'], 'its signature is not good'],
    ['another count', ['heads 3', 'heads 4'], 'its signature is not good'],
    ['another number', ['checkpoint 17', 'checkpoint 18'], 'its signature is not good'],
    ['another newest record', ['newest 1999', 'newest 2000'], 'its signature is not good'],
    ['another origin', ['db-01', 'db-02'], 'its signature is not good'],
    ['a size with a zero before it', ['register 1000', 'register 01000'], 'it is not a signed checkpoint'],
    ['a line more', ['newest 1999', 'newest 1999\nmore'], 'it is not a signed checkpoint'],
    ['a short root', ['heads 3 MQDh', 'heads 3 '], 'it is not a signed checkpoint'],
    ['bits behind the end of a root', ['EJ870=', 'EJ871='], 'it is not a signed checkpoint'],
    [
      'a later version',
      ['chains 1', 'chains 2'],
      'it is of version 2 of the checkpoints over many chains: a newer eosflow reads it',
    ],
  ])('is refused with %s', (_name, [from = '', to = ''], fault) => {
    const altered = NOTE.replace(from, to)
    expect(altered).not.toBe(NOTE)
    expect(signer.openChains(altered)).toEqual({ fault })
  })

  test('of a key that was replaced is good up to the last record of that key, and one of a lost key vouches for nothing', () => {
    const newest = verifierOfKey(signingKeyOf(Buffer.alloc(32, 7)).publicKey)
    const until = (last: number) => withReplaced(newest, [{ verifier: signer, until: last }])
    expect(until(1999).openChains(NOTE)).toMatchObject({ number: 17 })
    expect(until(1998).openChains(NOTE)).toEqual({ fault: 'it is signed with a key that was replaced before' })
    expect(withReplaced(newest, [], [{ keyId: 'a3982a06', until: 1999 }]).openChains(NOTE)).toMatchObject({
      lost: true,
    })
    expect(newest.openChains(NOTE)).toEqual({ fault: 'it is signed with another key' })
  })

  test('reads nothing that is not byte for byte as it is written', () => {
    expect(readChainsCheckpoint(`${TEXT}\n`)).toBeUndefined()
    expect(readChainsCheckpoint(TEXT.slice(0, -1))).toBeUndefined()
    expect(readChainsCheckpoint('')).toBeUndefined()
  })
})
