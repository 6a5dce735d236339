import { createHash } from 'node:crypto'
import { EosflowError } from '../../../model/error.ts'
import { givenJson } from '../../../model/json.ts'
import { readAuthenticatorData } from './webauthn-authenticator-data.ts'
import { readWebauthnKey } from './webauthn-key.ts'

interface ClientData {
  readonly type: string
  readonly challenge: string
  readonly origin: string
  readonly crossOrigin: boolean
}

export interface WebauthnAssertion {
  readonly clientDataJSON: string
  readonly authenticatorData: string
  readonly signature: string
}

export interface AssertionDemand {
  readonly challenge: Buffer
  readonly key: Buffer
  /** Where the page was; absent: anywhere, for whoever only asks whether the signature is one. */
  readonly site?: { readonly origin: string; readonly rpId: string }
}

/** What is wrong with an assertion; undefined where it is good (WebAuthn Level 3, section 7.2). */
export function assertionFault(assertion: WebauthnAssertion, demand: AssertionDemand): string | undefined {
  try {
    return faultOf(assertion, demand)
  } catch (error) {
    if (error instanceof EosflowError) return error.message
    throw error
  }
}

function faultOf(assertion: WebauthnAssertion, { challenge, key, site }: AssertionDemand) {
  const [client, data, signature] = [assertion.clientDataJSON, assertion.authenticatorData, assertion.signature].map(
    requiredBytes,
  ) as [Buffer, Buffer, Buffer]
  const signed = Buffer.concat([data, createHash('sha256').update(client).digest()])
  if (!readWebauthnKey(key).verifies(signed, signature)) return 'the signature is not one by its key'
  const { type, challenge: answered, origin, crossOrigin } = readClientData(client)
  const { rpIdHash, userPresent, userVerified } = readAuthenticatorData(data)
  if (type !== 'webauthn.get') return 'it is no answer to a request to sign'
  if (answered !== challenge.toString('base64url')) return 'it is over something else'
  if (crossOrigin) return 'it was made inside a page of another site'
  if (!userPresent) return 'nobody was present when it was made'
  if (!userVerified) return 'the authenticator has not verified who was present'
  if (site === undefined) return undefined
  if (origin !== site.origin) return `it was made at another site than ${site.origin}`
  const wanted = createHash('sha256').update(site.rpId).digest()
  return rpIdHash.equals(wanted) ? undefined : `the authenticator has signed for another site than ${site.rpId}`
}

function requiredBytes(text: string) {
  const bytes = strictBase64Url(text)
  if (bytes === undefined || bytes.length > LONGEST) {
    throw new EosflowError('protocol', 'a part of it is not base64url in its one form')
  }
  return bytes
}

const LONGEST = 16_384

/** Base64url without padding, written in the one canonical way (RFC 4648, section 5); undefined for anything else. */
export function strictBase64Url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}

// Throws `protocol`.
function readClientData(bytes: Buffer): ClientData {
  const { type, challenge, origin, crossOrigin, topOrigin } = membersOf(bytes)
  if (typeof type !== 'string' || typeof challenge !== 'string' || typeof origin !== 'string') {
    throw new EosflowError('protocol', 'the client data has no type, challenge or origin')
  }
  const isOwnSite = (crossOrigin === undefined || crossOrigin === false) && topOrigin === undefined
  return { type, challenge, origin, crossOrigin: !isOwnSite }
}

function membersOf(bytes: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = givenJson(new TextDecoder('utf8', { fatal: true }).decode(bytes))
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // What is no JSON is refused below.
  }
  throw new EosflowError('protocol', 'the client data is no JSON object')
}
