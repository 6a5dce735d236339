import { APPROVAL_NAMESPACE } from '../../identity/ssh-allowed-signers.ts'
import type { ShownPlan } from '../../plan/plan.ts'
import { peopleOf } from '../../policy/known-login.ts'
import type { App } from '../app.ts'
import { decided } from '../policy/authority.ts'
import { uncounted } from './never-counts.ts'
import { sshPrincipal } from './signer.ts'
import { trustNow } from './trust.ts'

/** The people whose trusted SSH key would approve a plan now, by name: the policy lets them, and their approval would count. */
export function whoCanApprove(app: App, plan: ShownPlan): readonly string[] {
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
