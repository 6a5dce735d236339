import type { SteppedUp } from '../../identity/stepped-up.ts'
import type { ApprovalSignature, ApprovalStatement, SignedStatement } from '../../model/approval.ts'
import type { Principal } from '../../model/principal.ts'
import type { Plan } from '../../plan/plan.ts'
import { sealOf } from '../../policy/statement.ts'
import { serverSignature } from '../../policy/statement-signature.ts'
import type { App } from '../app.ts'
import type { Caller } from '../caller.ts'
import { stepUp } from '../login/step-up.ts'
import { requireAllowed } from '../policy/authority.ts'
import { otherStoreOf, rejectedBefore } from './import.ts'
import { recordDecision } from './record.ts'
import { type Choice, statementOf } from './statement-of.ts'

/** A decision of whoever is calling, and what vouches for it: for the local user nothing but the store's own seal. */
interface Made {
  readonly statement: ApprovalStatement
  readonly signature?: ApprovalSignature
}

/**
 * Puts the decision of whoever is calling about a plan on record. To approve, a person of an identity provider logs in once more.
 * Gives who decided. Throws `not-authorised` when they may not.
 */
export async function decideAs(app: App, caller: Caller, plan: Plan, choice: Choice): Promise<Principal> {
  const { statement, signature } = await made(app, caller, plan, choice)
  const elsewhere = otherStoreOf(app, caller, statement) ?? (await rejectedBefore(app, statement))
  if (elsewhere !== undefined) throw elsewhere
  await recordDecision(app, caller, statement, signature)
  return statement.approver
}

/** The same decision, signed for another machine instead of put on record here. */
export async function decideElsewhere(app: App, caller: Caller, plan: Plan, choice: Choice): Promise<SignedStatement> {
  const { statement, signature } = await made(app, caller, plan, choice)
  const seal = { kind: 'seal', seal: sealOf(app.key, statement) } as const
  return { statement, signature: signature ?? seal }
}

/** Whoever is calling, logged in once more; who a test says is calling has done so. */
async function freshly(app: App, caller: Caller): Promise<SteppedUp> {
  const { principal } = caller
  if (app.seams?.principal === undefined) return stepUp(app, caller)
  return { principal, proof: { issuer: principal.issuer, claims: { sub: principal.id }, thumbprint: '' } }
}

async function made(app: App, caller: Caller, plan: Plan, choice: Choice): Promise<Made> {
  const { principal, proof } =
    choice.decision === 'approve' ? await freshly(app, caller) : { principal: caller.principal }
  await requireAllowed(app, { principal }, `plan.${choice.decision}`, {
    devices: plan.content.waves.flat(),
    workflow: plan.content.workflow.file,
    plan: plan.digest,
  })
  // What the store would scrub is scrubbed before it is sealed.
  const comment = app.scrubber.scrub(choice.comment)
  const statement = statementOf(plan, { ...choice, comment }, principal, app.clock.now(), app.seams?.names)
  if (principal.auth !== 'oidc') return { statement }
  return { statement, signature: serverSignature(app.keys.readOrMake('server').key, statement, proof) }
}
