import { EosflowError } from '../../../model/error.ts'
import { isJsonObject, type JsonObject } from '../../../model/json.ts'
import { Secret } from '../../../model/secret.ts'
import type { VaultLogin } from '../../../model/secret-settings.ts'
import type { VaultAnswer, VaultRequest } from './exchange.ts'
import { vaultRefusal } from './refusal.ts'

/** A token of Vault and how long it lives. */
export interface VaultToken {
  readonly token: Secret
  /** Whether this process has logged in for it, so that it is this process that ends it. */
  readonly isOwn: boolean
  readonly isRenewable: boolean
  /** In milliseconds of wall time; absent for a token without an end. */
  readonly goodUntil?: number
}

/** What logging in needs from outside. */
export interface VaultLoginPorts {
  readonly login: VaultLogin
  /** Wall time in milliseconds. */
  readonly now: () => number
  /** The value behind a reference that is not kept in Vault. Throws `secret`. */
  readonly resolve: (reference: string) => Promise<Secret>
  /** The token of the identity that called eosflow; undefined where nobody has logged in. */
  readonly callerToken: () => Promise<Secret | undefined>
  /** Makes a value known to the scrubber. */
  readonly register: (secret: Secret, name: string) => void
  readonly send: (request: VaultRequest) => Promise<VaultAnswer>
}

/**
 * Logs in: `POST /v1/auth/MOUNT/login` with a JWT or a secret id (Vault API, "JWT/OIDC auth method", "AppRole auth method"), or
 * `GET /v1/auth/token/lookup-self` with a token that exists. Throws `secret` or `unreachable`.
 */
export async function logIn(ports: VaultLoginPorts): Promise<VaultToken> {
  const { login, resolve, send, now } = ports
  if (login.method === 'token') {
    const token = await resolve(login.token)
    const answer = await send({ method: 'GET', path: 'auth/token/lookup-self', token })
    if (answer.status !== 200) throw vaultRefusal('the token of the settings', answer)
    const data = isJsonObject(answer.body.data) ? answer.body.data : {}
    return { token, isOwn: false, isRenewable: data.renewable === true, ...endOf(data.ttl, now()) }
  }
  const path = `auth/${login.mount}/login`
  const answer = await send({ method: 'POST', path, body: await loginBody(ports) })
  if (answer.status !== 200) throw vaultRefusal(`the login at ${path}`, answer)
  const granted = grantOf(answer.body, now())
  if (granted === undefined) throw new EosflowError('secret', `Vault answers the login at ${path} without a token`)
  ports.register(granted.token, 'the token of Vault')
  return granted
}

/** Asks for `seconds` more: `POST /v1/auth/token/renew-self`. The token as it is then; as it was where Vault refuses. */
export async function renewToken(
  token: VaultToken,
  seconds: number,
  { send, now }: VaultLoginPorts,
): Promise<VaultToken> {
  if (!token.isRenewable) return token
  const body = { increment: `${seconds}s` }
  const answer = await send({ method: 'POST', path: 'auth/token/renew-self', token: token.token, body })
  const renewed = answer.status === 200 ? grantOf(answer.body, now()) : undefined
  return renewed?.goodUntil === undefined ? token : { ...token, goodUntil: renewed.goodUntil }
}

async function loginBody({ login, resolve, callerToken }: VaultLoginPorts): Promise<JsonObject> {
  if (login.method === 'approle') {
    return { role_id: login.roleId, secret_id: (await resolve(login.secretId)).reveal() }
  }
  if (login.method === 'token') return {}
  const jwt = login.token === 'caller' ? await callerToken() : await resolve(login.token)
  if (jwt !== undefined) return { role: login.role, jwt: jwt.reveal() }
  throw new EosflowError('secret', 'Vault is to be asked as the caller, and nobody has logged in', {
    hint: 'eosflow login, or set EOSFLOW_TOKEN.',
  })
}

/** The `auth` of an answer (Vault API, "Authentication"). */
function grantOf({ auth }: JsonObject, now: number): VaultToken | undefined {
  if (!isJsonObject(auth) || typeof auth.client_token !== 'string' || auth.client_token === '') return undefined
  return {
    token: new Secret(auth.client_token),
    isOwn: true,
    isRenewable: auth.renewable === true,
    ...endOf(auth.lease_duration, now),
  }
}

/** A duration of 0 is that of a token without an end. */
function endOf(seconds: unknown, now: number): { readonly goodUntil?: number } {
  return typeof seconds === 'number' && seconds > 0 ? { goodUntil: now + seconds * 1000 } : {}
}
