import type { Plan } from '../../change/plan/plan.ts'
import { sealOf, serverSignature, statementNonce } from '../../change/policy/statement.ts'
import type { ApprovalSignature, ApprovalStatement, SignedStatement } from '../../model/approval.ts'
import { EosflowError } from '../../model/error.ts'
import type { Principal } from '../../model/principal.ts'
import { type ActJudgement, allowedNow, requireAllowed } from '../access/policy/authority.ts'
import type { RecordApp } from '../app/app.ts'
import type { Caller } from '../identity/caller-of.ts'
import { issuerNamed } from '../identity/identify.ts'
import { loginPorts } from '../identity/login-ports.ts'
import { flowOf, meet } from '../identity/meet.ts'
import { type StepUp, steppedUp, stepUpAsk } from '../identity/oidc/logins.ts'
import { requireKnownServerKey } from '../identity/signers/common-server-key.ts'
import { hinted } from '../system/process/hinted.ts'
import type { Host, WordedHost } from '../system/process/host.ts'
import { otherStoreOf, rejectedBefore } from './import.ts'
import { type Choice, statementOf } from './statement-of.ts'
import { type DecisionResult, type ProvedAnswer, takeDecision, useless } from './take-decision.ts'

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

export const undoneIn = ({ undo }: Choice): Pick<ProvedAnswer, 'undo'> => (undo === undefined ? {} : { undo })

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
    {
      ...hinted(app, { code: 'login', issuer: after.issuer }),
    },
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
