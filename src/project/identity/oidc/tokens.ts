import type { TokenEndpointResponse } from 'openid-client'
import { definedMembers } from '../../../model/defined-members.ts'
import type { Issuer } from '../../../model/issuer.ts'
import { Secret } from '../../../model/secret.ts'

export interface Tokens {
  readonly accessToken: Secret
  readonly refreshToken?: Secret
  readonly idToken?: Secret
  readonly scope?: string
}

export interface LoginAsk {
  readonly scopes: readonly string[]
  /** How many seconds ago the person may have proved themselves; absent: whenever the provider is content. */
  readonly maxAge?: number
  /** What the ID token has to name; absent: drawn for this login. */
  readonly nonce?: string
  /** Whether the person has to log in even where the provider knows them already. */
  readonly again?: true
}

export type Hold = (token: Secret, name: string) => void

/** The tokens of an answer, each known to `hold`. */
export function tokensOf(issuer: Issuer, answer: TokenEndpointResponse, hold: Hold): Tokens {
  const held = (token: string, what: string) => {
    const secret = new Secret(token)
    hold(secret, `${what} of ${issuer.name}`)
    return secret
  }
  const { access_token, refresh_token, id_token, scope } = answer
  return {
    accessToken: held(access_token, 'access token'),
    ...(refresh_token === undefined ? {} : { refreshToken: held(refresh_token, 'refresh token') }),
    ...(id_token === undefined ? {} : { idToken: held(id_token, 'ID token') }),
    ...definedMembers({ scope }),
  }
}

/** The parameter that asks for tokens of our audience (RFC 8707), in every request that gets some. */
export function resourceOf({ resource, audience }: Issuer): Record<string, string> {
  return resource ? { resource: audience } : {}
}
