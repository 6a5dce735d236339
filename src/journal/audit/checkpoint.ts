import type { ChainPoint } from '../chain.ts'

/** What a chain held at one moment: its first `seq` records, of which the newest has this hash. */
export interface Checkpoint extends ChainPoint {
  /** The name of the store. */
  readonly origin: string
}

/** The text of a checkpoint as its key has signed it. */
export interface SignedText {
  readonly text: string
  readonly note: string
  /** When it was signed, ISO 8601 in UTC; undefined where only the text was signed. */
  readonly at: string | undefined
  /** Its key is lost, so nobody can judge its signature: what it says is compared, and it vouches for nothing. */
  readonly lost?: true
}

/** A checkpoint as its key has signed it. */
export type SignedCheckpoint = Checkpoint & Omit<SignedText, 'text'>

/** The text that is signed (C2SP tlog-checkpoint): origin, size, and the head of the chain in base64 where a tree has its root. */
export function checkpointText({ origin, seq, hash }: Checkpoint): string {
  return `${origin}\n${seq}\n${Buffer.from(hash).toString('base64')}\n`
}

/** Reads such a text; undefined when it is none. Lines behind the third are for others to read. */
export function readCheckpointText(text: string): Checkpoint | undefined {
  const [origin = '', size = '', root = ''] = text.split('\n')
  const hash = Buffer.from(root, 'base64')
  if (origin === '' || !/^(0|[1-9]\d{0,15})$/.test(size) || hash.length !== 32) return undefined
  if (hash.toString('base64') !== root) return undefined
  return { origin, seq: Number(size), hash }
}
