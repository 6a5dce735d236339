import { type StepUp, steppedUp, stepUpAsk } from '../../identity/step-up.ts'
import { EosflowError } from '../../model/error.ts'
import type { App } from '../app.ts'
import type { Caller } from '../caller.ts'
import type { Host } from '../host.ts'
import { issuerNamed } from './identify.ts'
import { loginPorts } from './login-ports.ts'
import { flowOf, meet } from './meet.ts'

/**
 * Lets the person who is calling log in again for one approval, in a browser so that the provider's ID token names it by `nonce`. What that gives is judged, put on record and forgotten: it is no login for
 * other commands. The local user is given back as is, without a proof. Throws `not-authorised` for services and agents, when somebody
 * else logs in, or when the login is not a fresh one; `unreachable`, retryable.
 */
export async function stepUp(
  app: Host & Pick<App, 'project' | 'store'>,
  caller: Caller,
  nonce: string,
): Promise<StepUp> {
  const { principal: actor } = caller
  const { project, store } = app
  if (actor.auth !== 'oidc') return { principal: actor }
  if (actor.kind !== 'person') {
    throw new EosflowError(
      'not-authorised',
      `only a person may approve, and ${actor.id} is a${actor.kind === 'agent' ? 'n agent' : ' service'}`,
    )
  }
  const issuer = issuerNamed(project.settings.identity?.issuers ?? [], actor.issuer)
  const ports = loginPorts(project, app)
  caller.tell(`An approval needs a fresh login as ${actor.display ?? actor.id}.\n`)
  const flow = flowOf(caller, false)
  const tokens = await meet(issuer, stepUpAsk(issuer, nonce), flow, caller, ports)
  // A provider puts no nonce into the ID token of a login with a code (RFC 8628).
  const stepped = await steppedUp(issuer, actor, tokens, ports, flow === 'browser' ? { nonce } : {})
  await store.as(actor).append(undefined, [{ type: 'LoggedIn', principal: stepped.principal, flow, stepUp: true }])
  return stepped
}
