import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { EosflowError } from '../../../model/error.ts'
import type { Issuer } from '../../../model/issuer.ts'
import { givenJson } from '../../../model/json.ts'
import { Secret } from '../../../model/secret.ts'
import { readPrivate, writePrivate } from './private-file.ts'

export type LoginFlow = 'browser' | 'device-code' | 'client-credentials'

export interface Login {
  readonly flow: LoginFlow
  readonly id: string
  /** ISO 8601 in UTC. */
  readonly since: string
  readonly accessToken: Secret
  readonly refreshToken?: Secret
  readonly idToken?: Secret
  /** When the access token runs out, in milliseconds since the epoch. */
  readonly expires: number
}

export interface TokenCache {
  /** Throws `not-authorised` when its file is not ours alone. */
  read(issuer: Issuer): Promise<Login | undefined>
  write(issuer: Issuer, login: Login): Promise<void>
  remove(issuer: Issuer): Promise<void>
}

/** `hold` learns every token before anyone can print it. */
export function tokenCache(folder: string, hold: (token: Secret, name: string) => void): TokenCache {
  const fileOf = ({ issuer, clientId = '', audience }: Issuer) =>
    join(folder, 'tokens', `${createHash('sha256').update(`${issuer}|${clientId}|${audience}`).digest('hex')}.json`)
  return {
    read: async (issuer) => {
      const file = fileOf(issuer)
      const text = await readPrivate(file)
      return text === undefined
        ? undefined
        : loginIn(text, file, (token, what) => hold(token, `${what} of ${issuer.name}`))
    },
    write: (issuer, { accessToken, refreshToken, idToken, ...rest }) =>
      writePrivate(
        fileOf(issuer),
        JSON.stringify({
          v: 1,
          ...rest,
          accessToken: accessToken.reveal(),
          refreshToken: refreshToken?.reveal(),
          idToken: idToken?.reveal(),
        }),
      ),
    remove: (issuer) => rm(fileOf(issuer), { force: true }),
  }
}

function loginIn(text: string, file: string, hold: (token: Secret, what: string) => void): Login {
  const { v, flow, id, since, accessToken, refreshToken, idToken, expires } = membersOf(text)
  if (
    v !== 1 ||
    !isFlow(flow) ||
    typeof id !== 'string' ||
    typeof since !== 'string' ||
    typeof expires !== 'number' ||
    typeof accessToken !== 'string'
  ) {
    throw new EosflowError('not-authorised', `${file} holds no login that this version of eosflow reads`, {
      hint: 'Log in again: eosflow login',
    })
  }
  const held = (token: string, what: string) => {
    const secret = new Secret(token)
    hold(secret, what)
    return secret
  }
  return {
    flow,
    id,
    since,
    expires,
    accessToken: held(accessToken, 'access token'),
    ...(typeof refreshToken === 'string' ? { refreshToken: held(refreshToken, 'refresh token') } : {}),
    ...(typeof idToken === 'string' ? { idToken: held(idToken, 'ID token') } : {}),
  }
}

function isFlow(value: unknown): value is LoginFlow {
  return value === 'browser' || value === 'device-code' || value === 'client-credentials'
}

function membersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = givenJson(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
