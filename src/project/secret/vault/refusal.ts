import { EosflowError } from '../../../model/error.ts'
import { isJsonObject } from '../../../model/json.ts'
import type { VaultAnswer } from './exchange.ts'

/**
 * What an answer that is no success means, by Vault's documented status codes. Throws nothing itself. `asked` says what was asked for,
 * without any value.
 */
export function vaultRefusal(asked: string, { status, body }: VaultAnswer): EosflowError {
  const said = errorsIn(body)
  switch (status) {
    case 400:
      return new EosflowError('secret', `Vault refuses ${asked}${said}`, { hint: 'Check the login and the role.' })
    case 403:
      return new EosflowError('secret', `Vault denies ${asked} (403)${said}`, {
        hint: 'The token is not good, has ended, or its policies do not allow it.',
      })
    case 404:
      return new EosflowError('secret', `Vault has nothing for ${asked} (404)${said}`, {
        hint: 'For KV version 2 the path has `data` behind the mount: kv/data/net/leaf1.',
      })
    case 405:
      return new EosflowError('secret', `Vault cannot be asked that way: ${asked} (405)`, {
        hint: 'Only paths that are read with GET hold secrets.',
      })
    case 503:
      return new EosflowError('unreachable', `Vault is sealed or in maintenance (503)${said}`, {
        retryable: true,
        hint: 'Unseal it, or wait.',
      })
    default:
      return status >= 500 || status === 429 || status === 412 || status === 472 || status === 473
        ? new EosflowError('unreachable', `Vault cannot answer ${asked} now (${status})${said}`, {
            retryable: true,
            hint: 'Try again later, or address the active node.',
          })
        : new EosflowError('secret', `Vault answers ${asked} with ${status}${said}`)
  }
}

/** The first of Vault's own words, on one line. */
function errorsIn(body: VaultAnswer['body']): string {
  const { errors } = body
  const [first] = Array.isArray(errors) ? errors : []
  return typeof first === 'string'
    ? `: ${first
        .replace(/[^\x20-\x7e]+/g, ' ')
        .trim()
        .slice(0, 200)}`
    : ''
}

/** Why a version of a KV v2 secret is not there, where the answer says it: deleted versions keep their metadata (404 with `data`). */
export function goneVersion(asked: string, { status, body }: VaultAnswer): EosflowError | undefined {
  const data = body.data
  const metadata = isJsonObject(data) ? data.metadata : undefined
  if (status !== 404 || !isJsonObject(metadata)) return undefined
  const { version, destroyed, deletion_time: at } = metadata
  const how = destroyed === true ? 'destroyed' : `deleted${typeof at === 'string' && at !== '' ? ` on ${at}` : ''}`
  return new EosflowError('secret', `version ${String(version)} of ${asked} was ${how}`, {
    hint: 'Undelete it, or name another version in the inventory and plan again.',
  })
}
