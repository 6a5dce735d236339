import { definedMembers } from '../../../model/json.ts'
import { identityOf, type Principal } from '../../../model/principal.ts'
import type { Project } from '../../../project/files/project.ts'
import { identify, type ProviderCaller } from '../../../project/identity/identify.ts'
import { localPrincipal, osUser } from '../../../project/identity/local/local.ts'
import { inUserNamespace } from '../../../project/identity/local/user-namespace.ts'
import { missingMcpScope } from '../../../project/identity/oidc/provider-fetch.ts'
import { Scrubber } from '../../../project/secret/scrubber.ts'
import type { Host } from '../../../project/system/process/host.ts'
import type { Asker } from './message.ts'
import type { FrontContext } from './route.ts'

interface NamedByToken extends Asker, Pick<ProviderCaller, 'begins'> {
  // From when on it is not taken any more, in milliseconds since the epoch.
  readonly ends: number
}

/** Anybody can send any text as a token, so it is no secret of this process before it is verified: a scrubber that knew it would take that text out of what others are shown. Nor is it one afterwards: what is sent with it may not hold it, and a server that kept every token would never end to grow. */
export async function whoIs(project: Project, host: Host, token: string): Promise<NamedByToken> {
  const env = { ...host.env, EOSFLOW_TOKEN: token }
  const { principal, verified, begins } = await identify(project, {
    ...host,
    env,
    scrubber: new Scrubber(() => undefined),
  })
  const lacks = missingMcpScope(verified.claims, verified.issuer)
  return { principal, token, begins, ends: endOf(verified), ...definedMembers({ lacks }) }
}

function endOf({ expires, claims, issuer }: ProviderCaller['verified']) {
  const { maxTokenAge, clockTolerance } = issuer
  const made = typeof claims.iat === 'number' ? claims.iat : 0
  return Math.min(expires, (made + maxTokenAge) * 1000) + clockTolerance * 1000
}

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
