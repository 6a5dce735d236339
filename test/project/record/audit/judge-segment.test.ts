import { expect, test } from 'vitest'
import {
  type CheckpointVerifier,
  checkpointKeyId,
  checkpointSigner,
  headsOf,
  withReplaced,
} from '../../../../src/change/record/audit/chains-checkpoint.ts'
import { sealedExecutions } from '../../../../src/change/record/audit/chains-export.ts'
import { signingKeyOf } from '../../../../src/model/ed25519.ts'
import { withSeals } from '../../../../src/project/record/audit/verify.ts'
import type { AuditVerification } from '../../../../src/report/event-words/audit-verification.ts'

const signer = checkpointSigner(signingKeyOf(Buffer.alloc(32, 7)))
const newest = checkpointSigner(signingKeyOf(Buffer.alloc(32, 8)))
const origin = 'eosflow.audit/db-01'
const { note } = signer.signSegment({ origin, executions: headsOf([]), seq: 1999 }, '2026-01-05T08:00:00.000Z')
const held = { from: 3, fault: undefined } as AuditVerification

function faultBy(verifier: CheckpointVerifier) {
  const sealed = sealedExecutions(origin)
  sealed.begin()
  sealed.take({ note, heads: [] })
  return withSeals(held, sealed, { verifier, anchors: [], now: undefined, words: () => '' }).fault
}

test('a seal of a key that was lost is not to be trusted: anybody can write one', () => {
  expect(faultBy(withReplaced(newest, [{ verifier: signer, until: 1999 }]))).toBe(undefined)
  expect(faultBy(withReplaced(newest, [], [{ keyId: checkpointKeyId(note) ?? '', until: 1999 }]))).toEqual({
    seq: 3,
    reason:
      'the seal of the segment is not to be trusted: it is signed with a key that was lost, which nobody can verify',
  })
})
