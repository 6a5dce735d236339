import { definedMembers } from '../../model/defined-members.ts'
import { EosflowError } from '../../model/error.ts'
import { DuplicateMember, givenJson } from '../../model/json.ts'
import type { IdentifiedCaller } from './context/identified-caller.ts'
import type { FrontContext } from './context/route.ts'
import { refusalOf } from './request/readable.ts'
import { sessionIdIn } from './session/sessions.ts'

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
  return refusalOf(
    'login-missing',
    message,
    'Log in at /login, or send a token of a provider that `identity:` in eosflow.yaml names.',
  )
}

const TOKEN_FIELD = 'csrf'
const TOKEN_HEADER = 'x-eosflow-token'

/** Requires that an unsafe request of a session holds what only the pages of that session know. */
export function requireFormToken(
  { session }: IdentifiedCaller,
  headers: Pick<Headers, 'get'>,
  field: string | undefined,
): void {
  if (session === undefined || (headers.get(TOKEN_HEADER) ?? field) === session.token) return
  throw refusalOf(
    'cross-site',
    'the token of the session is missing or is another one',
    `A page sends it as the field \`${TOKEN_FIELD}\`, a script as ${TOKEN_HEADER}; GET /api/v1/me gives it.`,
  )
}

/** The longest body that is taken, in bytes. */
export const LONGEST_BODY = 1024 * 1024

export interface RequestBody {
  readonly value: unknown
  readonly isForm: boolean
  readonly token?: string
}

/** Reads a body: JSON, or a form of a page, whose fields `params.NAME` are the parameters. Throws for anything else. */
export function readBody(contentType: string | null, text: string): RequestBody {
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === 'application/x-www-form-urlencoded') return whole(formBody(text))
  if (text === '') return { value: {}, isForm: false }
  if (type !== 'application/json') {
    throw refusalOf('unsupported-media-type', 'a body is JSON or a form', 'Content-Type: application/json')
  }
  const value = jsonIn(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return whole({ value, isForm: false })
  throw refusalOf('input', 'a body is a JSON object')
}

function whole(body: RequestBody) {
  const left = [body.value]
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    if (typeof one !== 'object' || one === null) continue
    if (Object.hasOwn(one, '__proto__')) throw refusalOf('input', 'the key `__proto__` is not allowed')
    for (const each of Object.values(one)) if (each !== undefined) left.push(each)
  }
  return body
}

function jsonIn(text: string): unknown {
  try {
    return givenJson(text)
  } catch (error) {
    const message = error instanceof DuplicateMember ? `in the body ${error.message}` : 'the body is no JSON'
    throw refusalOf('input', message)
  }
}

function formBody(text: string): RequestBody {
  const value: [string, unknown][] = []
  const params: [string, string][] = []
  let token: string | undefined
  const named = new Set<string>()
  for (const [name, field] of new URLSearchParams(text)) {
    if (named.has(name)) throw refusalOf('input', `the form has ${name} twice`)
    named.add(name)
    if (name === TOKEN_FIELD) token = field
    else if (name.startsWith('params.')) {
      // A field that was left empty is a parameter that was not given.
      if (field !== '') params.push([name.slice('params.'.length), field])
    } else if (field !== '') value.push([name, fieldValue(field)])
  }
  const given = Object.fromEntries(params.length === 0 ? value : [...value, ['params', Object.fromEntries(params)]])
  return { value: given, isForm: true, ...definedMembers({ token }) }
}

function fieldValue(field: string): unknown {
  return field === 'true' ? true : field
}
