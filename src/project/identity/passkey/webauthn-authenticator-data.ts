import { EosflowError } from '../../../model/error.ts'
import { readCbor } from './webauthn-cbor.ts'

export interface AuthenticatorData {
  /** The SHA-256 hash of the RP ID that it has signed for. */
  readonly rpIdHash: Buffer
  readonly userPresent: boolean
  readonly userVerified: boolean
  readonly counter: number
  /** A credential that was made just now: its id, and its public key as COSE key. */
  readonly made?: { readonly id: Buffer; readonly key: Buffer }
}

const HEAD = 37
const FLAGS = 32
const COUNTER = 33
const [UP, UV, BE, BS, AT, ED] = [0x01, 0x04, 0x08, 0x10, 0x40, 0x80]
// WebAuthn Level 3, section 7.1: a credential id has at most 1023 bytes.
const LONGEST_ID = 1023

/** Throws `protocol` when it is none: nothing may be left over. */
export function readAuthenticatorData(bytes: Buffer): AuthenticatorData {
  if (bytes.length < HEAD) throw unread('it is too short')
  const flags = bytes[FLAGS] ?? 0
  const has = (bit: number) => (flags & bit) !== 0
  if (has(BS) && !has(BE)) throw unread('it says that it is backed up, and that it cannot be')
  const attested = has(AT) ? credentialIn(bytes.subarray(HEAD)) : undefined
  const rest = bytes.subarray(HEAD + (attested?.length ?? 0))
  const extensions = has(ED) ? readCbor(rest) : undefined
  if (extensions !== undefined && !(extensions.value instanceof Map)) throw unread('its extensions are no map')
  if (rest.length !== (extensions?.length ?? 0)) throw unread('there is more behind its end')
  return {
    rpIdHash: bytes.subarray(0, FLAGS),
    userPresent: has(UP),
    userVerified: has(UV),
    counter: bytes.readUInt32BE(COUNTER),
    ...(attested === undefined ? {} : { made: attested.made }),
  }
}

// WebAuthn Level 3, section 6.5.1: 16 bytes of the model, the length of the id, the id, the key.
function credentialIn(bytes: Buffer) {
  if (bytes.length < 18) throw unread('it is too short')
  const length = bytes.readUInt16BE(16)
  if (length > LONGEST_ID || bytes.length < 18 + length) throw unread('its credential id is too long')
  const behind = bytes.subarray(18 + length)
  const key = behind.subarray(0, readCbor(behind).length)
  return { made: { id: bytes.subarray(18, 18 + length), key }, length: 18 + length + key.length }
}

function unread(why: string) {
  return new EosflowError('protocol', `the authenticator data cannot be read: ${why}`)
}
