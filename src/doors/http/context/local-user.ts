import { identityOf, type Principal } from '../../../model/principal.ts'
import { localPrincipal, osUser } from '../../../project/identity/local/local.ts'
import { inUserNamespace } from '../../../project/identity/local/user-namespace.ts'
import type { FrontContext } from './front-context.ts'

export function localUserOf({ app }: Pick<FrontContext, 'app'>): Principal {
  return app.seams?.principal ?? localPrincipal(osUser(), inUserNamespace(app.seams?.uidMap))
}

/**
 * Whether somebody whose session was begun before this server still logs in here: at a provider of the settings, or as the local user where
 * there are none.
 */
export function isStillKnown(front: Pick<FrontContext, 'app'>, principal: Principal): boolean {
  const { identity } = front.app.project.settings
  if (identity !== undefined) return identity.issuers.some(({ name }) => name === principal.issuer)
  return principal.issuer === 'local' && identityOf(principal) === identityOf(localUserOf(front))
}
