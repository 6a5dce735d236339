import { createHash, hash } from 'node:crypto'
import { sameBytes } from '../seal/chain.ts'
import type { SignedText } from './signed-note.ts'

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

/** The version that a text of this kind says to be of; undefined where it is of another kind. */
export function chainsVersionOf(text: string): number | undefined {
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

export interface SegmentSeal {
  readonly origin: string
  readonly executions: ChainsCheckpoint['heads']
  /** The place of the newest record of the store when it was signed. */
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
