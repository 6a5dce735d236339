import type { ShownPlan } from '../../change/plan/plan.ts'
import {
  approvalChallenge,
  reviewVerifies,
  sealOf,
  serverVerifies,
  statementFor,
  statementNonce,
  statementText,
} from '../../change/policy/approval.ts'
import type { Signer } from '../../change/policy/approval-case.ts'
import { type ForgeReviewers, isAccountOf, type Reviewer } from '../../change/policy/reviews.ts'
import type { ArtefactRef } from '../../change/record/event/record-schema.ts'
import type { AppendCondition } from '../../change/record/store/journal.ts'
import type { ApprovalSignature, ApprovalStatement, PasskeySignature, ReviewSignature } from '../../model/approval.ts'
import type { Random } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import type { Principal } from '../../model/principal.ts'
import type { RecordApp } from '../app/app.ts'
import type { ProjectStore } from '../app/store/project-store.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import { authenticatedAt } from '../identity/oidc/provider-fetch.ts'
import { passkeyOf, shortCredential, type TrustedPasskey } from '../identity/passkey/trusted-passkeys.ts'
import { assertionFault } from '../identity/passkey/webauthn-key.ts'
import {
  type AllowedSigner,
  APPROVAL_NAMESPACE,
  SERVER_NAMESPACE,
  signerOfKey,
  sshKeyOf,
} from '../identity/ssh/ssh-allowed-signers.ts'
import { type SshPrograms, verifySsh } from '../identity/ssh/ssh-keygen.ts'
import { systemRandom } from '../system/machine/system-clock.ts'

export interface Trust {
  readonly signers: readonly AllowedSigner[]
  readonly passkeys: readonly TrustedPasskey[]
  /** Who reviews on a forge; absent where the project has no file that says it. */
  readonly reviewers?: ForgeReviewers | undefined
  readonly key?: string
  /** The install keys before it; given only to judge what is on record, for whoever has stolen one can seal what comes from elsewhere. */
  readonly former?: readonly string[]
  readonly servers?: readonly string[]
  readonly issuers?: readonly string[]
  readonly programs: SshPrograms
  /** Wall time in milliseconds since the epoch: a key has to be valid now, and when it signed. */
  readonly now: number
}

/** Who has made a signed statement. Each kind of signature vouches for its own kind of approver alone: a person's SSH key or passkey for that person, an installation for those whom an identity provider of the settings has named, a seal for local users. */
export async function signerOf(
  statement: ApprovalStatement,
  signature: ApprovalSignature,
  trust: Trust,
): Promise<Signer> {
  const foreign = foreignApprover(statement, signature.kind, trust)
  if (foreign !== undefined) return { status: 'forged', reason: foreign }
  switch (signature.kind) {
    case 'ssh':
      return sshSigner(statement, signature.armored, trust)
    case 'server':
      return serverSigner(statement, signature, trust)
    case 'seal':
      return sealSigner(statement, signature.seal, trust)
    case 'webauthn':
      return passkeySigner(statement, signature, trust)
    case 'review':
      return reviewSigner(statement, signature, trust)
  }
}

/** Whom this installation believes besides the keys of its trust file: its own key, and the identity providers of its settings. */
export function trustHere({
  keys,
  key,
  project,
  env,
}: RecordApp): Pick<Trust, 'key' | 'servers' | 'issuers' | 'programs'> {
  const issuers = (project.settings.identity?.issuers ?? []).map(({ name }) => name)
  const ring = keys.read('server')
  // A key that was replaced vouches for nothing any more, whatever time a statement says: whoever has stolen it writes the time.
  const servers = ring === undefined ? [] : [ring.key.publicKey]
  return { key: key.text, servers, issuers, programs: { env } }
}

function foreignApprover(
  { approver }: Pick<ApprovalStatement, 'approver'>,
  kind: ApprovalSignature['kind'],
  { issuers }: Pick<Trust, 'issuers'>,
) {
  const { vouchesFor, words } = VOUCHERS[kind]
  return vouchesFor(approver, issuers) ? undefined : `${words}, and not for ${approver.id}`
}

const VOUCHERS: Readonly<
  Record<
    ApprovalSignature['kind'],
    { readonly vouchesFor: (approver: Principal, issuers: Trust['issuers']) => boolean; readonly words: string }
  >
> = {
  ssh: {
    vouchesFor: ({ issuer, auth }) => issuer === 'ssh' && auth === 'ssh',
    words: 'an SSH key vouches for its holder',
  },
  seal: {
    vouchesFor: ({ issuer, auth }) => issuer === 'local' && auth === 'os',
    words: 'a seal vouches for local users',
  },
  server: {
    vouchesFor: ({ issuer, auth }, issuers) => auth === 'oidc' && issuer !== 'local' && isProvider(issuer, issuers),
    words: 'an installation vouches for people of the identity providers in eosflow.yaml',
  },
  webauthn: {
    vouchesFor: ({ issuer, auth }, issuers) =>
      auth === 'passkey' && (issuer === 'local' || isProvider(issuer, issuers)),
    words: 'a passkey vouches for its holder, by an identity of eosflow.yaml',
  },
  review: { vouchesFor: ({ auth }) => auth === 'review', words: 'a review vouches for a reviewer' },
}

function isProvider(issuer: string, issuers: Trust['issuers']) {
  return issuer !== 'ssh' && issuers?.includes(issuer) !== false
}

/** Who has made a decision that is on record at this installation without a signature: never the holder of an SSH key or a passkey. */
export function signerHere({ approver }: ApprovalStatement): Signer {
  const { auth, issuer, id } = approver
  if (auth === 'passkey') return { status: 'forged', reason: `the decision of ${id} carries no signature of a passkey` }
  if (auth === 'review') return { status: 'forged', reason: `the decision of ${id} carries no review` }
  if (auth !== 'ssh' && issuer !== 'ssh') return { status: 'proved', principal: approver }
  return { status: 'forged', reason: `the decision of ${id} carries no signature of an SSH key` }
}

const timesOf = ({ notBefore }: ApprovalStatement, { now }: Trust) => [Date.parse(notBefore), now]

async function sshSigner(statement: ApprovalStatement, armored: string, trust: Trust): Promise<Signer> {
  const found = await verifySsh(trust.programs, {
    message: statementText(statement),
    armored,
    namespace: APPROVAL_NAMESPACE,
    signers: trust.signers,
    times: timesOf(statement, trust),
  })
  if (found.status !== 'good') return found
  const { issuer, id } = statement.approver
  const { names } = found.signer
  if (issuer !== 'ssh' || (id !== found.fingerprint && !names.includes(id))) {
    return { status: 'forged', reason: `the statement is of ${id}, and the key that signed it is of ${names[0]}` }
  }
  return { status: 'proved', principal: sshPrincipal(names[0], statement.notBefore) }
}

/** A person who proves who they are by an SSH key, each time anew. */
export function sshPrincipal(name: string, at: string): Principal {
  return { issuer: 'ssh', id: name, kind: 'person', auth: 'ssh', person: name, authenticatedAt: at }
}

// The person whose passkey it is, by the line of the trust file alone: groups and whatever else a statement says of its approver count for
// nothing, since whoever has a passkey can sign any statement with it.
function passkeySigner(statement: ApprovalStatement, signature: PasskeySignature, trust: Trust): Signer {
  const { credential, key } = signature
  const short = shortCredential(credential)
  const demand = { challenge: approvalChallenge(statement), key: Buffer.from(key, 'base64') }
  const fault = assertionFault(signature, demand)
  if (fault !== undefined)
    return { status: 'forged', reason: `the signature of the passkey ${short} is not good: ${fault}` }
  const passkey = passkeyOf(trust.passkeys, { credential, key, times: timesOf(statement, trust) })
  if (typeof passkey === 'string') return { status: 'untrusted', reason: passkey }
  const elsewhere = assertionFault(signature, { ...demand, site: passkey })
  if (elsewhere !== undefined)
    return { status: 'forged', reason: `the signature of the passkey ${short} is not good: ${elsewhere}` }
  const { issuer, id } = statement.approver
  if (issuer !== passkey.issuer || id !== passkey.id) {
    return {
      status: 'forged',
      reason: `the statement is of ${id}, and the passkey that signed it is of ${passkey.who}`,
    }
  }
  return { status: 'proved', principal: passkeyPrincipal(passkey, statement.notBefore) }
}

export function passkeyPrincipal({ issuer, id, person }: TrustedPasskey, at: string): Principal {
  const human = person === undefined ? {} : { person }
  return { issuer, id, kind: 'person', auth: 'passkey', ...human, authenticatedAt: at }
}

function serverSigner(statement: ApprovalStatement, signature: ServerSignature, trust: Trust): Signer {
  if (!serverVerifies(statement, signature)) {
    return { status: 'forged', reason: 'the signature of the installation is not one over this statement' }
  }
  const unseen = unseenLogin(statement, signature)
  if (unseen !== undefined) return { status: 'untrusted', reason: unseen }
  const strange = strangeServer(statement, signature, trust)
  if (strange !== undefined) return { status: 'untrusted', reason: strange }
  return { status: 'proved', principal: seenApprover(statement, signature) }
}

function strangeServer(statement: ApprovalStatement, { key }: Pick<ServerSignature, 'key'>, trust: Trust) {
  if (trust.servers?.includes(key) === true) return undefined
  const asked = { key: sshKeyOf(key), namespace: SERVER_NAMESPACE, times: timesOf(statement, trust) }
  const server = signerOfKey(trust.signers, asked)
  return typeof server === 'string' ? server : undefined
}

function reviewSigner(statement: ApprovalStatement, signature: ReviewSignature, trust: Trust): Signer {
  if (!reviewVerifies(statement, signature)) {
    return {
      status: 'forged',
      reason: 'the signature of the installation is not one over this statement and its review',
    }
  }
  const { issuer, account } = signature.review
  const strange = strangeServer(statement, signature, trust)
  if (strange !== undefined) return { status: 'untrusted', reason: strange }
  const { reviewers } = trust
  const found = reviewers?.issuer === issuer ? reviewers.reviewers.find((one) => isAccountOf(account, one)) : undefined
  if (found === undefined) {
    return {
      status: 'untrusted',
      reason: `the account ${account.login} of ${issuer} is of no reviewer in trust/reviewers.yaml`,
    }
  }
  const { subject, who } = found
  if (subject.issuer !== statement.approver.issuer || subject.id !== statement.approver.id) {
    return { status: 'forged', reason: `the statement is of ${statement.approver.id}, and the review is of ${who}` }
  }
  if (found.person !== statement.approver.person) {
    return { status: 'untrusted', reason: `trust/reviewers.yaml says another person of ${account.login}` }
  }
  return { status: 'proved', principal: reviewPrincipal(found) }
}

export function reviewPrincipal({ subject, person }: Pick<Reviewer, 'subject' | 'person'>): Principal {
  return { ...subject, kind: 'person', auth: 'review', ...definedMembers({ person }) }
}

type ServerSignature = ApprovalSignature & { readonly kind: 'server' }

function seenApprover({ approver }: ApprovalStatement, { proof }: ServerSignature): Principal {
  return { ...approver, ...authenticatedAt(proof?.claims ?? {}) }
}

function unseenLogin(statement: ApprovalStatement, { proof }: ServerSignature) {
  const {
    approver: { id },
    decision,
  } = statement
  if (proof === undefined)
    return decision === 'reject' ? undefined : `the installation does not say by which login it has seen ${id}`
  const { nonce } = proof.claims
  if (nonce !== undefined && nonce !== statementNonce(statement))
    return `the login that the installation has seen of ${id} is for another decision`
  return proof.claims.sub === id ? undefined : `the login that the installation has seen is not that of ${id}`
}

function sealSigner(statement: ApprovalStatement, seal: string, { key, former = [] }: Trust): Signer {
  if (key === undefined) return { status: 'untrusted', reason: 'only who has the install key can verify a seal' }
  if ([key, ...former].some((own) => seal === sealOf(own, statement)))
    return { status: 'proved', principal: statement.approver }
  return { status: 'forged', reason: 'the seal was not made with the install key of this project' }
}

// How long an approval holds when the workflow does not say, in seconds.
const DEFAULT_EXPIRES = 14_400

/** For how many milliseconds an approval of a plan holds. */
export function holdsFor({ content }: ShownPlan): number {
  return (content.approve?.expires ?? DEFAULT_EXPIRES) * 1000
}

export interface Choice {
  readonly decision: 'approve' | 'reject'
  readonly comment: string
  readonly maxRuns?: number
  /** For how many milliseconds it holds. */
  readonly holds?: number
  readonly undo?: UndoneBy
}

export interface UndoneBy {
  readonly undoes: string
  readonly undo: ArtefactRef
}

/** A decision about a plan, made now; its nonce is drawn from `names`. Throws `stale` for a plan that names no store: nothing would count the uses of its approval. */
export function statementOf(
  plan: ShownPlan,
  choice: Choice,
  approver: Principal,
  now: number,
  names: Pick<Random, 'hex'> = systemRandom,
): ApprovalStatement {
  const validFor = Math.min(choice.holds ?? Number.POSITIVE_INFINITY, holdsFor(plan))
  const nonce = names.hex(16)
  return statementFor({
    ...choice,
    // Half of a character is in no canonical JSON, so nothing could be signed.
    comment: choice.comment.replace(/\p{Surrogate}/gu, '\ufffd'),
    plan: plan.digest,
    store: storeOf(plan),
    approver,
    now,
    validFor,
    nonce,
    policy: plan.content.policy,
  })
}

function storeOf({ evidence: { store } }: ShownPlan) {
  if (store !== undefined) return store
  throw new EosflowError('stale', 'the plan names no store that its approvals are for', { hint: 'Plan again.' })
}

export async function recordDecision(
  { store, key }: Pick<ProjectStore, 'store' | 'key'>,
  { principal }: SilentCaller,
  statement: ApprovalStatement,
  signature?: ApprovalSignature,
  undo?: UndoneBy,
  conditions: readonly AppendCondition[] = [],
): Promise<number> {
  const seal = sealOf(key.text, statement, signature)
  const signed = signature === undefined ? {} : { signature }
  const [record] = await store
    .as(principal)
    .append(undefined, [{ type: 'ApprovalDecided', statement, seal, ...signed, ...undo }], conditions)
  return record?.seq ?? 0
}
