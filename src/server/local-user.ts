import { localPrincipal, osUser } from '../identity/local.ts'
import { inUserNamespace } from '../identity/user-namespace.ts'
import type { Principal } from '../model/principal.ts'
import type { Front } from './front.ts'

/** Who the operating system says runs the server: whoever opens its link is that user. */
export function localUserOf({ app }: Pick<Front, 'app'>): Principal {
  return app.seams?.principal ?? localPrincipal(osUser(), inUserNamespace(app.seams?.uidMap))
}
