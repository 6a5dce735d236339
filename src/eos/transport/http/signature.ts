import { createHash, createHmac } from 'node:crypto'

/** What of a request is signed, as it goes over the wire. */
export interface SignedParts {
  readonly method: string
  /** The value of `host`. */
  readonly authority: string
  /** Path and query. */
  readonly target: string
  readonly body: string
  readonly idempotencyKey: string
}

/**
 * The headers that sign a request: HTTP Message Signatures (RFC 9421) with `hmac-sha256` over method, host, path and
 * query, the digest of the body (RFC 9530) and the idempotency key. `seconds` since the epoch bound its replay.
 */
export function signatureHeaders(parts: SignedParts, key: string, seconds: number): Readonly<Record<string, string>> {
  const digest = `sha-256=:${createHash('sha256').update(parts.body).digest('base64')}:`
  const components: readonly (readonly [string, string])[] = [
    ['@method', parts.method],
    ['@authority', parts.authority],
    ['@request-target', parts.target],
    ['content-digest', digest],
    ['idempotency-key', parts.idempotencyKey],
  ]
  const covered = components.map(([name]) => `"${name}"`).join(' ')
  const params = `(${covered});created=${seconds};alg="hmac-sha256"`
  const base = [...components, ['@signature-params', params]].map(([name, value]) => `"${name}": ${value}`).join('\n')
  const signature = createHmac('sha256', key).update(base).digest('base64')
  return {
    'content-digest': digest,
    'signature-input': `eosflow=${params}`,
    signature: `eosflow=:${signature}:`,
  }
}
