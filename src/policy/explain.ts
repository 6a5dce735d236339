import type { Policy, Rule } from './policy.ts'
import {
  closedBy,
  isAbout,
  isEmergency,
  type PolicyDevice,
  type PolicyRequest,
  type RequestWithRoles,
  unmet,
} from './rule-match.ts'
import { isMeant, rolesOf } from './subject.ts'

/** The result of one rule that names an action, in one case, and why in a few words. */
export interface RuleAccount {
  readonly rule: string
  readonly comes: 'denies' | 'allows' | 'fails' | 'does-not-apply'
  readonly why: string
}

/** The result of every rule that names the action for one switch, or for none, in the order of the file. */
export function explain(
  policy: Policy,
  request: PolicyRequest,
  device: PolicyDevice | undefined,
): readonly RuleAccount[] {
  const asked = { ...request, roles: rolesOf(policy, request.principal, request.at) }
  return policy.rules
    .filter(({ actions }) => actions.includes(request.action))
    .map((rule) => ({ rule: rule.id, ...accountOf(rule, policy, asked, device) }))
}

function accountOf(
  rule: Rule,
  policy: Policy,
  asked: RequestWithRoles,
  device: PolicyDevice | undefined,
): Pick<RuleAccount, 'comes' | 'why'> {
  const { principal, roles } = asked
  if (!isMeant(rule.to, principal, roles)) return apart(`it is for ${rule.to.join(', ')}, and not for ${whose(asked)}`)
  if (!isAbout(rule.on, device, asked.workflow)) return apart(`it is not about ${device?.name ?? 'this'}`)
  if (rule.effect === 'deny') return { comes: 'denies', why: 'it denies this whatever else allows it' }
  if (isEmergency(rule) && asked.breakGlass === undefined) return apart('it is for --break-glass')
  const why = unmet(rule, asked) ?? (asked.underway === true ? undefined : closedBy(rule, policy, asked))
  return why === undefined ? { comes: 'allows', why: 'all its conditions are met' } : { comes: 'fails', why }
}

function apart(why: string): Pick<RuleAccount, 'comes' | 'why'> {
  return { comes: 'does-not-apply', why }
}

function whose({ principal, roles }: RequestWithRoles): string {
  return roles.length === 0 ? `kind:${principal.kind} without a role` : `${roles.join(', ')}, kind:${principal.kind}`
}
