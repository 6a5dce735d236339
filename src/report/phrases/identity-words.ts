import { ONE_LOCAL_USER } from '../../change/policy/quorum.ts'
import { identityOf, type Principal } from '../../model/principal.ts'
import { present } from '../text/text.ts'

/** A principal as a person reads it: `Alice Example (corp:00u1)`. */
export function identityText(principal: Principal): string {
  const identity = identityOf(principal)
  return principal.display === undefined ? identity : `${principal.display} (${identity})`
}

export function identityLines(principal: Principal, expires: number | undefined): readonly string[] {
  const { kind, auth, groups, person, authenticatedAt, onBehalfOf, userNamespace } = principal
  return present(
    identityText(principal),
    auth === 'os' ? 'auth: os (the login on this machine; no identity provider is asked)' : `auth: ${auth}, ${kind}`,
    userNamespace === true && ONE_LOCAL_USER,
    onBehalfOf !== undefined && `for: ${onBehalfOf.issuer}:${onBehalfOf.id}`,
    person !== undefined && `person: ${person}`,
    groups !== undefined && `groups: ${groups.length === 0 ? 'none' : groups.join(', ')}`,
    authenticatedAt !== undefined && `logged in: ${authenticatedAt}`,
    expires !== undefined && `token until: ${new Date(expires).toISOString()}`,
  )
}
