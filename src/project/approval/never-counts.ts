import type { ShownPlan } from '../../change/plan/plan.ts'
import { countOf } from '../../change/policy/approval.ts'
import {
  type ApprovalCase,
  type ApprovalDemand,
  type NamedSigner,
  type Proof,
  peopleOf,
  withPerson,
} from '../../change/policy/approval-case.ts'
import { rolesOf } from '../../change/policy/policy.ts'
import {
  allowedTo,
  isSameHuman,
  missingProof,
  obstacle,
  type QuorumContext,
  type WeighedApproval,
  wantedOf,
} from '../../change/policy/quorum.ts'
import { definedMembers } from '../../model/json.ts'
import type { Principal } from '../../model/principal.ts'
import { decided, type PolicyContext } from '../access/policy/authority.ts'
import { demandsOn } from '../access/policy/demands.ts'
import type { RecordApp } from '../app/app.ts'
import { madeBy } from '../history/plans/made-change.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import { trustNow } from '../identity/signers/common-server-key.ts'
import { APPROVAL_NAMESPACE } from '../identity/ssh/ssh-allowed-signers.ts'
import { sshPrincipal, statementOf } from './signer.ts'

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

export function voiceOf(app: RecordApp, plan: ShownPlan, { principal, proof }: ProvedPrincipal): WeighedApproval {
  const now = app.clock.now()
  const loaded = app.project.policy()
  const statement = statementOf(plan, { decision: 'approve', comment: '' }, principal, now)
  const roles = loaded === undefined ? [] : rolesOf(loaded.policy, principal, now)
  return { statement, principal, roles, ...definedMembers({ proof }) }
}

// A run by whoever has asked for the plan, as far as it is known before there is one.
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

export function proofNotes(app: PolicyContext, plan: ShownPlan, proof: Proof | undefined): readonly string[] {
  if (app.project.policy() === undefined) return []
  const voice = proof === undefined ? {} : { proof }
  const notes = demandsOfRequesters(app, plan).flatMap((demand) => {
    const why = missingProof(demand, voice)
    return why === undefined ? [] : [`this approval does not count for ${demand.by}: ${why}`]
  })
  return [...new Set(notes)]
}

export function demandsOfRequesters(app: PolicyContext, plan: ShownPlan): readonly ApprovalDemand[] {
  const isAsked = plan.content.approve !== null
  return plan.content.requesters.flatMap((principal) => demandsOn(app, { principal }, plan, { isAsked }))
}

export function mayApprove(app: RecordApp, caller: SilentCaller, plan: ShownPlan): boolean {
  const about = { devices: plan.content.waves.flat(), workflow: plan.content.workflow.file }
  return (
    decided(app, caller, 'plan.approve', about).effect === 'allow' &&
    neverCounts(app, plan, caller.principal) === undefined
  )
}

export async function waitsFor(
  app: RecordApp,
  { principal }: SilentCaller,
  plan: ShownPlan,
  facts: ApprovalCase,
): Promise<boolean> {
  if (neverCounts(app, plan, principal) !== undefined) return false
  return !hasApproved(app, facts, principal) && (await madeBy(app, plan.digest)) === undefined
}

export function hasApproved(app: RecordApp, facts: ApprovalCase, principal: Principal): boolean {
  const person = withPerson(principal, trustNow(app.project))
  const others = facts.decisions.filter(
    ({ signer, statement: { approver } }) =>
      !isSameHuman(signer.status === 'proved' ? signer.principal : approver, person),
  )
  if (others.length === facts.decisions.length) return false
  const without = { ...facts, decisions: others }
  return facts.demands
    .filter((demand) => countOf(demand, facts) < demand.count)
    .every((demand) => countOf(demand, without) < countOf(demand, facts))
}

export interface WantedApprovers {
  readonly wanted: readonly string[]
  /** The people whose trusted SSH key would approve it now: the policy lets them, and their approval would count. */
  readonly names: readonly string[]
  /** True if all of them sign with an SSH key: they need the file only, and send back what they have signed. */
  readonly byKey: boolean
}

export function whoCanApprove(app: RecordApp, plan: ShownPlan): WantedApprovers {
  const policy = app.project.policy()?.policy
  const names = namesOf(app, plan)
  if (policy === undefined) return { wanted: [], names, byKey: false }
  const demands = demandsOfRequesters(app, plan)
  const wanted = demands.flatMap((demand) => wantedOf(policy, demand) ?? [])
  const members = demands.flatMap(({ from }) => from).flatMap((role) => policy.roles[role]?.members ?? [])
  return {
    wanted: wanted.length > 0 ? wanted : [allowedTo(policy, 'plan.approve')],
    names,
    byKey: members.length > 0 && members.every((member) => member.startsWith('ssh:')),
  }
}

function namesOf(app: RecordApp, plan: ShownPlan) {
  const now = app.clock.now()
  const signers = trustNow(app.project)
  const valid = signers.filter(
    ({ namespaces, validAfter = -Infinity, validBefore = Infinity }) =>
      namespaces?.includes(APPROVAL_NAMESPACE) !== false && validAfter <= now && now < validBefore,
  )
  const about = { devices: plan.content.waves.flat(), workflow: plan.content.workflow.file }
  return [...new Set(peopleOf(valid))].filter((name) => {
    const principal = sshPrincipal(name, new Date(now).toISOString())
    const isAllowed = decided(app, { principal }, 'plan.approve', about).effect === 'allow'
    return isAllowed && uncounted(app, plan, { principal, proof: 'ssh' }, signers) === undefined
  })
}
