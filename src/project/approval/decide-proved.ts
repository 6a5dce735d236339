import type { Plan } from '../../change/plan/plan.ts'
import { statementNonce } from '../../change/policy/statement.ts'
import type { ApprovalStatement } from '../../model/approval.ts'
import { EosflowError } from '../../model/error.ts'
import type { RecordApp } from '../app/app.ts'
import type { Caller, SilentCaller } from '../identity/caller-of.ts'
import { isJudged, type StepUp } from '../identity/oidc/logins.ts'
import { shortCredential } from '../identity/passkey/trusted-passkeys.ts'
import type { WebauthnAssertion } from '../identity/passkey/webauthn-key.ts'
import { requireKnownServerKey } from '../identity/signers/common-server-key.ts'
import { passkeysOf } from '../identity/signers/trust.ts'
import { planOnRecord } from './challenge.ts'
import type { Challenges, OpenChallenge } from './challenges.ts'
import { vouchedFor } from './decide.ts'
import { importDecision, otherStoreOf, refusal, refuse, rejectedBefore } from './import.ts'
import { type DecisionResult, takeDecision, useless } from './take-decision.ts'

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
