import { gathered } from '../../model/map-keys.ts'
import { isTouched, readsChange } from './change-match.ts'
import { SENDING_ACTS } from './obligations.ts'
import type { Policy } from './policy.ts'
import { isAbout, type PolicyDevice, type PolicyRequest } from './rule-match.ts'

/**
 * Sets of switches that the very same rules are about, in the order of their first ones: the policy decides alike about each
 * switch of a set.
 */
export function alike(
  policy: Policy,
  { devices, workflow, change, action }: Pick<PolicyRequest, 'devices' | 'workflow' | 'change' | 'action'>,
): readonly (readonly PolicyDevice[])[] {
  const known = knownOf(policy, workflow)
  const reading = policy.rules.filter(
    (rule) => readsChange(rule) && rule.instead === undefined && rule.actions.includes(action),
  )
  const sends = SENDING_ACTS.includes(action)
  const sets = devices.map((device) => {
    const concerned = known.get(device) ?? rulesAbout(policy, device, workflow)
    known.set(device, concerned)
    const touched = reading.map((rule) => (isTouched(rule, device.name, change, sends).matches ? 'y' : 'n')).join('')
    return [`${concerned} ${touched}`, device] as const
  })
  return [...gathered(sets).values()]
}

function rulesAbout({ rules }: Policy, device: PolicyDevice, workflow: string | undefined) {
  return rules.map(({ on }) => (isAbout(on, device, workflow) ? 'y' : 'n')).join('')
}

type Known = WeakMap<PolicyDevice, string>

const MOST_WORKFLOWS = 200

const found = new WeakMap<Policy, Map<string | undefined, Known>>()

function knownOf(policy: Policy, workflow: string | undefined) {
  const byWorkflow = found.get(policy) ?? new Map<string | undefined, Known>()
  const known = byWorkflow.get(workflow) ?? new WeakMap<PolicyDevice, string>()
  // The name of a workflow may be whatever somebody has asked about.
  if (byWorkflow.size >= MOST_WORKFLOWS) byWorkflow.clear()
  found.set(policy, byWorkflow.set(workflow, known))
  return known
}
