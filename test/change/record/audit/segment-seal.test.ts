import { expect, test } from 'vitest'
import {
  checkpointSigner,
  NO_CHECKPOINT,
  readChainsCheckpoint,
  readSegmentSeal,
  segmentSealText,
  verifierOfKey,
  withReplaced,
} from '../../../../src/change/record/audit/chains-checkpoint.ts'
import { signingKeyOf } from '../../../../src/model/ed25519.ts'

/** The first test vector of RFC 8032, section 7.1. */
const SEED = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')

/** Made and signed apart from this code, with Python's `hashlib` and `cryptography`. */
const NOTE = `eosflow.audit/db-01
segment 1
executions 3 MQDhokK1x+wHkCUfQJlTUqwLag930TP98DJX1yEJ870=
newest 1999

— eosflow o5gqBshZAEboIyra2uaiYDTG+55XA3vsGaN5Yud7D6FGPaZwsSQuK+aUd4040o+r88rnbpUUx859N83huL4jZ5cLdwA=
— eosflow bjt80gAAAABpW2+AftZjj/zkuo3rvcwQ1CRGMzLLHSmKa+DZEwT7ZjOoz4fQVqRlca0EmNBMG0yXMwBMCHgP+JqlOaDxtPIOhx0gDQ==
`
const TEXT = NOTE.slice(0, NOTE.indexOf('\n\n') + 1)
const SEAL = {
  origin: 'eosflow.audit/db-01',
  executions: { count: 3, root: Buffer.from('MQDhokK1x+wHkCUfQJlTUqwLag930TP98DJX1yEJ870=', 'base64') },
  seq: 1999,
}
const AT = '2026-01-05T08:00:00.000Z'
const signer = checkpointSigner(signingKeyOf(SEED))

test('the seal of a segment is written, signed and read byte for byte as others do it', () => {
  expect(segmentSealText(SEAL)).toBe(TEXT)
  expect(signer.signSegment(SEAL, AT).note).toBe(NOTE)
  expect(signer.openSegment(NOTE)).toEqual({ ...SEAL, note: NOTE, at: AT })
})

test('no text of another kind is taken for it, nor it for one of them', () => {
  expect(readChainsCheckpoint(TEXT)).toBe(undefined)
  expect(signer.openChains(NOTE)).toEqual({ fault: 'it is the seal of a segment' })
  const { origin, executions: heads } = SEAL
  const register = { n: 3, hash: heads.root }
  const checkpoint = signer.signChains({ origin, number: 1, before: NO_CHECKPOINT, register, heads, seq: 3 }, AT).note
  expect(signer.openSegment(checkpoint)).toEqual({ fault: 'it is a checkpoint' })
  for (const other of [TEXT.replace('segment 1', 'segment 2'), `${TEXT}x\n`, TEXT.replace('3 MQ', '03 MQ'), ''])
    expect(readSegmentSeal(other)).toBe(undefined)
})

test('an altered one, and one of a key that was replaced before, is refused', () => {
  expect(signer.openSegment(NOTE.replace('executions 3', 'executions 2'))).toEqual({
    fault: 'its signature is not good',
  })
  const newest = verifierOfKey(signingKeyOf(Buffer.alloc(32, 7)).publicKey)
  expect(withReplaced(newest, [{ verifier: signer, until: 1999 }]).openSegment(NOTE)).toMatchObject({ seq: 1999 })
  expect(withReplaced(newest, [{ verifier: signer, until: 1998 }]).openSegment(NOTE)).toEqual({
    fault: 'it is signed with a key that was replaced before',
  })
})
