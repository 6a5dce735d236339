import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import type { Principal } from '../../../model/principal.ts'

/** Throws `not-authorised` for a service: what it may do is not an agent's to do. */
export function agentFor(principal: Principal): Principal {
  if (principal.kind === 'agent') return principal
  if (principal.kind === 'service')
    throw new EosflowError('not-authorised', `${principal.id} is a service, and no agent speaks for it`, {
      hint: 'Log in as a person, or set EOSFLOW_TOKEN to the token of an agent.',
    })
  const { issuer, id, auth, userNamespace, display, groups, person, authenticatedAt } = principal
  return {
    issuer,
    id: `mcp:${id}`,
    kind: 'agent',
    auth,
    ...definedMembers({
      userNamespace,
      display: display === undefined ? undefined : `an agent of ${display}`,
      authenticatedAt,
    }),
    onBehalfOf: {
      issuer,
      id,
      ...definedMembers({ groups, person }),
    },
  }
}
