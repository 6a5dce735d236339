import { EosflowError } from '../../model/error.ts'
import type { FrontContext } from './context/front-context.ts'
import type { IdentifiedCaller } from './context/identified-caller.ts'
import { RequestRefusal } from './request/fault.ts'
import { sessionIdIn } from './session/session.ts'

/**
 * Who has sent a request: a person by the cookie of a session, a program by a token; undefined for nobody. Throws for a request with both,
 * with a session that is over, and with a token that is not taken.
 */
export async function callerOf(
  front: FrontContext,
  headers: Pick<Headers, 'get'>,
): Promise<IdentifiedCaller | undefined> {
  const [cookie, authorization] = [headers.get('cookie'), headers.get('authorization')]
  const id = sessionIdIn(cookie)
  if (authorization !== null) {
    if (id !== undefined) throw loginMissing('a request has a session or a token, not both')
    return byToken(front, authorization)
  }
  if (id === undefined) return undefined
  const session = await front.sessions.find(id)
  return session === undefined ? undefined : { principal: session.principal, session }
}

async function byToken(front: FrontContext, authorization: string) {
  const [, token] = /^Bearer ([A-Za-z0-9._~+/=-]{1,16384})$/i.exec(authorization) ?? []
  if (token === undefined) throw loginMissing('a program sends `Authorization: Bearer TOKEN`')
  try {
    return await front.whoIs(token)
  } catch (error) {
    if (error instanceof EosflowError && error.kind === 'not-authorised') throw loginMissing(error.message)
    throw error
  }
}

/** Throws where that is nobody. */
export function requireKnown(caller: IdentifiedCaller | undefined): IdentifiedCaller {
  if (caller !== undefined) return caller
  throw loginMissing('nobody is logged in')
}

function loginMissing(message: string) {
  return new RequestRefusal({
    kind: 'login-missing',
    message,
    hint: 'Log in at /login, or send a token of a provider that `identity:` in eosflow.yaml names.',
  })
}

export const TOKEN_FIELD = 'csrf'
const TOKEN_HEADER = 'x-eosflow-token'

/** Requires that an unsafe request of a session holds what only the pages of that session know. */
export function requireFormToken(
  { session }: IdentifiedCaller,
  headers: Pick<Headers, 'get'>,
  field: string | undefined,
): void {
  if (session === undefined || (headers.get(TOKEN_HEADER) ?? field) === session.token) return
  throw new RequestRefusal({
    kind: 'cross-site',
    message: 'the token of the session is missing or is another one',
    hint: `A page sends it as the field \`${TOKEN_FIELD}\`, a script as ${TOKEN_HEADER}; GET /api/v1/me gives it.`,
  })
}
