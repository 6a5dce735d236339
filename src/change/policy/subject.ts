import type { Principal } from '../../model/principal.ts'
import type { Policy } from './policy.ts'

const OWN_WORD: readonly string[] = ['local', 'schedule', 'hook', 'worker']

/** How an identity is called in one word, where a schedule is `schedule:NAME` and a sender of events `hook:NAME`: as a member of a role names it, and as reasons say it. */
export function memberName({ issuer, id }: Pick<Principal, 'issuer' | 'id'>): string {
  return OWN_WORD.includes(issuer) ? id : `${issuer}:sub:${id}`
}

/** The roles that somebody has at a time (milliseconds since the epoch). */
export function rolesOf(policy: Policy, principal: Principal, at: number): readonly string[] {
  return Object.entries(policy.roles).flatMap(([name, { members, maxAuthAgeSec }]) => {
    const isMember = members.some((member) => isCalled(principal, member))
    return isMember && isFresh(principal, maxAuthAgeSec, at) ? [name] : []
  })
}

export function isMeant(to: readonly string[], { kind }: Principal, roles: readonly string[]): boolean {
  return to.some((name) => name === `kind:${kind}` || roles.includes(name))
}

/** Whether somebody logged in no longer ago than `maxAge` seconds. */
export function isFresh({ authenticatedAt }: Principal, maxAge: number | undefined, at: number): boolean {
  if (maxAge === undefined) return true
  const since = Date.parse(authenticatedAt ?? '')
  return at - since <= maxAge * 1000
}

function isCalled(principal: Principal, member: string) {
  const { issuer, kind, groups = [] } = principal
  if (member === `kind:${kind}` || member === memberName(principal)) return true
  return groups.some((group) => member === `${issuer}:group:${group}`)
}
