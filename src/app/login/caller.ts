import { localPrincipal, osUser, rootWarning } from '../../identity/local.ts'
import { inUserNamespace } from '../../identity/user-namespace.ts'
import type { Notes } from '../../journal/notes.ts'
import type { Principal } from '../../model/principal.ts'
import type { Secret } from '../../model/secret.ts'
import type { Console } from '../console.ts'
import type { Host } from '../host.ts'
import type { Project } from '../project.ts'

/** Who is calling, and what says so. */
export interface Calling {
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
export async function callerOf(project: Project | undefined, host: Host, asking: Console): Promise<Calling> {
  if (host.seams?.principal !== undefined) return { principal: host.seams.principal }
  if (project?.settings.identity === undefined) return { principal: localUser(host, asking) }
  const { identify } = await import('./identify.ts')
  const { principal, token, verified, begins } = await identify(project, host)
  return { principal, token, expires: verified.expires, begins }
}

/** The command lines, by their signal to stop, that were told already: the demo asks for the caller once per step. */
const warned = new WeakSet<AbortSignal>()

/** Who the operating system says is calling; at a terminal a warning where that is root, once per command line. */
function localUser(host: Host, asking: Console): Principal {
  const user = osUser()
  const warning = rootWarning(user)
  if (warning !== undefined && asking.interactive && !warned.has(asking.stop)) asking.tell(`warning: ${warning}\n`)
  warned.add(asking.stop)
  return localPrincipal(user, inUserNamespace(host.seams?.uidMap))
}
