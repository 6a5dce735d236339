import type { Notes } from '../../change/record/store/notes.ts'
import type { Principal } from '../../model/principal.ts'
import type { Secret } from '../../model/secret.ts'
import type { Project } from '../files/project.ts'
import type { Host } from '../system/process/host.ts'
import { localPrincipal, osUser } from './local/local.ts'
import { inUserNamespace } from './local/user-namespace.ts'

/** Who is calling, and what says so. */
export interface CallerProof {
  readonly principal: Principal
  /** The token that says so, as another service that trusts the same issuer takes it; the local user has none. */
  readonly token?: Secret
  /** When the token runs out, in milliseconds since the epoch. An execution keeps the identity that it began with. */
  readonly expires?: number
  /** To be asked before an execution begins: the token of a CI job begins one. `notes`: where that is kept for several machines. Throws `not-authorised`. */
  begins?(notes?: Notes): Promise<void>
}

/**
 * Who is calling: the local user, or where the project lists identity providers whoever one of them vouches for. Throws
 * `not-authorised` when nobody is logged in there, `unreachable`, retryable, when the provider cannot be asked.
 */
export async function callerOf(project: Project | undefined, host: Host): Promise<CallerProof> {
  if (host.seams?.principal !== undefined) return { principal: host.seams.principal }
  if (project?.settings.identity === undefined) return { principal: localUser(host) }
  const { identify } = await import('./identify.ts')
  const { principal, token, verified, begins } = await identify(project, host)
  return { principal, token, expires: verified.expires, begins }
}

/** Who the operating system says is calling. */
function localUser(host: Host): Principal {
  return localPrincipal(osUser(), inUserNamespace(host.seams?.uidMap))
}
