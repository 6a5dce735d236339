import { hash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { linkGenesis, linkHash } from '../../../src/change/record/seal/chain.ts'

/** Worked out apart from this code, with Python's `hashlib`. */
const GENESIS = '68e4a5434b2a65cfe954447f6151e9df6fdf91771bcb885466981bf644db00a0'
const FIRST = '2c48d422ba36f4ef9b7a47a5dd9b20b40cce75be674ea1f49b2f20f64e25aa44'
const SECOND = '3fc409be9ea17ca46b1a07464411de422490244d69f8c7c89c68b61396a14e74'
const FAR = 'ec676ae6ff43e0e64e9924c052df079ae3fe61eb4d21a5ef68fd1cfeee49225d'

const bytes = (text: string) => Buffer.from(text, 'hex')
const hex = (digest: Uint8Array) => Buffer.from(digest).toString('hex')

describe('the hash of a row', () => {
  test('begins with the names of the store and of the chain', () => {
    expect(hex(linkGenesis('eosflow.audit/test', 'register').hash)).toBe(GENESIS)
    expect(linkGenesis('eosflow.audit/test', 'register').n).toBe(0)
  })

  test('covers its number, the hash before it, the positions of the append before it, and its body', () => {
    expect(hex(linkHash({ n: 1, prev: bytes(GENESIS), covers: [], body: '{"seq":1}' }))).toBe(FIRST)
    const second = { n: 2, prev: bytes(FIRST), covers: [17], body: '{"note":"zweite Zeile, ü","seq":2}' }
    expect(hex(linkHash(second))).toBe(SECOND)
    const far = { n: 2 ** 40 + 256, prev: bytes(SECOND), covers: [2 ** 40, 2 ** 40 + 1], body: 'x' }
    expect(hex(linkHash(far))).toBe(FAR)
  })

  test('is the same of a body and of its digest', () => {
    const row = { n: 1, prev: bytes(GENESIS), covers: [] }
    expect(hex(linkHash({ ...row, body: '', digest: hash('sha256', '{"seq":1}', 'hex') }))).toBe(FIRST)
  })
})
