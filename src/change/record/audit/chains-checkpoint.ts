import { createHash, hash } from 'node:crypto'
import { sameBytes } from '../seal/chain.ts'
import type { SignedText } from './signed-text.ts'

/** What precedes what is hashed, so that no leaf can be taken for a node (RFC 9162, section 2.1.1). */
const LEAF = Buffer.from([0])
const NODE = Buffer.from([1])

/** The root of a tree over leaves in their order, 32 bytes; of no leaves sha256 of nothing (RFC 9162, section 2.1.1). */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256()
  let level: readonly Uint8Array[] = leaves.map((leaf) => sha256(LEAF, leaf))
  while (level.length > 1) level = parents(level)
  return level[0] ?? sha256()
}

/** A digest without a neighbour goes up as it is: that gives the same tree as splitting at the largest power of two. */
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

/** The newest record of one chain. */
export interface ChainHead {
  /** The id of the execution that the chain is of, or the register. */
  readonly chain: string
  /** How many records the chain has. */
  readonly n: number
  /** The hash of the newest, 32 bytes. */
  readonly hash: Uint8Array
  /** The positions in the store of the newest records: of those that no later record of the chain vouches for. */
  readonly positions: readonly number[]
}

/** What a store with many chains held at one moment. */
export interface ChainsCheckpoint {
  /** The name of the store. */
  readonly origin: string
  /** Counts the checkpoints of the store from 1 on. */
  readonly number: number
  /** The digest of the text of the checkpoint before, 32 bytes: zeros for the first one. */
  readonly before: Uint8Array
  /** How many records the register has, and the hash of the newest. */
  readonly register: { readonly n: number; readonly hash: Uint8Array }
  /** How many chains could still grow or had ended since the checkpoint before, and the root of the tree over their heads. */
  readonly heads: { readonly count: number; readonly root: Uint8Array }
  /** The place of the newest record of all. */
  readonly seq: number
}

/** The same as its key has signed it. */
export type SignedChainsCheckpoint = ChainsCheckpoint & Omit<SignedText, 'text'>

/** What a text of this kind says in its second line, where the text of one chain has a number: who reads only that refuses it. */
const FORM = 'chains'
const VERSION = 1

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** What the first checkpoint of a store follows. */
export const NO_CHECKPOINT: Uint8Array = new Uint8Array(32)

/** The root over heads, and how many they are; their order is that of the names of the chains. */
export function headsOf(heads: readonly ChainHead[]): ChainsCheckpoint['heads'] {
  const inOrder = heads.toSorted((one, other) => (one.chain < other.chain ? -1 : 1))
  return { count: heads.length, root: merkleRoot(inOrder.map(leafOf)) }
}

/** The text of a leaf begins with what no other text of the store begins with, and ends where the head does. */
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

/** Whether a checkpoint speaks of just these heads. */
export function coversHeads({ heads }: ChainsCheckpoint, found: readonly ChainHead[]): boolean {
  const { count, root } = headsOf(found)
  return count === heads.count && sameBytes(root, heads.root)
}
