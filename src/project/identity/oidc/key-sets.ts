import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { createRemoteJWKSet, customFetch, type ExportedJWKSCache, type JWTVerifyGetKey, jwksCache } from 'jose'
import { EosflowError } from '../../../model/error.ts'
import type { Issuer } from '../../../model/issuer.ts'
import { givenJson } from '../../../model/json.ts'
import { discover } from './discover.ts'
import { readPrivate, writePrivate } from './private-file.ts'
import { isProviderUrl, providerFetch } from './provider-fetch.ts'

// How long keys are trusted without asking again: a key that the provider takes back stays good for as long.
const MAX_AGE = 600_000
// How long after they were fetched an unknown key does not make us ask again.
const COOL_DOWN = 30_000

export interface KeySets {
  /** How the key of a token is found; the token's own `jku`, `x5u` and `jwk` say nothing. Asks the provider at the first token, when the keys are old, and for an unknown key. */
  of(issuer: Issuer): Promise<JWTVerifyGetKey>
  keep(issuer: Issuer): Promise<void>
}

interface KeptKeys extends ExportedJWKSCache {
  readonly jwksUri: string
}

export interface KeySetOptions {
  readonly folder: string
  readonly coolDown?: number
}

/** The key sets of providers, fetched once and kept for ten minutes in files of their owner. */
export function keySets({ folder, coolDown = COOL_DOWN }: KeySetOptions): KeySets {
  const open = new Map<string, Promise<{ getKey: JWTVerifyGetKey; kept: KeptKeys; fetched: number }>>()
  const fileOf = ({ issuer }: Issuer) =>
    join(folder, 'keys', `${createHash('sha256').update(issuer).digest('hex')}.json`)
  const load = async (issuer: Issuer) => {
    const kept = keptKeys(await readPrivate(fileOf(issuer))) ?? {
      jwksUri: await jwksUriOf(issuer),
      uat: 0,
      jwks: { keys: [] },
    }
    const getKey = createRemoteJWKSet(new URL(kept.jwksUri), {
      cooldownDuration: coolDown,
      cacheMaxAge: MAX_AGE,
      [customFetch]: providerFetch,
      [jwksCache]: kept,
    })
    return { getKey, kept, fetched: kept.uat }
  }
  return {
    of: async (issuer) => {
      const opened = open.get(issuer.issuer) ?? load(issuer)
      open.set(issuer.issuer, opened)
      try {
        return (await opened).getKey
      } catch (error) {
        open.delete(issuer.issuer)
        throw error
      }
    },
    keep: async (issuer) => {
      const opened = await open.get(issuer.issuer)
      if (opened === undefined || opened.kept.uat === opened.fetched) return
      opened.fetched = opened.kept.uat
      // Keys that cannot be kept are asked for again, and decide nothing about a token; a folder that is not ours does.
      await writePrivate(fileOf(issuer), JSON.stringify({ v: 1, ...opened.kept })).catch((error: unknown) => {
        if (error instanceof EosflowError) throw error
      })
    },
  }
}

async function jwksUriOf(issuer: Issuer) {
  const uri = (await discover(issuer)).serverMetadata().jwks_uri
  if (uri !== undefined && isProviderUrl(uri)) return uri
  throw new EosflowError('protocol', `${issuer.name}: the identity provider does not say where its keys are`)
}

// What a file holds, unless it is old or from the future.
function keptKeys(text: string | undefined): KeptKeys | undefined {
  const kept = parsed(text)
  const { v, jwksUri, uat, jwks } = kept
  const now = Date.now()
  if (v !== 1 || typeof jwksUri !== 'string' || !isProviderUrl(jwksUri)) return undefined
  if (typeof uat !== 'number' || uat > now || uat + MAX_AGE < now) return undefined
  return { jwksUri, uat, jwks: jwks as KeptKeys['jwks'] }
}

function parsed(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = givenJson(text ?? '{}')
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
