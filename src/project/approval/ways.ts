import type { ShownPlan } from '../../change/plan/plan.ts'
import { EosflowError } from '../../model/error.ts'
import type { Principal } from '../../model/principal.ts'
import { decided, type PolicyContext } from '../access/policy/authority.ts'
import type { RecordApp } from '../app/app.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import { webIssuer } from '../identity/oidc/code-login.ts'
import { rejectedBefore } from './import.ts'
import { neverCounts, type ProvedPrincipal, uncounted } from './never-counts.ts'
import { ownPasskeys } from './own-passkeys.ts'
import { passkeyPrincipal } from './signer.ts'
import { statementOf } from './statement-of.ts'

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
