import type { Plan } from '../../change/plan/plan.ts'
import { memberName } from '../../change/policy/policy.ts'
import { approvalChallenge, statementNonce, statementText } from '../../change/policy/statement.ts'
import type { ApprovalStatement } from '../../model/approval.ts'
import { EosflowError } from '../../model/error.ts'
import type { Principal } from '../../model/principal.ts'
import { decided, type PolicyContext, requireAllowed } from '../access/policy/authority.ts'
import type { RecordApp } from '../app/app.ts'
import type { Caller, SilentCaller } from '../identity/caller-of.ts'
import type { TrustedPasskey } from '../identity/passkey/trusted-passkeys.ts'
import { requireKnownServerKey } from '../identity/signers/common-server-key.ts'
import type { BrowserProof, Challenges } from './challenges.ts'
import { planForDecision } from './decide-plan.ts'
import { executionOfPlan, otherStoreOf, rejectedBefore } from './import.ts'
import { proofNotes } from './never-counts.ts'
import { ownPasskeys } from './own-passkeys.ts'
import { passkeyPrincipal } from './signer.ts'
import { type Choice, statementOf } from './statement-of.ts'

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

/** Throws as {@link planForDecision} does. */
export async function planOnRecord(
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
