import { generateKeyPairSync, hkdfSync, sign } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  approvalChallenge,
  sealOf,
  serverSignature,
  statementNonce,
  statementText,
} from '../../../../src/change/policy/approval.ts'
import type { ApprovalSignature, ApprovalStatement } from '../../../../src/model/approval.ts'
import { signingKeyOf } from '../../../../src/model/ed25519.ts'
import type { Principal } from '../../../../src/model/principal.ts'
import { signerHere, signerOf, type Trust } from '../../../../src/project/approval/signer.ts'
import { parsePasskeys } from '../../../../src/project/identity/passkey/trusted-passkeys.ts'
import {
  APPROVAL_NAMESPACE,
  armoredSshSignature,
  ED25519,
  parseAllowedSigners,
  SERVER_NAMESPACE,
  signedData,
  sshKeyOf,
  sshString,
} from '../../../../src/project/identity/ssh/ssh-allowed-signers.ts'
import { GIVEN_STATEMENT } from '../../../change/policy/given-approval.ts'
import { type Saying, SITE, type VirtualPasskey, virtualPasskey } from '../../../project/identity/virtual-passkey.ts'

const KEY = 'the-install-key-that-all-jobs-share-0'
const OTHER_KEY = 'the-install-key-of-somebody-else-0000'
const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const ANN = Buffer.concat([
  sshString(ED25519),
  sshString(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)),
])

const keyLine = (name: string, namespace: string, key: Buffer) =>
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
const [ANNS, BOBS, OLD] = ['ann', 'bob', 'old'].map((name) => virtualPasskey('ES256', name)) as [
  VirtualPasskey,
  VirtualPasskey,
  VirtualPasskey,
]
const passkeys = parsePasskeys(
  `corp:sub:ann origin="${SITE.origin}" ${ANNS.credential} ${ANNS.key}
corp:sub:bob origin="${SITE.origin}" ${BOBS.credential} ${BOBS.key}
corp:sub:ann origin="${SITE.origin}",valid-before="20260105Z" ${OLD.credential} ${OLD.key}
elsewhere:sub:ann origin="${SITE.origin}" AAAA ${virtualPasskey().key}
`,
  'passkeys',
)
if (!passkeys.ok) throw new Error('the passkeys cannot be read')
const TRUST: Trust = {
  signers: signers.value,
  passkeys: passkeys.value,
  key: KEY,
  servers: [SERVER.publicKey],
  issuers: ['corp'],
  programs: { env: process.env },
  now: Date.parse('2026-01-05T08:30:00Z'),
}

/** What an installation has seen of the login of ann. */
const PROOF = { issuer: 'https://idp.example', claims: { sub: 'ann' }, thumbprint: 'abc' }

const ISSUERS = ['local', 'ssh', 'corp', 'elsewhere'] as const
const AUTHS = ['os', 'ssh', 'oidc', 'passkey'] as const
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
  'passkey',
  'passkey over another statement',
  'passkey without its person',
  'passkey at another site',
  'passkey of somebody else',
  'passkey that nobody trusts',
  'passkey whose key was replaced',
  'passkey that is no longer valid',
  'server for another decision',
  'none',
] as const

const statementOf = (issuer: string, auth: Principal['auth']): ApprovalStatement => ({
  ...GIVEN_STATEMENT,
  approver: { issuer, id: 'ann', kind: 'person', auth },
})

/** What a browser gives for a statement, beside the key that the project trusts. */
function passkeySignature(
  passkey: VirtualPasskey,
  statement: ApprovalStatement,
  saying: Saying = {},
): ApprovalSignature {
  const { credential, key, answer } = passkey
  const given = answer(approvalChallenge(statement).toString('base64url'), saying)
  return { kind: 'webauthn', ...given, credential, key }
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
    case 'passkey':
      return passkeySignature(ANNS, statement)
    case 'passkey over another statement':
      return passkeySignature(ANNS, { ...statement, plan: 'sha256:bb' })
    case 'passkey without its person':
      return passkeySignature(ANNS, statement, { flags: 0x01 })
    case 'passkey at another site':
      return passkeySignature(ANNS, statement, { origin: 'https://noc.example.org' })
    case 'passkey of somebody else':
      return passkeySignature(BOBS, statement)
    case 'passkey that nobody trusts':
      return passkeySignature(virtualPasskey('ES256', 'new'), statement)
    case 'passkey whose key was replaced':
      return passkeySignature({ ...BOBS, credential: ANNS.credential }, statement)
    case 'passkey that is no longer valid':
      return passkeySignature(OLD, statement)
    case 'server for another decision': {
      const nonce = statementNonce({ ...statement, plan: 'sha256:bb' })
      return serverSignature(SERVER, statement, { ...PROOF, claims: { ...PROOF.claims, nonce } })
    }
    case 'none':
      return undefined
  }
}

test('[S4] each kind of signature vouches for its own kind of approver, and for no other', async () => {
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
  expect(cells).toBe(19 * 4 * 4)
  expect(proved.filter((cell) => !cell.startsWith('none'))).toEqual([
    'ssh: ssh by ssh',
    'seal: local by os',
    'server: corp by oidc',
    'server of another installation: corp by oidc',
    'passkey: corp by passkey',
  ])
  // What was decided at this installation is on record under the store's own seal: never in the name of the holder of a key.
  expect(proved.filter((cell) => /^none: ssh|by ssh$/.test(cell))).toEqual(['ssh: ssh by ssh'])
  expect(proved.filter((cell) => cell.endsWith('by passkey'))).toEqual(['passkey: corp by passkey'])
})

test('whoever a passkey proves is who the trust file says, and not what the statement says of them', async () => {
  const { approver, ...rest } = statementOf('corp', 'passkey')
  const boasting = { ...rest, approver: { ...approver, groups: ['leads'], person: 'P7', display: 'Ann' } }
  const signer = await signerOf(boasting, passkeySignature(ANNS, boasting), TRUST)
  expect(signer).toEqual({
    status: 'proved',
    principal: {
      issuer: 'corp',
      id: 'ann',
      kind: 'person',
      auth: 'passkey',
      authenticatedAt: '2026-01-05T08:00:00.000Z',
    },
  })
})

test('a server signature with a time of the login that is none is judged, and does not end the process', async () => {
  const statement = statementOf('corp', 'oidc')
  for (const time of [Number.MAX_SAFE_INTEGER, 9e12, -1, 'now']) {
    const signature = serverSignature(SERVER, statement, { ...PROOF, claims: { sub: 'ann', auth_time: time } })
    expect(await signerOf(statement, signature, TRUST)).toEqual({ status: 'proved', principal: statement.approver })
  }
  const signature = serverSignature(SERVER, statement, { ...PROOF, claims: { sub: 'ann', auth_time: 1_767_600_000 } })
  expect(await signerOf(statement, signature, TRUST)).toEqual({
    status: 'proved',
    principal: { ...statement.approver, authenticatedAt: '2026-01-05T08:00:00.000Z' },
  })
})

test.each([
  ['passkey over another statement', 'forged', /is not good: it is over something else$/],
  ['passkey without its person', 'forged', /is not good: the authenticator has not verified who was present$/],
  ['passkey at another site', 'forged', /is not good: it was made at another site than https:\/\/noc\.example\.com$/],
  [
    'passkey of somebody else',
    'forged',
    /^the statement is of ann, and the passkey that signed it is of corp:sub:bob$/,
  ],
  ['passkey that nobody trusts', 'untrusted', /is not among the trusted passkeys$/],
  ['passkey whose key was replaced', 'untrusted', /is trusted with another public key$/],
  ['passkey that is no longer valid', 'untrusted', /of corp:sub:ann is not valid at that time$/],
] as const)('a %s is %s, by name', async (kind, status, reason) => {
  const statement = statementOf('corp', 'passkey')
  const signature = signatureOf(kind, statement)
  if (signature === undefined) throw new Error('there is no signature')
  expect(await signerOf(statement, signature, TRUST)).toEqual({ status, reason: expect.stringMatching(reason) })
})

test('what is not good is called forged, and a good signature of a key that nobody knows untrusted', async () => {
  const looked = async (kind: (typeof KINDS)[number], issuer: string, auth: Principal['auth']) => {
    const statement = statementOf(issuer, auth)
    const signature = signatureOf(kind, statement)
    return signature === undefined ? signerHere(statement) : signerOf(statement, signature, TRUST)
  }
  const refused = async (...cell: Parameters<typeof looked>) => {
    const signer = await looked(...cell)
    return signer.status === 'proved' ? 'proved' : `${signer.status}: ${signer.reason}`
  }
  expect({
    sshOfAnother: await refused('ssh', 'corp', 'oidc'),
    sealOfAnother: await refused('seal', 'corp', 'oidc'),
    serverOfALocalUser: await refused('server', 'local', 'os'),
    passkeyOfAnSshHolder: await refused('passkey', 'ssh', 'passkey'),
    passkeyOfALocalUser: await refused('passkey', 'local', 'passkey'),
    altered: await refused('altered', 'corp', 'oidc'),
    otherSeal: await refused('seal of another installation', 'local', 'os'),
    noLogin: await refused('server without a login', 'corp', 'oidc'),
    otherLogin: await refused('server that has seen another login', 'corp', 'oidc'),
    otherDecision: await refused('server for another decision', 'corp', 'oidc'),
    unsignedSsh: await refused('none', 'ssh', 'ssh'),
    unsignedPasskey: await refused('none', 'corp', 'passkey'),
    unsignedHere: await refused('none', 'local', 'os'),
  }).toEqual({
    sshOfAnother: 'forged: an SSH key vouches for its holder, and not for ann',
    sealOfAnother: 'forged: a seal vouches for local users, and not for ann',
    serverOfALocalUser:
      'forged: an installation vouches for people of the identity providers in eosflow.yaml, and not for ann',
    passkeyOfAnSshHolder: 'forged: a passkey vouches for its holder, by an identity of eosflow.yaml, and not for ann',
    passkeyOfALocalUser: 'forged: the statement is of ann, and the passkey that signed it is of corp:sub:ann',
    altered: 'forged: the signature of the installation is not one over this statement',
    otherSeal: 'forged: the seal was not made with the install key of this project',
    noLogin: 'untrusted: the installation does not say by which login it has seen ann',
    otherLogin: 'untrusted: the login that the installation has seen is not that of ann',
    otherDecision: 'untrusted: the login that the installation has seen of ann is for another decision',
    unsignedSsh: 'forged: the decision of ann carries no signature of an SSH key',
    unsignedPasskey: 'forged: the decision of ann carries no signature of a passkey',
    unsignedHere: 'proved',
  })
})

test('to reject nobody has to log in once more, and without the install key no seal is verified', async () => {
  const rejection = { ...statementOf('corp', 'oidc'), decision: 'reject' as const }
  expect(await signerOf(rejection, serverSignature(SERVER, rejection), TRUST)).toMatchObject({ status: 'proved' })
  const local = statementOf('local', 'os')
  const { key: _key, ...others } = TRUST
  expect(await signerOf(local, { kind: 'seal', seal: sealOf(KEY, local) }, others)).toEqual({
    status: 'untrusted',
    reason: 'only who has the install key can verify a seal',
  })
})

test('whom an SSH key proves is a person with the name of the trust file, who has logged in when they signed', async () => {
  const statement = statementOf('ssh', 'ssh')
  const signature = signatureOf('ssh', statement)
  if (signature === undefined) throw new RangeError('no signature')
  expect(await signerOf(statement, signature, TRUST)).toEqual({
    status: 'proved',
    principal: {
      issuer: 'ssh',
      id: 'ann',
      kind: 'person',
      auth: 'ssh',
      person: 'ann',
      authenticatedAt: '2026-01-05T08:00:00.000Z',
    },
  })
  const { approver, ...rest } = statement
  const boasting = { ...rest, approver: { ...approver, id: 'eve' } }
  expect(await signerOf(boasting, signatureOf('ssh', boasting) ?? signature, TRUST)).toEqual({
    status: 'forged',
    reason: 'the statement is of eve, and the key that signed it is of ann',
  })
})
