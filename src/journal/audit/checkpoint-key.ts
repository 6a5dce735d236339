import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { type Checkpoint, checkpointText, readCheckpointText, type SignedCheckpoint } from './checkpoint.ts'
import { type NoteSignature, readNote, writeNote } from './signed-note.ts'

/** Judges checkpoints of one key. */
export interface CheckpointVerifier {
  /** The public key in PEM, as openssl reads it. */
  readonly pem: string
  /** The same as tools for signed notes take it: name, key id and key. */
  readonly line: string
  /** Reads a signed checkpoint, or says what keeps it from being one of this key. */
  open(note: string): SignedCheckpoint | { readonly fault: string }
}

/** Signs checkpoints, and judges them. */
export interface CheckpointSigner extends CheckpointVerifier {
  sign(checkpoint: Checkpoint, at: string): SignedCheckpoint
}

const NAME = 'eosflow'
const SEED_BYTES = 32
/** PKCS #8 and SubjectPublicKeyInfo of Ed25519 up to the 32 bytes of the key (RFC 8410, section 7 and 4). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const SPKI = Buffer.from('302a300506032b6570032100', 'hex')

/** The signature types of C2SP signed-note: plain Ed25519, and Ed25519 over text and time (cosignature/v1). */
const PLAIN = 1
const TIMED = 4
const TIME_BYTES = 8

/** The signer whose key is made of a seed of 32 bytes. */
export function checkpointSigner(seed: Uint8Array): CheckpointSigner {
  if (seed.length !== SEED_BYTES) throw new RangeError(`a seed of ${seed.length} bytes`)
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
  const ids = keyIdsOf(createPublicKey(key))
  return {
    ...verifierOf(createPublicKey(key)),
    sign: (checkpoint, at) => {
      const text = checkpointText(checkpoint)
      const seconds = Math.floor(Date.parse(at) / 1000)
      const time = Buffer.alloc(TIME_BYTES)
      time.writeBigUInt64BE(BigInt(seconds))
      const note = writeNote({
        text,
        signatures: [
          { name: NAME, keyId: ids.plain, bytes: sign(null, Buffer.from(text), key) },
          { name: NAME, keyId: ids.timed, bytes: Buffer.concat([time, sign(null, timedText(text, seconds), key)]) },
        ],
      })
      return { ...checkpoint, note, at: timeOf(seconds) }
    },
  }
}

/** The verifier of a public key in PEM or as a line for signed notes; undefined when the text is neither. */
export function checkpointVerifier(text: string): CheckpointVerifier | undefined {
  const key = pemKey(text) ?? lineKey(text.trim())
  return key?.asymmetricKeyType === 'ed25519' ? verifierOf(key) : undefined
}

function verifierOf(key: KeyObject): CheckpointVerifier {
  const ids = keyIdsOf(key)
  const typed = Buffer.concat([Buffer.from([PLAIN]), rawKey(key)])
  return {
    pem: key.export({ format: 'pem', type: 'spki' }).toString(),
    line: `${NAME}+${ids.plain.toString('hex')}+${typed.toString('base64')}`,
    open: (note) => {
      const read = readNote(note)
      const checkpoint = read === undefined ? undefined : readCheckpointText(read.text)
      if (read === undefined || checkpoint === undefined) return { fault: 'it is not a signed checkpoint' }
      const plain = signatureBy(read.signatures, ids.plain)
      if (plain === undefined) return { fault: 'it is signed with another key' }
      if (!verify(null, Buffer.from(read.text), key, plain)) return { fault: 'its signature is not good' }
      return { ...checkpoint, note, at: timeIn(read.text, signatureBy(read.signatures, ids.timed), key) }
    },
  }
}

function signatureBy(signatures: readonly NoteSignature[], keyId: Buffer): Buffer | undefined {
  return signatures.find((one) => one.name === NAME && one.keyId.equals(keyId))?.bytes
}

/** The time that was signed with the text; undefined without a good signature over both. */
function timeIn(text: string, timed: Buffer | undefined, key: KeyObject): string | undefined {
  if (timed === undefined || timed.length <= TIME_BYTES) return undefined
  const seconds = Number(timed.readBigUInt64BE())
  return verify(null, timedText(text, seconds), key, timed.subarray(TIME_BYTES)) ? timeOf(seconds) : undefined
}

const timedText = (text: string, seconds: number): Buffer => Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`)

const timeOf = (seconds: number): string => new Date(seconds * 1000).toISOString()

/** What tells the two kinds of signature of one key apart (C2SP signed-note: sha256 of name, line break, type and key). */
function keyIdsOf(key: KeyObject): { readonly plain: Buffer; readonly timed: Buffer } {
  const idOf = (type: number): Buffer =>
    createHash('sha256')
      .update(`${NAME}\n`)
      .update(Buffer.from([type]))
      .update(rawKey(key))
      .digest()
      .subarray(0, 4)
  return { plain: idOf(PLAIN), timed: idOf(TIMED) }
}

function rawKey(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(SPKI.length)
}

function pemKey(text: string): KeyObject | undefined {
  try {
    return createPublicKey({ key: text, format: 'pem' })
  } catch {
    return undefined
  }
}

function lineKey(line: string): KeyObject | undefined {
  const typed = Buffer.from(/^[^\s+]+\+[0-9a-f]{8}\+([A-Za-z0-9+/]+={0,2})$/.exec(line)?.[1] ?? '', 'base64')
  if (typed.length !== 1 + SEED_BYTES || typed[0] !== PLAIN) return undefined
  return createPublicKey({ key: Buffer.concat([SPKI, typed.subarray(1)]), format: 'der', type: 'spki' })
}
