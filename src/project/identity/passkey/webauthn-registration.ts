import { createHash } from 'node:crypto'
import { EosflowError } from '../../../model/error.ts'
import { readAuthenticatorData } from './webauthn-authenticator-data.ts'
import { readCbor } from './webauthn-cbor.ts'
import { readWebauthnKey } from './webauthn-key.ts'

export interface MadePasskey {
  readonly credential: string
  readonly key: string
}

/** Reads the attestation object of a new passkey (WebAuthn Level 3, section 6.5). Throws `protocol` for one that is for another RP ID, that did not verify its person, or whose key is of no known kind. */
export function madePasskey(attestationObject: Buffer, rpId: string): MadePasskey {
  const { value, length } = readCbor(attestationObject)
  const data = value instanceof Map && length === attestationObject.length ? value.get('authData') : undefined
  if (!Buffer.isBuffer(data)) throw new EosflowError('protocol', 'the attestation object cannot be read')
  const { rpIdHash, userPresent, userVerified, made } = readAuthenticatorData(data)
  if (made === undefined) throw new EosflowError('protocol', 'the authenticator has made no credential')
  if (!rpIdHash.equals(createHash('sha256').update(rpId).digest())) {
    throw new EosflowError('protocol', `the passkey is for another site than ${rpId}`)
  }
  if (!userPresent || !userVerified) {
    throw new EosflowError('protocol', 'the authenticator has not verified who was present', {
      hint: 'Take an authenticator that asks for a PIN, a finger or a face.',
    })
  }
  return { credential: made.id.toString('base64url'), key: readWebauthnKey(made.key).spki }
}
