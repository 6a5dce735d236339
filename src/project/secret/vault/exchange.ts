import { type IncomingMessage, request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers, givenJson, isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import type { Secret } from '../../../model/secret.ts'

export interface VaultEndpoint {
  readonly address: string
  readonly namespace?: string
  readonly ca?: string
}

export interface VaultRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly path: string
  readonly token?: Secret
  readonly body?: JsonObject
}

export interface VaultAnswer {
  readonly status: number
  readonly body: JsonObject
}

const LARGEST = 65_536
const MILLISECONDS = 5_000

/** Throws `unreachable` when no whole answer came in time (5 s), and `secret` when the certificate is refused or the answer is not one of Vault's: too long, or no JSON. */
export function exchange(
  endpoint: VaultEndpoint,
  wire: VaultRequest,
  milliseconds = MILLISECONDS,
): Promise<VaultAnswer> {
  const url = new URL(`/v1/${wire.path}`, endpoint.address)
  const body = wire.body === undefined ? undefined : JSON.stringify(wire.body)
  const options = {
    method: wire.method,
    headers: headersOf(endpoint, wire, body),
    agent: false as const,
    signal: AbortSignal.timeout(milliseconds),
    ...definedMembers({ ca: endpoint.ca }),
    minVersion: 'TLSv1.2' as const,
    rejectUnauthorized: true,
  }
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => reject(notAnswered(endpoint, cause))
    const answered = (response: IncomingMessage) => {
      wholeBody(response, endpoint)
        .then((text) => resolve({ status: response.statusCode ?? 0, body: jsonOf(text, response, endpoint) }))
        .catch(fail)
    }
    const request = url.protocol === 'https:' ? overHttps(url, options, answered) : overHttp(url, options, answered)
    request.on('error', fail)
    request.end(body)
  })
}

function headersOf(endpoint: VaultEndpoint, { token }: VaultRequest, body: string | undefined) {
  return {
    accept: 'application/json',
    'x-vault-request': 'true',
    ...definedMembers({ 'x-vault-namespace': endpoint.namespace }),
    ...(token === undefined ? {} : { 'x-vault-token': token.reveal() }),
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
  }
}

async function wholeBody(response: IncomingMessage, endpoint: VaultEndpoint) {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > LARGEST) {
      response.destroy()
      throw strange(endpoint, `its answer is longer than ${LARGEST} bytes`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function jsonOf(text: string, { statusCode = 0 }: IncomingMessage, endpoint: VaultEndpoint): JsonObject {
  if (statusCode >= 300 && statusCode < 400)
    throw strange(endpoint, `it redirects (${statusCode}), which is not followed`)
  if (text.trim() === '') return {}
  let json: Json
  try {
    json = givenJson(text)
  } catch {
    throw strange(endpoint, `its answer (${statusCode}) is no JSON`)
  }
  if (isJsonObject(json)) return json
  throw strange(endpoint, `its answer (${statusCode}) is no JSON object`)
}

function strange({ address }: VaultEndpoint, why: string) {
  return new EosflowError('secret', `Vault at ${address}: ${why}`, {
    hint: 'Check secrets: vault: address: in eosflow.yaml: it is the active node of Vault, and nothing else.',
  })
}

// What OpenSSL and Node say of a certificate that they refuse.
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME|^ERR_SSL|^EPROTO/

function notAnswered({ address }: VaultEndpoint, cause: unknown) {
  if (cause instanceof EosflowError) return cause
  const code = codeOf(cause)
  if (CERTIFICATE.test(code)) {
    return new EosflowError('secret', `Vault at ${address}: its TLS is refused: ${code}`, {
      hint: 'If an authority of your own signed it, name its file under secrets: vault: ca: in eosflow.yaml.',
    })
  }
  const why = code === 'ABORT_ERR' ? `no whole answer in time` : code
  return new EosflowError('unreachable', `Vault at ${address} does not answer: ${why}`, {
    retryable: true,
    hint: 'Check secrets: vault: address: in eosflow.yaml, the route, and that Vault runs.',
  })
}

function codeOf(cause: unknown) {
  if (!(cause instanceof Error)) return String(cause)
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name
}
