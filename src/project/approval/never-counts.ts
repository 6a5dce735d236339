import type { ShownPlan } from '../../change/plan/plan.ts'
import { type NamedSigner, peopleOf, withPerson } from '../../change/policy/known-login.ts'
import type { ApprovalDemand } from '../../change/policy/obligations.ts'
import type { Proof } from '../../change/policy/proof.ts'
import { obstacle, type QuorumContext, type WeighedApproval } from '../../change/policy/quorum.ts'
import { rolesOf } from '../../change/policy/subject.ts'
import { definedMembers } from '../../model/defined-members.ts'
import type { Principal } from '../../model/principal.ts'
import type { RecordApp } from '../app/app.ts'
import { trustNow } from '../identity/signers/trust.ts'
import { demandsOfRequesters } from './proof-notes.ts'
import { statementOf } from './statement-of.ts'

export interface ProvedPrincipal {
  readonly principal: Principal
  readonly proof?: Proof
}

/** Why an approval would count for none of the demands that are not met by just anybody; undefined where it counts for one, or there is none. */
export function uncounted(
  app: RecordApp,
  plan: ShownPlan,
  proved: ProvedPrincipal,
  signers: readonly NamedSigner[] = trustNow(app.project),
): string | undefined {
  return uncountedFor(app, plan, demandsOfRequesters(app, plan), proved, signers)
}

export function neverCounts(app: RecordApp, plan: ShownPlan, principal: Principal): string | undefined {
  if (app.project.policy() === undefined) return undefined
  const demands = demandsOfRequesters(app, plan).map(({ proof: _, ...demand }) => demand)
  return uncountedFor(app, plan, demands, { principal }, trustNow(app.project))
}

function uncountedFor(
  app: RecordApp,
  plan: ShownPlan,
  all: readonly ApprovalDemand[],
  proved: ProvedPrincipal,
  signers: readonly NamedSigner[],
) {
  const particular = all.filter(isParticular)
  const demands = particular.length === 0 ? all : particular
  const principal = withPerson(proved.principal, signers)
  const voice = voiceOf(app, plan, { ...proved, principal })
  const occasion = occasionOf(app, plan, signers)
  const reasons = demands.map((demand) => obstacle(demand, voice, occasion)?.reason)
  return reasons.includes(undefined) ? undefined : reasons[0]
}

function voiceOf(app: RecordApp, plan: ShownPlan, { principal, proof }: ProvedPrincipal): WeighedApproval {
  const now = app.clock.now()
  const loaded = app.project.policy()
  const statement = statementOf(plan, { decision: 'approve', comment: '' }, principal, now)
  const roles = loaded === undefined ? [] : rolesOf(loaded.policy, principal, now)
  return { statement, principal, roles, ...definedMembers({ proof }) }
}

/** A run by whoever has asked for the plan, as far as it is known before there is one. */
export function occasionOf(
  app: RecordApp,
  plan: ShownPlan,
  signers: readonly NamedSigner[] = trustNow(app.project),
): Omit<QuorumContext, 'demands'> {
  const now = app.clock.now()
  return {
    moment: 'start',
    requesters: plan.content.requesters.map((one) => withPerson(one, signers)),
    people: peopleOf(signers),
    runners: [],
    uses: [],
    store: { id: app.store.id, any: true },
    execution: '',
    now,
    highestWallTimeSeen: now,
  }
}

function isParticular({ from, notRequester, notRunner, proof }: ApprovalDemand) {
  return from.length > 0 || notRequester || notRunner || proof !== undefined
}
