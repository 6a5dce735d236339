import type { ShownPlan } from '../../change/plan/plan.ts'
import { allowedTo, wantedOf } from '../../change/policy/approver-words.ts'
import { peopleOf } from '../../change/policy/known-login.ts'
import { decided } from '../access/policy/authority.ts'
import type { RecordApp } from '../app/app.ts'
import { trustNow } from '../identity/signers/trust.ts'
import { APPROVAL_NAMESPACE } from '../identity/ssh/ssh-allowed-signers.ts'
import { uncounted } from './never-counts.ts'
import { demandsOfRequesters } from './proof-notes.ts'
import { sshPrincipal } from './signer.ts'

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
