import { readState } from '../../change/engine/fold.ts'
import type { Plan } from '../../change/plan/plan.ts'
import { otherStore, sealOf, serverSignature, statementNonce, statementText } from '../../change/policy/approval.ts'
import type { Outcome } from '../../change/record/event/event.ts'
import type { RecordedDecision } from '../../change/record/store/store.ts'
import type { ApprovalSignature, ApprovalStatement, SignedStatement } from '../../model/approval.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import type { Principal } from '../../model/principal.ts'
import { visibleLine } from '../../report/text/text.ts'
import {
  type ActJudgement,
  allowedNow,
  decided,
  type PolicyContext,
  requireAllowed,
} from '../access/policy/authority.ts'
import { termsOf } from '../access/policy/demands.ts'
import { aboutPlan } from '../access/policy/entry.ts'
import type { RecordApp } from '../app/app.ts'
import { type NamedPlan, planNamed } from '../history/plans/plan-source.ts'
import { requireNoPart } from '../history/sites/parts.ts'
import type { Caller, SilentCaller } from '../identity/caller-of.ts'
import { issuerNamed } from '../identity/identify.ts'
import { localPrincipal, osUser, rootWarning } from '../identity/local/local.ts'
import { loginPorts } from '../identity/login-ports.ts'
import { flowOf, meet } from '../identity/meet.ts'
import { type StepUp, steppedUp, stepUpAsk } from '../identity/oidc/logins.ts'
import { passkeysOf, requireKnownServerKey, reviewersOf, trustOf } from '../identity/signers/common-server-key.ts'
import { checkSeal, requireSealed, requireState, sealTrustHere } from '../plan/trusted-seal.ts'
import { requireFeatures } from '../system/feature/feature.ts'
import { hinted } from '../system/process/hinted.ts'
import type { Host, WordedHost } from '../system/process/host.ts'
import { noSeams } from '../system/process/seams.ts'
import { proofNotes } from './never-counts.ts'
import { type Choice, signerOf, statementOf, trustHere } from './signer.ts'
import { type SshSigningKey, signerBy } from './ssh-signing.ts'
import { type DecisionResult, type ProvedAnswer, takeDecision, useless } from './take-decision.ts'

/**
 * Takes a signed decision from elsewhere onto the record, once everything that can be known of it now is good: the digest, the
 * signature, its time, and whether its signer may decide. One that is on record already is left as it is. A refusal is put on
 * record and throws `not-approved`, or `stale` when it is about another plan.
 */
export async function importDecision(
  app: RecordApp,
  caller: SilentCaller,
  plan: Plan,
  signed: SignedStatement & Pick<ProvedAnswer, 'undo'>,
): Promise<DecisionResult> {
  const { statement, signature, undo } = signed
  if (statement.decision === 'approve') requireFeatures(app.features, plan)
  const before = await app.store.approvals(plan.digest)
  const again = async () => {
    const refused = await whyNot(app, caller, { plan, before }, signed)
    if (refused !== undefined) throw await refuse(app, caller, statement, refused)
  }
  await again()
  if (twinOf(before, statement) !== undefined) return { statement }
  return takeDecision(
    app,
    caller,
    plan,
    { statement, signature, principal: statement.approver, judged: { again }, ...(undo && { undo }) },
    before,
  )
}

interface Decided {
  readonly plan: Plan
  readonly before: readonly RecordedDecision[]
}

function twinOf(before: readonly RecordedDecision[], { nonce }: ApprovalStatement): ApprovalStatement | undefined {
  return before.find(({ event }) => event.statement.nonce === nonce)?.event.statement
}

/** Puts on record that a decision was handed in and not taken, and gives why, to be thrown. */
export async function refuse(
  { store }: Pick<RecordApp, 'store'>,
  { principal }: SilentCaller,
  { plan, approver, nonce }: ApprovalStatement,
  why: EosflowError,
): Promise<EosflowError> {
  const about = { plan, reason: why.message, claimed: approver.id, nonce }
  await store.as(principal).append(undefined, [{ type: 'ApprovalRefused', ...about }])
  return why
}

async function whyNot(
  app: RecordApp,
  caller: SilentCaller,
  { plan, before }: Decided,
  { statement, signature }: SignedStatement,
) {
  const { project } = app
  if (statement.plan !== plan.digest) {
    return new EosflowError(
      'stale',
      `the approval is of the plan ${visibleLine(statement.plan)}, and this plan is ${plan.digest}`,
      {
        hint: 'Have this plan approved.',
      },
    )
  }
  const now = app.clock.now()
  const trusted = { signers: trustOf(project), passkeys: passkeysOf(project), reviewers: reviewersOf(project) }
  const trust = { ...trusted, ...trustHere(app), now }
  const signer = await signerOf(statement, signature, trust)
  if (signer.status !== 'proved') {
    const isUnknown = signature.kind === 'ssh' && signer.status === 'untrusted'
    return isUnknown ? unknownKey(app, signer.reason) : refusal(signer.reason)
  }
  const elsewhere = otherStoreOf(app, caller, statement) ?? rejectedBefore(before, statement)
  if (elsewhere !== undefined) return elsewhere
  const misuse = await misuseOf(app, { plan, before }, statement)
  if (misuse !== undefined) return refusal(misuse)
  const { effect, reason } = termsOf(app, caller).mayDecide(statement, signer.principal, plan)
  if (effect === 'deny') return refusal(reason)
  return twinOf(before, statement) !== undefined
    ? undefined
    : useless(app, plan, { statement, principal: signer.principal })
}

/**
 * Why an approval is for another store than this one; undefined where it is for this one, or the policy takes those of any. A rejection
 * counts wherever it is brought.
 */
export function otherStoreOf(
  app: RecordApp,
  caller: SilentCaller,
  { decision, store = '' }: ApprovalStatement,
): EosflowError | undefined {
  const { id } = app.store
  if (decision === 'reject' || store === id || termsOf(app, caller).anyStore) return undefined
  return new EosflowError(
    'not-approved',
    `the decision is not accepted: ${otherStore(visibleLine(store), id)}`,
    hinted(app, { code: 'store-id' }),
  )
}

/** Why a plan can no longer be approved here: somebody has rejected it, by the decisions about it that are on record. */
export function rejectedBefore(
  before: readonly RecordedDecision[],
  { decision }: ApprovalStatement,
): EosflowError | undefined {
  if (decision === 'reject') return undefined
  const found = before.find(({ event }) => event.statement.decision === 'reject')
  if (found === undefined) return undefined
  const { id } = found.event.statement.approver
  return new EosflowError('not-approved', `the decision is not accepted: ${visibleLine(id)} has rejected this plan`, {
    hint: 'A rejection is final: plan another change.',
  })
}

async function misuseOf(app: RecordApp, { plan, before }: Decided, statement: ApprovalStatement) {
  const { nonce, decision, expires, policy } = statement
  if (!/^[0-9a-f]{32}$/.test(nonce)) return 'its nonce is not 32 hex digits'
  if (policy !== plan.content.policy) return 'it was made under another policy than the plan'
  const twin = twinOf(before, statement)
  if (twin !== undefined && statementText(twin) !== statementText(statement)) {
    return 'its nonce is that of another decision on record'
  }
  const now = Math.max(app.clock.now(), Date.parse((await app.store.head()).latest ?? '1970-01-01T00:00:00Z'))
  return decision === 'approve' && now >= Date.parse(expires) ? `the approval expired at ${expires}` : undefined
}

function unknownKey(app: RecordApp, reason: string) {
  return new EosflowError(
    'not-approved',
    `the decision is not accepted: ${visibleLine(reason)}`,
    hinted(app, { code: 'trust-key' }),
  )
}

/** A decision that is not taken, and why. */
export function refusal(reason: string): EosflowError {
  return new EosflowError('not-approved', `the decision is not accepted: ${visibleLine(reason)}`, {
    hint: 'Nothing was approved by it.',
  })
}

type ImportedDecision = DecisionResult & Pick<NamedPlan, 'plan' | 'execution'>

/** Puts a signed decision on record. Throws as {@link importAbout} does, `stale` where no execution has made the plan. */
export async function importFrom(
  app: RecordApp,
  caller: SilentCaller,
  word: string | undefined,
  signed: SignedStatement,
): Promise<ImportedDecision> {
  const named = await planNamed(app, word ?? (await executionOfPlan(app, signed.statement.plan)))
  return importAbout(app, caller, { ...named, word: word ?? named.plan.content.workflow.file }, signed)
}

/** The same about a plan that was read already; `word` is what it is called. Throws as {@link importDecision} does, `not-approved` where nothing is left to approve. */
export async function importAbout(
  app: RecordApp,
  caller: SilentCaller,
  { plan, execution, word }: NamedPlan & { readonly word: string },
  signed: SignedStatement,
): Promise<ImportedDecision> {
  if (signed.statement.decision === 'approve') requireState(app, plan, word)
  const taken = await importDecision(app, caller, plan, signed)
  await requireUnused(app, plan, signed)
  return { ...taken, plan, ...definedMembers({ execution }) }
}

// Throws `not-approved` for a decision that is on record and can approve nothing any more: executions have used it.
async function requireUnused(app: RecordApp, { digest }: Plan, { statement }: SignedStatement) {
  const uses = (await app.store.approvalUses(digest)).filter(({ nonce }) => nonce === statement.nonce)
  if (uses.length < statement.maxRuns) return
  const by = uses.map(({ execution = 'an execution' }) => execution).join(', ')
  throw new EosflowError('not-approved', `the approval is used already, by ${by}`, {
    hint: 'Nothing more is approved by it: have the plan approved again.',
  })
}

/** Throws `stale` when none here has made it. */
export async function executionOfPlan(app: RecordApp, digest: string): Promise<string> {
  for (const id of await app.store.executionIds()) {
    if ((await readState(app.store, id)).plan?.digest === digest) return id
  }
  throw new EosflowError(
    'stale',
    `no execution here has the plan ${visibleLine(digest)}`,
    hinted(app, { code: 'name-plan-of-decision' }),
  )
}

export interface OwnDecision {
  readonly statement: ApprovalStatement
  readonly signature?: ApprovalSignature
  readonly judged: ActJudgement<unknown>
}

/** To approve, a person of an identity provider logs in once more. Throws `not-authorised` when they may not, `not-approved` for an approval that can never count, and `store` where the servers of the store do not know the key that would sign it. */
export async function decideAs(app: RecordApp, caller: Caller, plan: Plan, choice: Choice): Promise<DecisionResult> {
  // Before they log in once more for it.
  if (caller.principal.auth === 'oidc') await requireKnownServerKey(app)
  const { principal } = caller
  const word = { ...(await made(app, caller, plan, choice)), principal, ...undoneIn(choice) }
  const { statement } = word
  const before = await app.store.approvals(plan.digest)
  const refused =
    otherStoreOf(app, caller, statement) ?? rejectedBefore(before, statement) ?? (await useless(app, plan, word))
  if (refused !== undefined) throw refused
  return takeDecision(app, caller, plan, word, before)
}

const undoneIn = ({ undo }: Choice): Pick<ProvedAnswer, 'undo'> => (undo === undefined ? {} : { undo })

/** The same decision, signed for another machine instead of put on record here. */
export async function decideElsewhere(
  app: RecordApp,
  caller: Caller,
  plan: Plan,
  choice: Choice,
): Promise<SignedStatement> {
  const { statement, signature } = await made(app, caller, plan, choice)
  const seal = { kind: 'seal', seal: sealOf(app.key.text, statement) } as const
  return { statement, signature: signature ?? seal }
}

async function freshly(app: RecordApp, caller: Caller, statement: ApprovalStatement) {
  const { principal } = caller
  if (app.seams?.principal === undefined) return stepUp(app, caller, statementNonce(statement))
  return { principal, proof: { issuer: principal.issuer, claims: { sub: principal.id }, thumbprint: '' } }
}

async function made(app: RecordApp, caller: Caller, plan: Plan, choice: Choice) {
  const { principal } = caller
  // Nobody has seen what of it no feature here can show.
  if (choice.decision === 'approve') requireFeatures(app.features, plan)
  // What the store would scrub is scrubbed before it is sealed.
  const comment = app.scrubber.scrub(choice.comment)
  const statement = statementOf(plan, { ...choice, comment }, principal, app.clock.now(), app.seams?.names)
  const login = choice.decision === 'approve' ? await freshly(app, caller, statement) : { principal }
  return vouchedFor(app, plan, statement, login)
}

/** Throws `not-authorised` when they may not decide, or when the login says otherwise who they are than the statement. */
export async function vouchedFor(
  app: RecordApp,
  { content, digest }: Plan,
  statement: ApprovalStatement,
  { principal, proof }: StepUp,
): Promise<OwnDecision> {
  requireSame(app, statement.approver, principal)
  const allowed = await requireAllowed(app, { principal }, `plan.${statement.decision}`, {
    devices: content.waves.flat(),
    workflow: content.workflow.file,
    plan: digest,
  })
  const judged = { again: () => allowedNow(app, allowed) }
  if (principal.auth !== 'oidc') return { statement, judged }
  return { statement, judged, signature: serverSignature(app.keys.readOrMake('server').key, statement, proof) }
}

function requireSame(app: WordedHost, before: Principal, after: Principal) {
  const known = ({ issuer, id, kind, person, groups = [] }: Principal) =>
    JSON.stringify([issuer, id, kind, person ?? null, [...groups].sort()])
  if (known(before) === known(after)) return
  throw new EosflowError(
    'not-authorised',
    'the new login says otherwise who you are, or which groups you have, than the one before',
    hinted(app, { code: 'login', issuer: after.issuer }),
  )
}

/** Lets the person who is calling log in again for one approval, in a browser so that the provider's ID token names it by `nonce`. Throws `not-authorised` for services and agents, when somebody else logs in, or when the login is not a fresh one; `unreachable`, retryable. */
export async function stepUp(
  app: Host & Pick<RecordApp, 'project' | 'store'>,
  caller: Caller,
  nonce: string,
): Promise<StepUp> {
  const { principal: actor } = caller
  const { project, store } = app
  if (actor.auth !== 'oidc') return { principal: actor }
  if (actor.kind !== 'person') {
    throw new EosflowError(
      'not-authorised',
      `only a person may approve, and ${actor.id} is a${actor.kind === 'agent' ? 'n agent' : ' service'}`,
    )
  }
  const issuer = issuerNamed(project.settings.identity?.issuers ?? [], actor.issuer)
  const ports = loginPorts(project, app)
  caller.tell(`An approval needs a fresh login as ${actor.display ?? actor.id}.\n`)
  const flow = flowOf(caller, false)
  const tokens = await meet(issuer, stepUpAsk(issuer, nonce), flow, caller, ports)
  // A provider puts no nonce into the ID token of a login with a code (RFC 8628).
  const stepped = await steppedUp(issuer, actor, tokens, ports, flow === 'browser' ? { nonce } : {})
  await store.as(actor).append(undefined, [{ type: 'LoggedIn', principal: stepped.principal, flow, stepUp: true }])
  return stepped
}

export interface DecisionRequest {
  readonly word: string
  readonly decision: Choice['decision']
  /** Whether the decision is signed for another machine, and not put on record here. */
  readonly isForElsewhere: boolean
  /** The file of allowed signers whose seals are believed; absent: those of the project. */
  readonly trust: string | undefined
}

/** A decision is who made it: at a terminal root reads, before the question, that the record will name no person. */
export function warnRoot({ interactive, principal, tell }: Caller): void {
  const user = osUser()
  const warning = principal.id === localPrincipal(user).id ? rootWarning(user) : undefined
  if (interactive && warning !== undefined) tell(`! ${warning}\n`)
}

/** Throws as the policy does, InputError for an approval of a plan that nobody runs, `stale` for a plan whose seal is not good where it would be run here, or whose execution has ended. */
export async function planForDecision(app: RecordApp, caller: Caller, asked: DecisionRequest): Promise<NamedPlan> {
  const named = await planNamed(app, asked.word)
  await requireDecidable(app, caller, named, asked)
  return named
}

/** Throws as {@link planForDecision}. */
export async function requireDecidable(
  app: RecordApp,
  caller: Caller,
  { plan, execution, outcome }: NamedPlan,
  { word, decision, isForElsewhere, trust }: DecisionRequest,
): Promise<void> {
  if (execution !== undefined) {
    await requireSight(app, caller, plan, decision)
    requireNoPart(await readState(app.store, execution), decision)
  }
  // What is approved on record here is run here, where a plan that was sealed under another install key is refused.
  else if (decision === 'approve' && !isForElsewhere) requireSealed(plan, app)
  else {
    const { tell } = caller
    checkSeal({ tell, words: app.words }, plan, { ...sealTrustHere(app, trust, app.project), installKey: app.key.text })
  }
  if (decision !== 'approve') return
  requireOpen(app, execution, outcome)
  requireState(app, plan, word)
}

/** Puts the caller's decision on record, signed by `key` where there is one. Throws `not-authorised`. */
export async function decideHere(
  app: RecordApp,
  caller: Caller,
  plan: Plan,
  choice: Choice,
  key: SshSigningKey | undefined,
): Promise<DecisionResult> {
  noteProof(app, caller, plan, choice, key)
  if (key === undefined) return decideAs(app, caller, plan, choice)
  const signed = await signedWith(app, plan, choice, key, trustOf(app.project))
  return importDecision(app, caller, plan, { ...signed, ...undoneIn(choice) })
}

/** The caller's decision, signed for another machine: by `key`, else by this installation. */
export async function decisionForElsewhere(
  app: RecordApp,
  caller: Caller,
  plan: Plan,
  choice: Choice,
  key: SshSigningKey | undefined,
): Promise<SignedStatement> {
  noteProof(app, caller, plan, choice, key)
  if (key === undefined) return decideElsewhere(app, caller, plan, choice)
  return signedWith(app, plan, choice, key, trustOf(app.project))
}

function noteProof(
  app: PolicyContext,
  { principal, tell }: Caller,
  plan: Plan,
  { decision }: Choice,
  key: SshSigningKey | undefined,
) {
  if (decision === 'reject') return
  const proof = key !== undefined ? 'ssh' : principal.auth === 'oidc' ? 'oidc' : undefined
  for (const note of proofNotes(app, plan, proof)) tell(`! ${visibleLine(note)}\n`)
}

/** A decision signed by a key, of whoever the signers say that it belongs to. Throws InputError for an approval of a plan that nobody runs. */
export async function signedWith(
  host: Pick<Host, 'seams' | 'words'>,
  plan: Plan,
  choice: Choice,
  key: SshSigningKey,
  signers: ReturnType<typeof trustOf>,
): Promise<SignedStatement> {
  if (choice.decision === 'approve') requireState(host, plan, plan.content.workflow.file)
  const now = (host.seams ?? noSeams).clock.now()
  const statement = statementOf(plan, choice, signerBy(key.fingerprint, signers, now), now)
  return { statement, signature: await key.sign(statement) }
}

// Throws `not-authorised`.
async function requireSight(app: PolicyContext, caller: SilentCaller, plan: Plan, decision: Choice['decision']) {
  const about = aboutPlan(plan)
  if (decided(app, caller, `plan.${decision}`, about).effect === 'deny')
    await requireAllowed(app, caller, 'plan.read', about)
}

// Throws `stale`.
function requireOpen(app: WordedHost, execution: string | undefined, outcome: Outcome | undefined) {
  if (execution === undefined || outcome === undefined || outcome === 'planned') return
  throw new EosflowError(
    'stale',
    `${execution} has ended (${outcome}): there is nothing to approve`,
    hinted(app, { code: 'show-and-plan-again', execution }),
  )
}
