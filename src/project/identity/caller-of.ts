import type { Notes } from '../../change/record/store/notes.ts'
import type { Principal } from '../../model/principal.ts'
import type { Secret } from '../../model/secret.ts'
import type { Project } from '../files/project.ts'
import type { Console } from '../system/process/console.ts'
import type { Host } from '../system/process/host.ts'
import { localPrincipal, osUser } from './local/local.ts'
import { inUserNamespace } from './local/user-namespace.ts'

export interface CallerProof {
  readonly principal: Principal
  readonly token?: Secret
  /** When the token runs out, in milliseconds since the epoch. */
  readonly expires?: number
  /** To be asked before an execution begins: the token of a CI job begins one. `notes`: where that is kept for several machines. */
  begins?(notes?: Notes): Promise<void>
}

/** Throws `not-authorised` when nobody is logged in there, `unreachable`, retryable, when the provider cannot be asked. */
export async function callerOf(project: Project | undefined, host: Host): Promise<CallerProof> {
  if (host.seams?.principal !== undefined) return { principal: host.seams.principal }
  if (project?.settings.identity === undefined) return { principal: localUser(host) }
  const { identify } = await import('./identify.ts')
  const { principal, token, verified, begins } = await identify(project, host)
  return { principal, token, expires: verified.expires, begins }
}

function localUser(host: Host) {
  return localPrincipal(osUser(), inUserNamespace(host.seams?.uidMap))
}

export interface Caller extends Console {
  readonly principal: Principal
  /** The `traceparent` (W3C Trace Context) that whoever asks does this in. */
  readonly trace?: string
  /** Asked before an execution begins. Throws `not-authorised` when whoever is calling may begin no other. */
  readonly begins?: CallerProof['begins']
}

export type SilentCaller = Pick<Caller, 'principal'>
