import { type SteppedUp, steppedUp, stepUpAsk } from '../../identity/stepped-up.ts'
import { EosflowError } from '../../model/error.ts'
import type { Principal } from '../../model/principal.ts'
import type { Io } from '../io.ts'
import type { Project } from '../project.ts'
import { issuerNamed } from './identify.ts'
import { loginPorts } from './login-ports.ts'
import { meet } from './meet.ts'

/**
 * Lets the person who is calling log in again for one approval. What that gives is judged and forgotten: it is no login for other
 * commands. The local user is given back as is, without a proof. Throws `not-authorised` for services and agents, when somebody
 * else logs in, or when the login is not a fresh one; `unreachable`, retryable.
 */
export async function stepUp(project: Project, io: Io, actor: Principal): Promise<SteppedUp> {
  if (actor.auth !== 'oidc') return { principal: actor }
  if (actor.kind !== 'person') {
    throw new EosflowError(
      'not-authorised',
      `only a person may approve, and ${actor.id} is a${actor.kind === 'agent' ? 'n agent' : ' service'}`,
    )
  }
  const issuer = issuerNamed(project.settings.identity?.issuers ?? [], actor.issuer)
  const ports = loginPorts(project, io)
  io.err(`An approval needs a login of its own as ${actor.display ?? actor.id}.\n`)
  const { tokens } = await meet(issuer, stepUpAsk(issuer), io, ports, false)
  return steppedUp(issuer, actor, tokens, ports)
}
