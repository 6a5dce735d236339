import type { Principal } from '../../model/principal.ts'
import type { Policy, Role, Rule } from './policy.ts'

export const ONE_LOCAL_USER = 'local users of several hosts, and those in a user namespace, count as one person'

export function isLocalUser({ issuer, onBehalfOf }: Pick<Principal, 'issuer' | 'onBehalfOf'>): boolean {
  return issuer === 'local' || onBehalfOf?.issuer === 'local'
}

export function areOneLocalUser(people: readonly Human[]): boolean {
  const hosts = new Set(people.filter(isLocalUser).map(hostOf))
  return hosts.size > 1 || people.some(({ userNamespace }) => userNamespace === true)
}

type Human = Pick<Principal, 'issuer' | 'id' | 'onBehalfOf' | 'userNamespace'>

function hostOf({ issuer, id, onBehalfOf }: Human) {
  const local = issuer === 'local' ? id : (onBehalfOf?.id ?? id)
  return local.slice(local.lastIndexOf('@') + 1)
}

/** `hasIssuers`: people come by an identity provider, so that only a member that says `local:` is a local user. */
export function restsOnLocalUsers(
  { roles, rules }: Pick<Policy, 'roles' | 'rules'>,
  hasIssuers: boolean,
): readonly Rule[] {
  return rules.filter((rule) => needsTwo(rule) && mayBeLocal(rule, roles, hasIssuers))
}

function needsTwo({ require }: Rule) {
  if (require === undefined) return false
  const { count, notRequester, notRunner } = require.approvals
  return count > 1 || notRequester || notRunner
}

function mayBeLocal({ require }: Rule, roles: Readonly<Record<string, Role>>, hasIssuers: boolean) {
  // Of all proofs that a rule can ask for only a passkey may be of a local user.
  if (require?.approvals.proof?.includes('passkey') === false) return false
  const from = require?.approvals.from ?? []
  const members = from.flatMap((name) => roles[name]?.members ?? [])
  const isAnybody = from.length === 0 || members.some((member) => member.startsWith('kind:'))
  return members.some((member) => member.startsWith('local:')) || (isAnybody && !hasIssuers)
}
