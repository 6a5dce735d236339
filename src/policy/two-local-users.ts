import type { Policy, Role, Rule } from './policy.ts'

/** What is said wherever a demand rests on two local users. */
export const ONE_LOCAL_USER = 'in a user namespace all local users count as one person'

/**
 * The rules whose approvals may have to be of two local users: not of whoever plans or runs, or of several people, in roles with local
 * members. `hasIssuers`: people come by an identity provider, so that only a member that says `local:` is a local user.
 */
export function restsOnLocalUsers(
  { roles, rules }: Pick<Policy, 'roles' | 'rules'>,
  hasIssuers: boolean,
): readonly Rule[] {
  return rules.filter((rule) => needsTwo(rule) && mayBeLocal(rule, roles, hasIssuers))
}

function needsTwo({ require }: Rule): boolean {
  if (require === undefined) return false
  const { count, notRequester, notRunner } = require.approvals
  return count > 1 || notRequester || notRunner
}

function mayBeLocal({ require }: Rule, roles: Readonly<Record<string, Role>>, hasIssuers: boolean): boolean {
  const from = require?.approvals.from ?? []
  const members = from.flatMap((name) => roles[name]?.members ?? [])
  const isAnybody = from.length === 0 || members.some((member) => member.startsWith('kind:'))
  return members.some((member) => member.startsWith('local:')) || (isAnybody && !hasIssuers)
}
