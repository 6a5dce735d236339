import { describe, expect, test } from 'vitest'
import { statementFor } from '../../../src/change/policy/approval.ts'
import {
  type ApprovalDemand,
  LOCAL_DEMAND,
  PROOFS,
  type Proof,
  proofOf,
  proofWords,
} from '../../../src/change/policy/approval-case.ts'
import { asked, missingProof } from '../../../src/change/policy/quorum.ts'
import type { ApprovalSignature } from '../../../src/model/approval.ts'

const LOGIN = { issuer: 'https://idp.example', claims: { sub: 'ann' }, thumbprint: 'x' }
const PARTS = { credential: 'a', key: 'b', clientDataJSON: 'c', authenticatorData: 'd' }

/** What each signature proves. */
const SIGNATURES: Readonly<Record<string, readonly [ApprovalSignature | undefined, Proof | undefined]>> = {
  ssh: [{ kind: 'ssh', armored: '' }, 'ssh'],
  passkey: [{ kind: 'webauthn', ...PARTS, signature: 'e' }, 'passkey'],
  'installation that has seen the login': [{ kind: 'server', key: '', signature: '', proof: LOGIN }, 'oidc'],
  'installation that has seen none': [{ kind: 'server', key: '', signature: '' }, undefined],
  seal: [{ kind: 'seal', seal: '' }, undefined],
  none: [undefined, undefined],
}

/** Every demand for proofs: none, and each choice of them. */
const DEMANDS: readonly (readonly Proof[] | undefined)[] = [
  undefined,
  ['ssh'],
  ['passkey'],
  ['oidc'],
  ['ssh', 'passkey'],
  ['ssh', 'oidc'],
  ['passkey', 'oidc'],
  ['ssh', 'passkey', 'oidc'],
]

const ISSUERS = ['corp', 'local', 'ssh'] as const

const occasion = (demand: ApprovalDemand): Parameters<typeof asked>[1] => ({
  moment: 'start',
  demands: [demand],
  requesters: [],
  runners: [],
  uses: [],
  store: { id: 's', any: false },
  execution: 'x1',
  now: 0,
  highestWallTimeSeen: 0,
})

function voiceOf(issuer: string, proof: Proof | undefined) {
  const principal = { issuer, id: 'ann', kind: 'person', auth: 'oidc' } as const
  const statement = statementFor({
    plan: 'sha256:aa',
    store: 's',
    decision: 'approve',
    approver: principal,
    now: 0,
    validFor: 1000,
    nonce: 'n',
    comment: '',
    policy: null,
  })
  return { statement, principal, roles: [], ...(proof === undefined ? {} : { proof }) }
}

describe('the proof of a decision', () => {
  test.each(Object.entries(SIGNATURES))('by a signature of %s', (_name, [signature, proof]) => {
    expect(proofOf(signature)).toBe(proof)
  })

  test('meets a demand that names it, whoever the issuer is, and no other', () => {
    const cells = DEMANDS.flatMap((proofs) =>
      Object.entries(SIGNATURES).flatMap(([kind, [signature]]) =>
        ISSUERS.map((issuer) => {
          const demand = { ...LOCAL_DEMAND, ...(proofs === undefined ? {} : { proof: proofs }) }
          const { status } = asked([voiceOf(issuer, proofOf(signature))], occasion(demand))
          return { issuer, cell: `${proofs?.join('+') ?? 'any'}: ${kind}`, isMet: status === 'approved' }
        }),
      ),
    )
    expect(cells).toHaveLength(8 * 6 * 3)
    const metBy = (one: string) => cells.flatMap(({ issuer, cell, isMet }) => (isMet && issuer === one ? [cell] : []))
    // The issuer decides who somebody is, and nothing of how they prove it.
    const met = metBy('corp')
    for (const issuer of ISSUERS) expect(metBy(issuer)).toEqual(met)
    const seen = 'installation that has seen the login'
    expect(met).toEqual([
      ...Object.keys(SIGNATURES).map((kind) => `any: ${kind}`),
      'ssh: ssh',
      'passkey: passkey',
      `oidc: ${seen}`,
      'ssh+passkey: ssh',
      'ssh+passkey: passkey',
      'ssh+oidc: ssh',
      `ssh+oidc: ${seen}`,
      'passkey+oidc: passkey',
      `passkey+oidc: ${seen}`,
      'ssh+passkey+oidc: ssh',
      'ssh+passkey+oidc: passkey',
      `ssh+passkey+oidc: ${seen}`,
    ])
  })

  test('that is missing is named, with the one that is there', () => {
    const demand = { ...LOCAL_DEMAND, by: 'spine', proof: ['passkey', 'ssh'] } as const
    const reasonOf = (proof: Proof | undefined) => {
      const judged = asked([voiceOf('corp', proof)], occasion(demand))
      return judged.status === 'approved' ? 'approved' : `${judged.status}: ${judged.reason}`
    }
    const says =
      'missing: the approval of ann does not count for spine: it has to be proved by an SSH key or a passkey, and'
    expect(reasonOf('oidc')).toBe(`${says} it was proved by a new login at the identity provider`)
    expect(reasonOf(undefined)).toBe(`${says} it is only the word of this machine`)
    expect(asked([], occasion({ ...demand, count: 2 }))).toMatchObject({
      reason: 'nobody has approved this plan; spine asks for 2 approvals, proved by an SSH key or a passkey',
    })
    expect(PROOFS.map((proof) => proofWords([proof]))).toEqual([
      'an SSH key',
      'a passkey',
      'a new login at the identity provider',
      'a review on the forge',
    ])
    expect(missingProof({}, {})).toBeUndefined()
    expect(missingProof({}, { proof: 'ssh' })).toBeUndefined()
    expect(missingProof({}, { proof: 'review' })).toBe(
      'it was proved by a review on the forge, which counts where a rule says `proof: [review]`',
    )
    expect(missingProof({ takesReview: true }, { proof: 'review' })).toBeUndefined()
    expect(missingProof({ proof: ['review'] }, { proof: 'review' })).toBeUndefined()
  })
})
