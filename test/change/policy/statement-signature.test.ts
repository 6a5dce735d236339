import { describe, expect, test } from 'vitest'
import {
  approvalChallenge,
  preAuthEncoding,
  serverSignature,
  serverVerifies,
  statementNonce,
} from '../../../src/change/policy/approval.ts'
import type { ApprovalStatement } from '../../../src/model/approval.ts'
import { type SigningKey, signingKeyOf } from '../../../src/model/ed25519.ts'
import { GIVEN_STATEMENT } from './given-approval.ts'

const STATEMENT: ApprovalStatement = {
  ...GIVEN_STATEMENT,
  approver: { issuer: 'corp', id: 'alice', kind: 'person', auth: 'oidc', authenticatedAt: '2026-01-05T07:59:00.000Z' },
  comment: 'größer',
  policy: 'sha256:p1',
}
const PROOF = { issuer: 'https://idp.example', claims: { sub: 'alice', auth_time: 1_767_599_940 }, thumbprint: 'abc' }
/** The first test vector of RFC 8032, section 7.1. */
const SEED = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
const KEY: SigningKey = signingKeyOf(SEED)

describe('the signature of an installation', () => {
  test('is over the pre-authentication encoding of DSSE', () => {
    // The example of the DSSE protocol, version 1.0.
    expect(preAuthEncoding('http://example.com/HelloWorld', 'hello world').toString('utf8')).toBe(
      'DSSEv1 29 http://example.com/HelloWorld 11 hello world',
    )
    expect(preAuthEncoding('t', 'ö').toString('utf8')).toBe('DSSEv1 1 t 2 ö')
  })

  test('names the key that has made it', () => {
    expect(serverSignature(KEY, STATEMENT).key).toBe('11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=')
  })

  test('verifies, with and without what was seen of the login', () => {
    expect(serverVerifies(STATEMENT, serverSignature(KEY, STATEMENT))).toBe(true)
    expect(serverVerifies(STATEMENT, serverSignature(KEY, STATEMENT, PROOF))).toBe(true)
    expect(serverSignature(KEY, STATEMENT, PROOF)).toMatchObject({ kind: 'server', key: KEY.publicKey, proof: PROOF })
  })

  test('is over every member of the statement and of the proof', () => {
    const signature = serverSignature(KEY, STATEMENT, PROOF)
    const changes: readonly Partial<ApprovalStatement>[] = [
      { plan: 'sha256:bb' },
      { store: 'eosflow.audit/fedcba9876543210' },
      { decision: 'reject' },
      { approver: { ...STATEMENT.approver, id: 'mallory' } },
      { approver: { ...STATEMENT.approver, authenticatedAt: '2026-01-05T08:00:00.000Z' } },
      { notBefore: '2026-01-05T07:00:00.000Z' },
      { expires: '2027-01-05T12:00:00.000Z' },
      { maxRuns: 2 },
      { nonce: 'ff' },
      { comment: '' },
      { policy: null },
      { v: 2 as 3 },
    ]
    for (const change of changes) expect(serverVerifies({ ...STATEMENT, ...change }, signature)).toBe(false)
    const { proof: _proof, ...bare } = signature
    expect(serverVerifies(STATEMENT, bare)).toBe(false)
    const otherProof = { ...signature, proof: { ...PROOF, claims: { ...PROOF.claims, sub: 'mallory' } } }
    expect(serverVerifies(STATEMENT, otherProof)).toBe(false)
  })

  test('is none when it is cut off, of another key, or nothing', () => {
    const signature = serverSignature(KEY, STATEMENT)
    expect(serverVerifies(STATEMENT, { ...signature, signature: signature.signature.slice(0, -8) })).toBe(false)
    expect(serverVerifies(STATEMENT, { ...signature, key: signingKeyOf(Buffer.alloc(32, 7)).publicKey })).toBe(false)
    expect(serverVerifies(STATEMENT, { ...signature, key: '', signature: '' })).toBe(false)
  })
})

/** Made by hand with hashlib and json.dumps(sort_keys=True) of Python 3.11. */
test('a passkey signs a digest of the statement under a name, and a login names the statement by one without', () => {
  expect(approvalChallenge(STATEMENT).toString('hex')).toBe(
    '18a7d6d26fa049d8d15f7ff645a3be27b5a09bece050dbf717169aca92c70f06',
  )
  expect(statementNonce(STATEMENT)).toBe('ciMynIw2T1VqQ7wNHe-njT0Ie-hDBl4vJfVfQ_ClAEU')
})
