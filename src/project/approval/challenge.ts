import type { Plan, ShownPlan } from '../../change/plan/plan.ts'
import { approvalChallenge, statementNonce, statementText } from '../../change/policy/approval.ts'
import { memberName } from '../../change/policy/policy.ts'
import type { Notes } from '../../change/record/store/notes.ts'
import type { ApprovalStatement } from '../../model/approval.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import type { Principal } from '../../model/principal.ts'
import { decided, type PolicyContext, requireAllowed } from '../access/policy/authority.ts'
import type { RecordApp } from '../app/app.ts'
import { PASSKEY_FILE } from '../files/loaded-policy.ts'
import type { Caller, SilentCaller } from '../identity/caller-of.ts'
import { webIssuer } from '../identity/oidc/code-login.ts'
import { isJudged, type StepUp } from '../identity/oidc/logins.ts'
import {
  parsePasskeys,
  passkeyLine,
  shortCredential,
  type TrustedPasskey,
} from '../identity/passkey/trusted-passkeys.ts'
import {
  madePasskey,
  readWebauthnKey,
  strictBase64Url,
  type WebauthnAssertion,
} from '../identity/passkey/webauthn-key.ts'
import { passkeysOf, requireKnownServerKey } from '../identity/signers/common-server-key.ts'
import { orProblems } from '../system/process/input-error.ts'
import {
  executionOfPlan,
  importDecision,
  otherStoreOf,
  planForDecision,
  refusal,
  refuse,
  rejectedBefore,
  vouchedFor,
} from './decide.ts'
import { neverCounts, type ProvedPrincipal, proofNotes, uncounted } from './never-counts.ts'
import { type Choice, passkeyPrincipal, statementOf } from './signer.ts'
import { type DecisionResult, takeDecision, useless } from './take-decision.ts'

// How long somebody has to prove a decision, in milliseconds.
const FIVE_MINUTES = 300_000
const MOST_OF_ONE = 20
const MOST = 1000

type BrowserProof = 'passkey' | 'oidc'

/** A decision that somebody is about to prove: once, within five minutes, and nobody else. */
export interface OpenChallenge {
  readonly statement: ApprovalStatement
  readonly execution: string
  readonly proof: BrowserProof
  readonly asker: Asker
}

export interface Asker {
  readonly principal: Pick<Principal, 'issuer' | 'id'>
  readonly session: string
}

export interface Challenges {
  /** Gives its id, which is the nonce of its statement, and when it ends, ISO 8601 in UTC. */
  open(challenge: OpenChallenge): Promise<OpenedChallenge>
  /** Throws `stale` for any other and afterwards. */
  take(id: string, asker: Asker): Promise<OpenChallenge>
}

export interface OpenedChallenge {
  readonly id: string
  /** When it ends, ISO 8601 in UTC. */
  readonly until: string
}

const KIND = 'challenge'

/** Of two answers at once one counts. */
export function openChallenges(notes: Notes): Challenges {
  return {
    open: async (challenge) => {
      const id = challenge.statement.nonce
      const own = (await notes.all(KIND))
        .map((text) => JSON.parse(text) as OpenChallenge)
        .filter(({ asker }) => isSame(asker.principal, challenge.asker.principal))
      for (const one of own.slice(0, Math.max(0, own.length - MOST_OF_ONE + 1)))
        await notes.take(KIND, one.statement.nonce)
      await notes.put(KIND, id, JSON.stringify(challenge), { lasts: FIVE_MINUTES, most: MOST })
      return { id, until: new Date((await notes.now()) + FIVE_MINUTES).toISOString() }
    },
    take: async (id, asker) => {
      const kept = (await notes.read(KIND, id))?.text
      const found = kept === undefined ? undefined : (JSON.parse(kept) as OpenChallenge)
      if (found === undefined || !isOf(found, asker) || (await notes.take(KIND, id)) === undefined) throw gone()
      return found
    },
  }
}

function isOf({ asker }: OpenChallenge, { principal, session }: Asker) {
  return asker.session === session && isSame(asker.principal, principal)
}

function isSame(a: Asker['principal'], b: Asker['principal']) {
  return a.issuer === b.issuer && a.id === b.id
}

// The same words for one that was used, has ended, is of somebody else or never was: nobody learns which there are.
function gone() {
  return new EosflowError('stale', 'the decision is not open: it was made already, or five minutes have passed', {
    hint: 'Look at the plan again, and decide anew.',
  })
}

// Throws `not-authorised` where there is none.
function ownPasskeys(
  { project, clock }: RecordApp,
  { principal }: SilentCaller,
  origin: string,
): readonly TrustedPasskey[] {
  const now = clock.now()
  const own = passkeysOf(project).filter(
    ({ issuer, id, origin: where, validAfter = -Infinity, validBefore = Infinity }) =>
      issuer === principal.issuer && id === principal.id && where === origin && now >= validAfter && now < validBefore,
  )
  const [first] = own
  if (first === undefined) {
    throw new EosflowError('not-authorised', `no passkey of ${memberName(principal)} is trusted at ${origin}`, {
      hint: 'Have a line for it added to trust/passkeys.',
    })
  }
  // A browser is asked for passkeys of one site.
  if (principal.person === undefined || principal.person === first.person) {
    return own.filter(({ rpId }) => rpId === first.rpId)
  }
  const says = first.person === undefined ? 'nobody' : first.person
  throw new EosflowError('not-authorised', `the passkey is of ${says} and the login of ${principal.person}`, {
    hint: `Write person="${principal.person}" into the line of ${first.who} in trust/passkeys: else one human counts as two.`,
  })
}

type NewPasskey = {
  readonly origin: string
  readonly rpId?: string
} & ({ readonly attestationObject: string } | { readonly credential: string; readonly key: string })

/**
 * The line of `trust/passkeys` for a new passkey of whoever is calling, to be added by a reviewed commit: until then it approves nothing, and
 * nothing is stored. Throws `not-authorised` for whoever is no person, `protocol` for a passkey that would not be taken, InputError for an
 * origin without passkeys.
 */
export function newPasskeyLine({ principal }: SilentCaller, passkey: NewPasskey): string {
  const { origin, rpId } = passkey
  const { kind, onBehalfOf, person } = principal
  if (kind !== 'person' || onBehalfOf !== undefined) {
    throw new EosflowError('not-authorised', `only a person has a passkey, and ${principal.id} is none`)
  }
  const site = rpId ?? (URL.canParse(origin) ? new URL(origin).hostname : origin)
  const made =
    'key' in passkey
      ? { credential: passkey.credential, key: readWebauthnKey(bytesOf(passkey.key)).spki }
      : madePasskey(bytesOf(passkey.attestationObject), site)
  const who = memberName(principal)
  const line = passkeyLine({ who, origin, rpId: site, ...definedMembers({ person }), ...made })
  orProblems(parsePasskeys(line, PASSKEY_FILE))
  return line
}

function bytesOf(text: string) {
  const bytes = strictBase64Url(text)
  if (bytes !== undefined) return bytes
  throw new EosflowError('protocol', 'what the browser gave for the passkey is not base64url')
}

export interface ChallengeRequest extends Pick<Choice, 'decision' | 'comment'> {
  readonly plan: string
  readonly execution?: string
  readonly proof: BrowserProof
  readonly origin: string
  readonly session: string
}

export interface MadeChallenge {
  readonly id: string
  /** When it ends, ISO 8601 in UTC. */
  readonly until: string
  readonly statement: ApprovalStatement
  /** The statement byte for byte as it is proved: its canonical JSON (RFC 8785). */
  readonly text: string
  readonly passkey?: { readonly challenge: string; readonly rpId: string; readonly credentials: readonly string[] }
  readonly nonce?: string
  readonly notes: readonly string[]
}

/**
 * Makes the statement that somebody is going to prove in a browser: for this plan, by whoever is calling, for five minutes and one use.
 * Throws `not-authorised` for whoever may not decide so or has nothing to prove it with, `not-approved` and `stale` as
 * {@link planForDecision} does, and `store` where the servers of the store do not know the key that would sign it.
 */
export async function makeChallenge(
  app: RecordApp,
  caller: Caller,
  challenges: Challenges,
  request: ChallengeRequest,
): Promise<MadeChallenge> {
  const { decision, proof, origin, session } = request
  const execution = request.execution ?? (await executionOfPlan(app, request.plan))
  const { plan } = await planOnRecord(app, caller, execution, request)
  const passkeys = proof === 'passkey' ? ownPasskeys(app, caller, origin) : []
  const approver = approverBy(passkeys[0], caller, app.clock.now())
  await requireMay(app, caller, plan, { decision, approver })
  // Before they log in once more for it.
  if (proof === 'oidc') await requireKnownServerKey(app)
  // What the store would scrub is scrubbed before it is signed.
  const comment = app.scrubber.scrub(request.comment)
  const statement = statementOf(plan, { decision, comment }, approver, app.clock.now(), app.seams?.names)
  const elsewhere =
    otherStoreOf(app, caller, statement) ?? rejectedBefore(await app.store.approvals(plan.digest), statement)
  if (elsewhere !== undefined) throw elsewhere
  const opened = await challenges.open({ statement, execution, proof, asker: { principal: caller.principal, session } })
  const [first] = passkeys
  return {
    ...opened,
    statement,
    text: statementText(statement),
    ...(first === undefined
      ? { nonce: statementNonce(statement) }
      : {
          passkey: {
            challenge: approvalChallenge(statement).toString('base64url'),
            rpId: first.rpId,
            credentials: passkeys.map(({ credential }) => credential),
          },
        }),
    notes: decision === 'approve' ? proofNotes(app, plan, proof) : [],
  }
}

// Throws as {@link planForDecision} does.
async function planOnRecord(
  app: RecordApp,
  caller: Caller,
  execution: string,
  { plan: digest, decision }: Pick<ChallengeRequest, 'plan' | 'decision'>,
): ReturnType<typeof planForDecision> {
  const asked = { word: execution, decision, isForElsewhere: false, trust: undefined }
  const named = await planForDecision(app, caller, asked)
  if (named.plan.digest === digest) return named
  throw new EosflowError('stale', `the plan of ${execution} is ${named.plan.digest}, not ${digest}`, {
    hint: 'Look at the plan again, and decide anew.',
  })
}

function approverBy(passkey: TrustedPasskey | undefined, { principal }: SilentCaller, now: number) {
  const at = new Date(now).toISOString()
  return passkey === undefined ? principal : passkeyPrincipal(passkey, at)
}

async function requireMay(
  app: PolicyContext,
  { principal }: SilentCaller,
  plan: Plan,
  { decision, approver }: { readonly decision: Choice['decision']; readonly approver: Principal },
) {
  const action = `plan.${decision}` as const
  const about = { devices: plan.content.waves.flat(), workflow: plan.content.workflow.file }
  if (principal.kind !== 'person' || principal.onBehalfOf !== undefined) {
    await requireAllowed(app, { principal }, action, { ...about, plan: plan.digest })
    throw new EosflowError('not-authorised', `only a person decides about a plan, and ${principal.id} is none`)
  }
  const authenticatedAt = new Date(app.clock.now()).toISOString()
  const proved = { principal: { ...approver, authenticatedAt } }
  try {
    await requireAllowed(app, proved, action, { ...about, plan: plan.digest })
  } catch (error) {
    const isOfGroups = decided(app, { principal: { ...principal, authenticatedAt } }, action, about).effect === 'allow'
    if (!(error instanceof EosflowError) || !isOfGroups) throw error
    throw new EosflowError(error.kind, `${error.message}: groups of a login do not count for a passkey`, {
      hint: `Name ${memberName(principal)} itself in a role of the policy.`,
      cause: error,
    })
  }
}

export type DecisionWay = 'passkey' | 'oidc' | 'here'

export interface DecisionWays {
  /** How they may approve, so that it counts; the strongest first. */
  readonly approve: readonly DecisionWay[]
  readonly because?: string
  readonly mayReject: boolean
}

const WAYS: readonly DecisionWay[] = ['passkey', 'oidc', 'here']

/** How whoever is calling may decide about a plan on pages of an origin, so that a front end shows what can be done and says why something cannot. */
export async function decisionWays(
  app: RecordApp,
  { principal }: SilentCaller,
  plan: ShownPlan,
  origin: string,
): Promise<DecisionWays> {
  if (principal.kind !== 'person' || principal.onBehalfOf !== undefined) {
    return { approve: [], because: `only a person decides about a plan, and ${principal.id} is none`, mayReject: false }
  }
  const tried = WAYS.map((way) => ({ way, why: whyNot(app, principal, plan, { way, origin }) }))
  const statement = statementOf(plan, { decision: 'approve', comment: '' }, principal, app.clock.now())
  const rejected = rejectedBefore(await app.store.approvals(plan.digest), statement)?.message
  const approve = rejected === undefined ? tried.flatMap(({ way, why }) => (why === undefined ? [way] : [])) : []
  const fresh = { ...principal, authenticatedAt: new Date(app.clock.now()).toISOString() }
  const never = mayDecide(app, fresh, plan, 'approve') ?? neverCounts(app, plan, principal)
  const because = rejected ?? never ?? tried.find(({ why }) => why !== undefined && why !== NOT_HERE)?.why ?? NOT_HERE
  const mayReject = mayDecide(app, principal, plan, 'reject') === undefined && rejected === undefined
  return { approve, ...(approve.length > 0 ? {} : { because }), mayReject }
}

export const NOT_HERE = 'there is no way for you to prove a decision here'

function whyNot(
  app: RecordApp,
  principal: Principal,
  plan: ShownPlan,
  { way, origin }: { readonly way: DecisionWay; readonly origin: string },
) {
  const proved = provedBy(app, principal, { way, origin })
  if (typeof proved === 'string') return proved
  return mayDecide(app, proved.principal, plan, 'approve') ?? uncounted(app, plan, proved)
}

function provedBy(
  app: RecordApp,
  principal: Principal,
  { way, origin }: { readonly way: DecisionWay; readonly origin: string },
): ProvedPrincipal | string {
  const at = new Date(app.clock.now()).toISOString()
  switch (way) {
    case 'passkey': {
      const passkey = firstPasskey(app, principal, origin)
      return typeof passkey === 'string' ? passkey : { principal: passkeyPrincipal(passkey, at), proof: 'passkey' }
    }
    case 'oidc': {
      const issuer = app.project.settings.identity?.issuers.find(({ name }) => name === principal.issuer)
      const isThere = principal.auth === 'oidc' && issuer !== undefined && webIssuer(issuer) !== undefined
      return isThere ? { principal: { ...principal, authenticatedAt: at }, proof: 'oidc' } : NOT_HERE
    }
    case 'here':
      return principal.auth === 'os' ? { principal } : NOT_HERE
  }
}

function firstPasskey(app: RecordApp, principal: Principal, origin: string) {
  try {
    const [first] = ownPasskeys(app, { principal }, origin)
    return first ?? NOT_HERE
  } catch (error) {
    if (error instanceof EosflowError && error.kind === 'not-authorised') return error.message
    throw error
  }
}

function mayDecide(app: PolicyContext, principal: Principal, plan: ShownPlan, decision: 'approve' | 'reject') {
  const about = { devices: plan.content.waves.flat(), workflow: plan.content.workflow.file }
  const { effect, reason } = decided(app, { principal }, `plan.${decision}`, about)
  return effect === 'deny' ? reason : undefined
}

export type GivenProof =
  | ({ readonly kind: 'passkey'; readonly credential: string } & WebauthnAssertion)
  /** The very object that the judged login has given: what comes in a request is none. */
  | { readonly kind: 'oidc'; readonly login: StepUp }

export interface ProvedDecision {
  readonly challenge: string
  readonly plan: string
  readonly session: string
  readonly proof: GivenProof
}

/** Throws `stale` for a challenge that is not open or of another plan, `not-approved` for a proof that is not good, `not-authorised` for whoever may not decide so. */
export async function decideProved(
  app: RecordApp,
  caller: Caller,
  challenges: Challenges,
  { challenge: id, plan: digest, session, proof }: ProvedDecision,
): Promise<DecisionResult> {
  const open = await challenges.take(id, { principal: caller.principal, session })
  const { statement, execution } = open
  if (statement.plan !== digest || open.proof !== proof.kind)
    throw await refuse(app, caller, statement, otherwise(open))
  const { plan } = await planOnRecord(app, caller, execution, statement)
  if (proof.kind === 'passkey') return byPasskey(app, caller, plan, statement, proof)
  return byLogin(app, caller, plan, statement, proof.login)
}

async function byPasskey(
  app: RecordApp,
  caller: SilentCaller,
  plan: Plan,
  statement: ApprovalStatement,
  { credential, clientDataJSON, authenticatorData, signature }: GivenProof & { readonly kind: 'passkey' },
) {
  const trusted = passkeysOf(app.project).find((one) => one.credential === credential)
  if (trusted === undefined) {
    const short = shortCredential(credential)
    throw await refuse(app, caller, statement, refusal(`the passkey ${short} is not among the trusted passkeys`))
  }
  const { key } = trusted
  const made = { kind: 'webauthn', credential, key, clientDataJSON, authenticatorData, signature } as const
  return importDecision(app, caller, plan, { statement, signature: made })
}

async function byLogin(app: RecordApp, caller: SilentCaller, plan: Plan, statement: ApprovalStatement, login: StepUp) {
  if (!isJudged(login)) throw await refuse(app, caller, statement, refusal('nobody here has seen this login'))
  if (login.proof?.claims.nonce !== statementNonce(statement)) {
    throw await refuse(app, caller, statement, refusal('the new login is for another decision'))
  }
  await requireKnownServerKey(app)
  const { signature, judged } = await vouchedFor(app, plan, statement, login)
  const word = { statement, signature, judged, principal: login.principal }
  const before = await app.store.approvals(plan.digest)
  const refused =
    otherStoreOf(app, caller, statement) ?? rejectedBefore(before, statement) ?? (await useless(app, plan, word))
  if (refused !== undefined) throw await refuse(app, caller, statement, refused)
  return takeDecision(app, caller, plan, word, before)
}

function otherwise({ statement, proof }: OpenChallenge) {
  return new EosflowError('stale', `the challenge is for ${statement.plan}, to be proved by ${proof}`, {
    hint: 'Look at the plan again, and decide anew.',
  })
}
