import type { Principal } from '../../model/principal.ts'

export interface NamedSigner {
  readonly names: readonly [string, ...string[]]
}

/** An identity with the person that it is, where a line of the trusted keys names the local user as one of that person's names: so nobody approves by a key what they have asked for as a local user. */
export function withPerson<P extends Omit<Principal, 'authenticatedAt'>>(
  principal: P,
  signers: readonly NamedSigner[],
): P {
  const personOf = ({ issuer, id }: Pick<Principal, 'issuer' | 'id'>): { readonly person?: string } => {
    const owner = issuer === 'local' ? signers.find(({ names }) => names.slice(1).includes(id)) : undefined
    return owner === undefined || principal.userNamespace === true ? {} : { person: owner.names[0] }
  }
  const { onBehalfOf } = principal
  const behalf = onBehalfOf === undefined ? {} : { onBehalfOf: { ...onBehalfOf, ...personOf(onBehalfOf) } }
  return { ...principal, ...behalf, ...personOf(principal) }
}

export function peopleOf(signers: readonly NamedSigner[]): readonly string[] {
  return signers.map(({ names: [name] }) => name)
}

/** The requester of whom no trusted key says who it is, by id; undefined where all are people with a key. `people`: the names of those. */
export function strangerAmong(
  requesters: readonly Omit<Principal, 'authenticatedAt'>[],
  people: readonly string[],
): string | undefined {
  const isKnown = ({ person }: Pick<Principal, 'person'>) => person !== undefined && people.includes(person)
  return requesters.find((one) => {
    const { kind, onBehalfOf, named = [] } = one
    const humans = [...(kind === 'person' ? [one] : []), ...(onBehalfOf === undefined ? [] : [onBehalfOf]), ...named]
    return humans.length === 0 || !humans.every(isKnown)
  })?.id
}
