import type { Policy } from './policy.ts'
import { closedSince, freezeWithin } from './window.ts'

export const MOST_CARRIES = 3

export function letsCarry(policy: Pick<Policy, 'rules'> | undefined): boolean {
  return policy?.rules.some(({ require }) => require?.approvals.carry) === true
}

/** What has gone by since the first approval of a plan was given, both in milliseconds since the epoch, so that none carries: a freeze of the policy, or the end of a window of a rule that lets approvals carry. */
export function passedSince(
  { rules, windows, freezes }: Pick<Policy, 'rules' | 'windows' | 'freezes'>,
  first: number,
  now: number,
): string | undefined {
  const freeze = freezeWithin(freezes, { from: first, to: now })
  if (freeze !== undefined) return `the freeze \`${freeze.name}\` has been in force since the first approval`
  const names = rules.flatMap(({ require, when }) => (require?.approvals.carry && when.window) || [])
  const passed = names.find((name) => windows[name] && closedSince(windows[name], first, now))
  return passed && `the window \`${passed}\` has closed since the first approval`
}
