import { hash } from 'node:crypto'

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
