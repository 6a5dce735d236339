import { EosflowError } from '../model/error.ts'

/** What a browser says of the page that has asked for a passkey (WebAuthn Level 3, section 5.8.1). */
export interface ClientData {
  /** `webauthn.get` for a signature, `webauthn.create` for a new credential. */
  readonly type: string
  /** In base64url, as the browser has written it. */
  readonly challenge: string
  readonly origin: string
  /** Whether the page was inside a page of another site. */
  readonly crossOrigin: boolean
}

/** Reads the JSON that a browser has made. Members that are not known here say nothing. Throws `protocol`. */
export function readClientData(bytes: Buffer): ClientData {
  const { type, challenge, origin, crossOrigin, topOrigin } = membersOf(bytes)
  if (typeof type !== 'string' || typeof challenge !== 'string' || typeof origin !== 'string') {
    throw new EosflowError('protocol', 'the client data has no type, challenge or origin')
  }
  const isOwnSite = (crossOrigin === undefined || crossOrigin === false) && topOrigin === undefined
  return { type, challenge, origin, crossOrigin: !isOwnSite }
}

function membersOf(bytes: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf8', { fatal: true }).decode(bytes))
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // What is no JSON is refused below.
  }
  throw new EosflowError('protocol', 'the client data is no JSON object')
}
