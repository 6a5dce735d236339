import type { NamedPerson, Principal } from '../../model/principal.ts'
import type { ApprovalDemand } from './obligations.ts'
import { type HumanIdentity, isSameHuman } from './quorum.ts'

export interface KnownPeople {
  readonly people: readonly HumanIdentity[]
  /** The members of all roles of the policy, as it names them: `corp:sub:00u1`. */
  readonly members: readonly string[]
}

export function markedUnknown(named: readonly NamedPerson[], { people, members }: KnownPeople): readonly NamedPerson[] {
  return named.map((one) => {
    const subject = `${one.issuer}:sub:`
    const inPolicy = members
      .filter((member) => member.startsWith(subject))
      .map((member): HumanIdentity => ({ issuer: one.issuer, id: member.slice(subject.length) }))
    return [...people, ...inPolicy].some((known) => isSameHuman(known, one)) ? one : { ...one, unknown: true }
  })
}

export function withOneMore(
  demands: readonly ApprovalDemand[],
  requesters: readonly Pick<Principal, 'named'>[],
): readonly ApprovalDemand[] {
  const isUnknown = requesters.some(({ named = [] }) => named.some(({ unknown }) => unknown === true))
  if (!isUnknown) return demands
  return demands.map((one) => (one.notRequester ? { ...one, count: one.count + 1, forUnknown: true } : one))
}
