import { describe, expect, test } from 'vitest'
import type { ApprovalStatement } from '../../src/model/approval.ts'
import { preAuthEncoding, serverKeyOf, serverVerifies } from '../../src/policy/statement-signature.ts'

const STATEMENT: ApprovalStatement = {
  v: 2,
  kind: 'eosflow.approval',
  plan: 'sha256:aa',
  decision: 'approve',
  approver: { issuer: 'corp', id: 'alice', kind: 'person', auth: 'oidc', authenticatedAt: '2026-01-05T07:59:00.000Z' },
  notBefore: '2026-01-05T08:00:00.000Z',
  expires: '2026-01-05T12:00:00.000Z',
  maxRuns: 1,
  nonce: '00112233445566778899aabbccddeeff',
  comment: 'größer',
  policy: 'sha256:p1',
}
const PROOF = { issuer: 'https://idp.example', claims: { sub: 'alice', auth_time: 1_767_599_940 }, thumbprint: 'abc' }
const KEY = serverKeyOf('k'.repeat(32))

describe('the signature of an installation', () => {
  test('is over the pre-authentication encoding of DSSE', () => {
    // The example of the DSSE protocol, version 1.0.
    expect(preAuthEncoding('http://example.com/HelloWorld', 'hello world').toString('utf8')).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    )
    expect(preAuthEncoding('t', 'ö').toString('utf8')).toBe('DSSEv1 1 t 2 ö')
  })

  test('has a key that is the same wherever the install key is, and no other', () => {
    expect(serverKeyOf('k'.repeat(32)).publicKey).toBe(KEY.publicKey)
    expect(serverKeyOf('l'.repeat(32)).publicKey).not.toBe(KEY.publicKey)
    // Computed apart from the code under test, with Python's hkdf and cryptography's Ed25519.
    expect(KEY.publicKey).toBe('sMjPZb2iBvaoC3Mk0qSJD11jDJTf1q2v150kZ0p8gB8=')
  })

  test('verifies, with and without what was seen of the login', () => {
    expect(serverVerifies(STATEMENT, KEY.sign(STATEMENT))).toBe(true)
    expect(serverVerifies(STATEMENT, KEY.sign(STATEMENT, PROOF))).toBe(true)
    expect(KEY.sign(STATEMENT, PROOF)).toMatchObject({ kind: 'server', key: KEY.publicKey, proof: PROOF })
  })

  test('is over every member of the statement and of the proof', () => {
    const signature = KEY.sign(STATEMENT, PROOF)
    const changes: readonly Partial<ApprovalStatement>[] = [
      { plan: 'sha256:bb' },
      { decision: 'reject' },
      { approver: { ...STATEMENT.approver, id: 'mallory' } },
      { approver: { ...STATEMENT.approver, authenticatedAt: '2026-01-05T08:00:00.000Z' } },
      { notBefore: '2026-01-05T07:00:00.000Z' },
      { expires: '2027-01-05T12:00:00.000Z' },
      { maxRuns: 2 },
      { nonce: 'ff' },
      { comment: '' },
      { policy: null },
      { v: 1 },
    ]
    for (const change of changes) expect(serverVerifies({ ...STATEMENT, ...change }, signature)).toBe(false)
    const { proof: _proof, ...bare } = signature
    expect(serverVerifies(STATEMENT, bare)).toBe(false)
    const otherProof = { ...signature, proof: { ...PROOF, claims: { ...PROOF.claims, sub: 'mallory' } } }
    expect(serverVerifies(STATEMENT, otherProof)).toBe(false)
  })

  test('is none when it is cut off, of another key, or nothing', () => {
    const signature = KEY.sign(STATEMENT)
    expect(serverVerifies(STATEMENT, { ...signature, signature: signature.signature.slice(0, -8) })).toBe(false)
    expect(serverVerifies(STATEMENT, { ...signature, key: serverKeyOf('other').publicKey })).toBe(false)
    expect(serverVerifies(STATEMENT, { ...signature, key: '', signature: '' })).toBe(false)
  })
})
