import { createHash, createPublicKey, hash, type KeyObject, verify } from 'node:crypto'
import { ED25519_BYTES, publicKeyOf, rawKey, type SigningKey } from '../../../model/ed25519.ts'
import { sameBytes } from '../seal/chain.ts'
import { type NoteSignature, readNote, type SignedText, writeNote } from './signed-note.ts'

// What precedes what is hashed, so that no leaf can be taken for a node (RFC 9162, section 2.1.1).
const LEAF = Buffer.from([0])
const NODE = Buffer.from([1])

/** The root of a tree over leaves in their order, 32 bytes; of no leaves sha256 of nothing (RFC 9162, section 2.1.1). */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256()
  let level: readonly Uint8Array[] = leaves.map((leaf) => sha256(LEAF, leaf))
  while (level.length > 1) level = parents(level)
  return level[0] ?? sha256()
}

function parents(level: readonly Uint8Array[]): readonly Uint8Array[] {
  const above: Uint8Array[] = []
  for (let at = 0; at < level.length; at += 2) {
    const [left, right] = [level[at], level[at + 1]]
    if (left !== undefined) above.push(right === undefined ? left : sha256(NODE, left, right))
  }
  return above
}

function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.from(hash('sha256', Buffer.concat(parts), 'hex'), 'hex')
}

export interface ChainHead {
  readonly chain: string
  readonly n: number
  /** The hash of the newest, 32 bytes. */
  readonly hash: Uint8Array
  readonly positions: readonly number[]
}

export interface ChainsCheckpoint {
  readonly origin: string
  readonly number: number
  /** The digest of the text of the checkpoint before, 32 bytes: zeros for the first one. */
  readonly before: Uint8Array
  readonly register: { readonly n: number; readonly hash: Uint8Array }
  /** How many chains could still grow or had ended since the checkpoint before, and the root of the tree over their heads. */
  readonly heads: { readonly count: number; readonly root: Uint8Array }
  readonly seq: number
}

export type SignedChainsCheckpoint = ChainsCheckpoint & Omit<SignedText, 'text'>

// What a text of this kind says in its second line, where the text of one chain has a number: who reads only that refuses it.
const FORM = 'chains'
const VERSION = 1

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

export const NO_CHECKPOINT: Uint8Array = new Uint8Array(32)

export function headsOf(heads: readonly ChainHead[]): ChainsCheckpoint['heads'] {
  const inOrder = heads.toSorted((one, other) => (one.chain < other.chain ? -1 : 1))
  return { count: heads.length, root: merkleRoot(inOrder.map(leafOf)) }
}

function leafOf({ chain, n, hash, positions }: ChainHead): Uint8Array {
  return Buffer.from(`eosflow-head-v1\0${chain}\n${n}\n${base64(hash)}\n${positions.join(',')}\n`)
}

/** The text that is signed (docs/audit.md#checkpoints). */
export function chainsCheckpointText({ origin, number, before, register, heads, seq }: ChainsCheckpoint): string {
  return [
    origin,
    `${FORM} ${VERSION}`,
    `register ${register.n} ${base64(register.hash)}`,
    `heads ${heads.count} ${base64(heads.root)}`,
    `newest ${seq}`,
    `checkpoint ${number} ${base64(before)}`,
    '',
  ].join('\n')
}

/** The digest of the text of a checkpoint, which the next one names: 32 bytes. */
export function checkpointDigest(checkpoint: ChainsCheckpoint): Uint8Array {
  return createHash('sha256').update(chainsCheckpointText(checkpoint)).digest()
}

// The version that a text of this kind says to be of; undefined where it is of another kind.
function chainsVersionOf(text: string): number | undefined {
  const version = /^[^\n]+\nchains ([1-9]\d{0,5})\n/.exec(text)?.[1]
  return version === undefined ? undefined : Number(version)
}

const TEXT =
  /^([^\n]+)\nchains 1\nregister (0|[1-9]\d{0,14}) ([A-Za-z0-9+/]{43}=)\nheads (0|[1-9]\d{0,14}) ([A-Za-z0-9+/]{43}=)\nnewest (0|[1-9]\d{0,14})\ncheckpoint ([1-9]\d{0,14}) ([A-Za-z0-9+/]{43}=)\n$/

/** Reads such a text; undefined when it is none, or is not byte for byte as {@link chainsCheckpointText} writes it. */
export function readChainsCheckpoint(text: string): ChainsCheckpoint | undefined {
  const [, origin = '', size = '', head = '', count = '', root = '', newest = '', number = '', before = ''] =
    TEXT.exec(text) ?? []
  if (origin === '') return undefined
  const checkpoint: ChainsCheckpoint = {
    origin,
    number: Number(number),
    before: Buffer.from(before, 'base64'),
    register: { n: Number(size), hash: Buffer.from(head, 'base64') },
    heads: { count: Number(count), root: Buffer.from(root, 'base64') },
    seq: Number(newest),
  }
  return chainsCheckpointText(checkpoint) === text ? checkpoint : undefined
}

export function coversHeads({ heads }: ChainsCheckpoint, found: readonly ChainHead[]): boolean {
  const { count, root } = headsOf(found)
  return count === heads.count && sameBytes(root, heads.root)
}

interface SegmentSeal {
  readonly origin: string
  readonly executions: ChainsCheckpoint['heads']
  // The place of the newest record of the store when it was signed.
  readonly seq: number
}

export type SignedSegmentSeal = SegmentSeal & Omit<SignedText, 'text'>

/** The text that is signed: its second line keeps whoever reads another kind of text from taking it for one. */
export function segmentSealText({ origin, executions: { count, root }, seq }: SegmentSeal): string {
  return `${origin}\nsegment 1\nexecutions ${count} ${Buffer.from(root).toString('base64')}\nnewest ${seq}\n`
}

const SEGMENT = /^([^\n]+)\nsegment 1\nexecutions (0|[1-9]\d{0,14}) ([A-Za-z0-9+/]{43}=)\nnewest (0|[1-9]\d{0,14})\n$/

/** Reads such a text; undefined when it is none, or is not byte for byte as {@link segmentSealText} writes it. */
export function readSegmentSeal(text: string): SegmentSeal | undefined {
  const [, origin = '', count = '', root = '', newest = ''] = SEGMENT.exec(text) ?? []
  if (origin === '') return undefined
  const seal = {
    origin,
    executions: { count: Number(count), root: Buffer.from(root, 'base64') },
    seq: Number(newest),
  }
  return segmentSealText(seal) === text ? seal : undefined
}

export interface CheckpointVerifier {
  readonly pem: string
  /** The same as tools for signed notes take it: name, key id and key. */
  readonly line: string
  /** Reads the text of a signed checkpoint, or of the seal of a segment, or says what keeps it from being one of this key. */
  read(note: string): SignedText | Fault
  /** Reads a signed checkpoint, or says what keeps it from being one of this key. */
  openChains(note: string): SignedChainsCheckpoint | Fault
  openSegment(note: string): SignedSegmentSeal | Fault
}

export interface CheckpointSigner extends CheckpointVerifier {
  signChains(checkpoint: ChainsCheckpoint, at: string): SignedChainsCheckpoint
  signSegment(seal: SegmentSeal, at: string): SignedSegmentSeal
}

interface Fault {
  readonly fault: string
}

const NAME = 'eosflow'
// What precedes a key that was replaced, in a file of public keys; PEM lets such lines be.
const REPLACED = '# replaced behind record '
// The same for a key of which nobody here has the public half.
const LOST = /^# lost ([0-9a-f]{8}) behind record ([0-9]{1,15})\n/gm
const OTHER_KEY = 'it is signed with another key'

// The signature types of C2SP signed-note: plain Ed25519, and Ed25519 over text and time (cosignature/v1).
const PLAIN = 1
const TIMED = 4
const TIME_BYTES = 8
// Of Ed25519; a timed one has its time before it.
const SIGNATURE_BYTES = 64

/** Signs checkpoints by a key. */
export function checkpointSigner(key: SigningKey): CheckpointSigner {
  const point = Buffer.from(key.publicKey, 'base64')
  const ids = keyIdsOf(point)
  const bytesOf = (bytes: Buffer) => Buffer.from(key.sign(bytes), 'base64')
  const signed = (text: string, at: string) => {
    const seconds = Math.floor(Date.parse(at) / 1000)
    const time = Buffer.alloc(TIME_BYTES)
    time.writeBigUInt64BE(BigInt(seconds))
    const note = writeNote({
      text,
      signatures: [
        { name: NAME, keyId: ids.plain, bytes: bytesOf(Buffer.from(text)) },
        { name: NAME, keyId: ids.timed, bytes: Buffer.concat([time, bytesOf(timedText(text, seconds))]) },
      ],
    })
    return { note, at: timeOf(seconds) }
  }
  return {
    ...verifierOf(publicKeyOf(point)),
    signChains: (checkpoint, at) => ({ ...checkpoint, ...signed(chainsCheckpointText(checkpoint), at) }),
    signSegment: (seal, at) => ({ ...seal, ...signed(segmentSealText(seal), at) }),
  }
}

export interface ReplacedKey {
  readonly verifier: CheckpointVerifier
  readonly until: number
}

export interface LostKey {
  /** What signed notes call it: four bytes in hex. */
  readonly keyId: string
  readonly until: number
}

/**
 * Judges checkpoints of a key and of those that it has replaced: of each up to its last record. Those of a key that is lost are read
 * as such, up to its last record.
 */
export function withReplaced(
  newest: CheckpointVerifier,
  replaced: readonly ReplacedKey[],
  lost: readonly LostKey[] = [],
): CheckpointVerifier {
  if (replaced.length === 0 && lost.length === 0) return newest
  const read: CheckpointVerifier['read'] = (note) => {
    const opened = newest.read(note)
    if (!('fault' in opened) || opened.fault !== OTHER_KEY) return opened
    const older = replaced.map(({ verifier, until }) => ({ read: verifier.read(note), until }))
    const found = older.find((one) => !('fault' in one.read) || one.read.fault !== OTHER_KEY)
    if (found === undefined || 'fault' in found.read) return found?.read ?? opened
    const isOwn = (newestIn(found.read.text) ?? 0) <= found.until
    return isOwn ? found.read : { fault: 'it is signed with a key that was replaced before' }
  }
  const pem = [
    newest.pem,
    ...lost.map(({ keyId, until }) => `# lost ${keyId} behind record ${until}\n`),
    ...replaced.map(({ verifier, until }) => `${REPLACED}${until}\n${verifier.pem}`),
  ].join('')
  return opening({
    line: newest.line,
    pem,
    read: (note) => {
      const opened = read(note)
      return 'fault' in opened ? (asLost(note, lost) ?? opened) : opened
    },
  })
}

function asLost(note: string, lost: readonly LostKey[]): SignedText | undefined {
  const text = readNote(note)?.text ?? ''
  const newest = newestIn(text)
  const id = checkpointKeyId(note)
  if (newest === undefined || !lost.some(({ keyId, until }) => keyId === id && newest <= until)) return undefined
  return { text, note, at: undefined, lost: true }
}

function newestIn(text: string) {
  return (readChainsCheckpoint(text) ?? readSegmentSeal(text))?.seq
}

function opening(reader: Pick<CheckpointVerifier, 'pem' | 'line' | 'read'>): CheckpointVerifier {
  const opened = <T extends object>(
    note: string,
    parse: (text: string) => T | undefined,
    other: string,
  ): (T & Omit<SignedText, 'text'>) | Fault => {
    const read = reader.read(note)
    if ('fault' in read) return read
    const { text, ...signed } = read
    const checkpoint = parse(text)
    return checkpoint === undefined ? { fault: other } : { ...checkpoint, ...signed }
  }
  return {
    ...reader,
    openChains: (note) => opened(note, readChainsCheckpoint, 'it is the seal of a segment'),
    openSegment: (note) => opened(note, readSegmentSeal, 'it is a checkpoint'),
  }
}

/** What a signed checkpoint calls its key: four bytes in hex; undefined where it is none. */
export function checkpointKeyId(note: string): string | undefined {
  const plain = readNote(note)?.signatures.find(({ name, bytes }) => name === NAME && bytes.length === SIGNATURE_BYTES)
  return plain?.keyId.toString('hex')
}

/**
 * The verifier of a public key in PEM or as a line for signed notes, with those in PEM that it has replaced behind it; undefined when
 * the text is neither.
 */
export function checkpointVerifier(text: string): CheckpointVerifier | undefined {
  const lost = [...text.matchAll(LOST)].map(([, keyId = '', until]) => ({ keyId, until: Number(until) }))
  const [newest = '', ...older] = text.replaceAll(LOST, '').split(REPLACED)
  const verifier = verifierIn(newest)
  const replaced = older.map((part): ReplacedKey | undefined => {
    const [, until = '', pem = ''] = /^([0-9]{1,15})\n([\s\S]*)$/.exec(part) ?? []
    const old = verifierIn(pem)
    return old === undefined ? undefined : { verifier: old, until: Number(until) }
  })
  if (verifier === undefined || replaced.includes(undefined)) return undefined
  return withReplaced(
    verifier,
    replaced.filter((one) => one !== undefined),
    lost,
  )
}

/** The verifier of the 32 bytes of a public key, in base64. */
export function verifierOfKey(publicKey: string): CheckpointVerifier {
  return verifierOf(publicKeyOf(Buffer.from(publicKey, 'base64')))
}

function verifierIn(text: string): CheckpointVerifier | undefined {
  const key = pemKey(text) ?? lineKey(text.trim())
  return key?.asymmetricKeyType === 'ed25519' ? verifierOf(key) : undefined
}

function verifierOf(key: KeyObject): CheckpointVerifier {
  const point = rawKey(key)
  const ids = keyIdsOf(point)
  const typed = Buffer.concat([Buffer.from([PLAIN]), point])
  return opening({
    pem: key.export({ format: 'pem', type: 'spki' }).toString(),
    line: `${NAME}+${ids.plain.toString('hex')}+${typed.toString('base64')}`,
    read: (note) => {
      const read = readNote(note)
      if (read === undefined || newestIn(read.text) === undefined) return { fault: strangeText(read?.text) }
      const plain = signatureBy(read.signatures, ids.plain)
      if (plain === undefined) return { fault: OTHER_KEY }
      if (!verify(null, Buffer.from(read.text), key, plain)) return { fault: 'its signature is not good' }
      return { text: read.text, note, at: timeIn(read.text, signatureBy(read.signatures, ids.timed), key) }
    },
  })
}

// What a text says in its second line that an eosflow has signed before there were chains: the number of records.
const ONE_CHAIN = /^[^\n]+\n\d+\n/

function strangeText(text: string | undefined) {
  if (text !== undefined && ONE_CHAIN.test(text))
    return 'it is over one chain, as no release has signed it: this eosflow reads those over many chains'
  const version = text === undefined ? undefined : chainsVersionOf(text)
  return version === undefined || version === 1
    ? 'it is not a signed checkpoint'
    : `it is of version ${version} of the checkpoints over many chains: a newer eosflow reads it`
}

function signatureBy(signatures: readonly NoteSignature[], keyId: Buffer) {
  return signatures.find((one) => one.name === NAME && one.keyId.equals(keyId))?.bytes
}

function timeIn(text: string, timed: Buffer | undefined, key: KeyObject) {
  if (timed === undefined || timed.length <= TIME_BYTES) return undefined
  const seconds = Number(timed.readBigUInt64BE())
  return verify(null, timedText(text, seconds), key, timed.subarray(TIME_BYTES)) ? timeOf(seconds) : undefined
}

const timedText = (text: string, seconds: number) => Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`)

const timeOf = (seconds: number) => new Date(seconds * 1000).toISOString()

function keyIdsOf(point: Uint8Array) {
  const idOf = (type: number) =>
    createHash('sha256')
      .update(`${NAME}\n`)
      .update(Buffer.from([type]))
      .update(point)
      .digest()
      .subarray(0, 4)
  return { plain: idOf(PLAIN), timed: idOf(TIMED) }
}

function pemKey(text: string) {
  try {
    return createPublicKey({ key: text, format: 'pem' })
  } catch {
    return undefined
  }
}

function lineKey(line: string) {
  const typed = Buffer.from(/^[^\s+]+\+[0-9a-f]{8}\+([A-Za-z0-9+/]+={0,2})$/.exec(line)?.[1] ?? '', 'base64')
  if (typed.length !== 1 + ED25519_BYTES || typed[0] !== PLAIN) return undefined
  return publicKeyOf(typed.subarray(1))
}
