import type { Policy } from './policy.ts'
import { isAbout, type PolicyDevice } from './rule-match.ts'

/**
 * Sets of switches that the very same rules are about, in the order of their first ones: the policy decides alike about each
 * switch of a set. `workflow`: its file, by its path from the project's root.
 */
export function alike(
  policy: Policy,
  devices: readonly PolicyDevice[],
  workflow: string | undefined,
): readonly (readonly PolicyDevice[])[] {
  const sets = new Map<string, PolicyDevice[]>()
  const known = knownOf(policy, workflow)
  for (const device of devices) {
    const concerned = known.get(device) ?? rulesAbout(policy, device, workflow)
    known.set(device, concerned)
    const set = sets.get(concerned)
    if (set === undefined) sets.set(concerned, [device])
    else set.push(device)
  }
  return [...sets.values()]
}

function rulesAbout({ rules }: Policy, device: PolicyDevice, workflow: string | undefined): string {
  return rules.map(({ on }) => (isAbout(on, device, workflow) ? 'y' : 'n')).join('')
}

type Known = WeakMap<PolicyDevice, string>

/** A project has fewer workflows: of so many it is known at the most. */
const MOST_WORKFLOWS = 200

/** Which rules are about a switch: neither changes, and every state of every switch of a large change asks about all of them. */
const found = new WeakMap<Policy, Map<string | undefined, Known>>()

function knownOf(policy: Policy, workflow: string | undefined): Known {
  const byWorkflow = found.get(policy) ?? new Map<string | undefined, Known>()
  const known = byWorkflow.get(workflow) ?? new WeakMap<PolicyDevice, string>()
  // The name of a workflow may be whatever somebody has asked about.
  if (byWorkflow.size >= MOST_WORKFLOWS) byWorkflow.clear()
  found.set(policy, byWorkflow.set(workflow, known))
  return known
}
