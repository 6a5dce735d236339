import { generateKeyPairSync, hkdfSync, sign } from 'node:crypto'
import { expect, test } from 'vitest'
import { signerHere, signerOf, type Trust } from '../../../src/app/approval/signer.ts'
import {
  APPROVAL_NAMESPACE,
  parseAllowedSigners,
  SERVER_NAMESPACE,
  sshKeyOf,
} from '../../../src/identity/ssh-allowed-signers.ts'
import { armoredSshSignature, ED25519, signedData } from '../../../src/identity/ssh-signature.ts'
import { sshString } from '../../../src/identity/ssh-wire.ts'
import type { ApprovalSignature, ApprovalStatement } from '../../../src/model/approval.ts'
import { signingKeyOf } from '../../../src/model/ed25519.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { sealOf, statementText } from '../../../src/policy/statement.ts'
import { serverSignature } from '../../../src/policy/statement-signature.ts'

const KEY = 'the-install-key-that-all-jobs-share-0'
const OTHER_KEY = 'the-install-key-of-somebody-else-0000'
const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const ANN = Buffer.concat([
  sshString(ED25519),
  sshString(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)),
])

const keyLine = (name: string, namespace: string, key: Buffer): string =>
  `${name} namespaces="${namespace}" ${ED25519} ${key.toString('base64')}\n`
const SERVER = signingKeyOf(Buffer.alloc(32, 1))
const OTHER_SERVER = signingKeyOf(Buffer.alloc(32, 2))
/** What earlier versions derived from the install key, and signed decisions with: whoever plans could. */
const DERIVED = signingKeyOf(Buffer.from(hkdfSync('sha256', KEY, '', 'eosflow-approval-v1/server', 32)))

const signers = parseAllowedSigners(
  keyLine('ann', APPROVAL_NAMESPACE, ANN) + keyLine('other', SERVER_NAMESPACE, sshKeyOf(OTHER_SERVER.publicKey)),
  'allowed_signers',
)
if (!signers.ok) throw new Error('the lines cannot be read')
const TRUST: Trust = {
  signers: signers.value,
  key: KEY,
  servers: [SERVER.publicKey],
  issuers: ['corp'],
  programs: { env: process.env },
  now: Date.parse('2026-01-05T08:30:00Z'),
}

/** What an installation has seen of the login of ann. */
const PROOF = { issuer: 'https://idp.example', claims: { sub: 'ann' }, thumbprint: 'abc' }

const ISSUERS = ['local', 'ssh', 'corp', 'elsewhere'] as const
const AUTHS = ['os', 'ssh', 'oidc'] as const
const KINDS = [
  'ssh',
  'seal',
  'server',
  'server without a login',
  'server that has seen another login',
  'server of another installation',
  'server by the install key',
  'seal of another installation',
  'altered',
  'none',
] as const

function statementOf(issuer: string, auth: Principal['auth']): ApprovalStatement {
  return {
    v: 3,
    kind: 'eosflow.approval',
    plan: 'sha256:aa',
    store: 'eosflow.audit/0123456789abcdef',
    decision: 'approve',
    approver: { issuer, id: 'ann', kind: 'person', auth },
    notBefore: '2026-01-05T08:00:00.000Z',
    expires: '2026-01-05T12:00:00.000Z',
    maxRuns: 1,
    nonce: '00112233445566778899aabbccddeeff',
    comment: '',
    policy: null,
  }
}

/** A genuine signature of each kind: whoever holds the key has made it. */
function signatureOf(kind: (typeof KINDS)[number], statement: ApprovalStatement): ApprovalSignature | undefined {
  switch (kind) {
    case 'ssh': {
      const parts = { key: ANN, namespace: APPROVAL_NAMESPACE, reserved: Buffer.alloc(0), hash: 'sha512' } as const
      const made = sign(null, signedData(statementText(statement), parts), privateKey)
      const signature = Buffer.concat([sshString(ED25519), sshString(made)])
      return { kind, armored: armoredSshSignature({ ...parts, signature }) }
    }
    case 'seal':
      return { kind, seal: sealOf(KEY, statement) }
    case 'server':
      return serverSignature(SERVER, statement, PROOF)
    case 'server without a login':
      return serverSignature(SERVER, statement)
    case 'server that has seen another login':
      return serverSignature(SERVER, statement, { ...PROOF, claims: { sub: 'bob' } })
    case 'server of another installation':
      return serverSignature(OTHER_SERVER, statement, PROOF)
    case 'server by the install key':
      return serverSignature(DERIVED, statement, PROOF)
    case 'seal of another installation':
      return { kind: 'seal', seal: sealOf(OTHER_KEY, statement) }
    case 'altered':
      return serverSignature(SERVER, { ...statement, maxRuns: 2 }, PROOF)
    case 'none':
      return undefined
  }
}

test('each kind of signature vouches for its own kind of approver, and for no other', async () => {
  const proved: string[] = []
  let cells = 0
  for (const kind of KINDS) {
    for (const issuer of ISSUERS) {
      for (const auth of AUTHS) {
        const statement = statementOf(issuer, auth)
        const signature = signatureOf(kind, statement)
        const signer = signature === undefined ? signerHere(statement) : await signerOf(statement, signature, TRUST)
        cells += 1
        if (signer.status === 'proved') proved.push(`${kind}: ${issuer} by ${auth}`)
      }
    }
  }
  expect(cells).toBe(120)
  expect(proved.filter((cell) => !cell.startsWith('none'))).toEqual([
    'ssh: ssh by ssh',
    'seal: local by os',
    'server: corp by oidc',
    'server of another installation: corp by oidc',
  ])
  // What was decided at this installation is on record under the store's own seal: never in the name of the holder of a key.
  expect(proved.filter((cell) => /^none: ssh|by ssh$/.test(cell))).toEqual(['ssh: ssh by ssh'])
})
