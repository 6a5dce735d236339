import { hash as digestOf } from 'node:crypto'
import { BrokenChainError, sameBytes } from '../seal/chain.ts'

const WIDTH = 16
const DIGEST = 32
// So many nodes are kept in memory at most: an opening reads none, and a walk over a million leaves reads all.
const KEPT = 20_000
const LEVEL = 2 ** 40

export interface TreeNodes {
  read(level: number, place: number): Uint8Array | undefined
  write(level: number, place: number, digests: Uint8Array): void
}

export interface TreeTop {
  readonly leaves: number
  readonly root: Uint8Array
}

export const NO_LEAVES: TreeTop = { leaves: 0, root: new Uint8Array(DIGEST) }

/** No node has the same: theirs begin with another byte. */
export function leafDigest(content: readonly unknown[]): Uint8Array {
  return Buffer.from(digestOf('sha256', JSON.stringify(content), 'binary'), 'latin1')
}

export type HashTree = ReturnType<typeof hashTree>

/** A tree of hashes over leaves in numbered places, which are added and altered, and never removed. A leaf costs one path of nodes, however many are altered together, so that a store can vouch for a million of them in one sealed row. */
export function hashTree(nodes: TreeNodes, top: TreeTop) {
  let count = top.leaves
  let written = top.leaves
  let rootNow = top.root
  const cached = new Map<number, Buffer>()
  let alteredAt: Set<number>[] = []

  function leaf(place: number): Uint8Array | undefined {
    if (place < 0 || place >= count) return undefined
    return digestIn(nodeAt(0, above(place)), place)
  }

  function set(place: number, digest: Uint8Array): void {
    if (place === count) grow()
    put(0, place, digest)
  }

  function write(): TreeTop {
    for (let level = 0; level < heightOf(count); level += 1) {
      for (const place of alteredAt[level] ?? []) {
        const node = nodeAt(level, place)
        nodes.write(level, place, node)
        const digest = nodeDigest(node)
        if (level === heightOf(count) - 1) rootNow = digest
        else put(level + 1, place, digest)
      }
    }
    alteredAt = []
    written = count
    if (cached.size > KEPT) cached.clear()
    return { leaves: count, root: rootNow }
  }

  function grow() {
    const before = heightOf(count)
    count += 1
    if (before > 0 && heightOf(count) > before) cached.set(keyOf(before, 0), Buffer.from(rootNow))
  }

  function put(level: number, place: number, digest: Uint8Array) {
    const parent = above(place)
    const from = (place % WIDTH) * DIGEST
    const node = isThere(level, parent) ? nodeAt(level, parent) : Buffer.alloc(0)
    if (from < node.length) node.set(digest, from)
    else cached.set(keyOf(level, parent), Buffer.concat([node, digest]))
    const altered = alteredAt[level] ?? new Set<number>()
    alteredAt[level] = altered.add(parent)
  }

  function isThere(level: number, place: number) {
    const isKept = level < heightOf(written) && place * WIDTH ** (level + 1) < written
    return isKept || cached.has(keyOf(level, place))
  }

  function nodeAt(level: number, place: number) {
    const known = cached.get(keyOf(level, place))
    if (known !== undefined) return known
    const isTop = level === heightOf(count) - 1
    const expected = isTop ? rootNow : digestIn(nodeAt(level + 1, above(place)), place)
    const found = nodes.read(level, place)
    if (found === undefined || expected === undefined || !sameBytes(nodeDigest(found), expected))
      throw new BrokenChainError({ seq: 0, reason: 'the tree that vouches for what is kept was altered' })
    const node = Buffer.from(found)
    cached.set(keyOf(level, place), node)
    return node
  }

  return {
    get leaves() {
      return count
    },
    leaf,
    set,
    write,
  }
}

export function treeOver(leaves: readonly Uint8Array[]): {
  readonly top: TreeTop
  readonly nodes: ReadonlyMap<string, Uint8Array>
} {
  const nodes = new Map<string, Uint8Array>()
  let digests = leaves
  for (let level = 0; digests.length > (level === 0 ? 0 : 1); level += 1) {
    const made: Uint8Array[] = []
    for (let at = 0; at < digests.length; at += WIDTH) {
      const node = Buffer.concat(digests.slice(at, at + WIDTH))
      nodes.set(`${level} ${at / WIDTH}`, node)
      made.push(nodeDigest(node))
    }
    digests = made
  }
  return { top: { leaves: leaves.length, root: digests[0] ?? NO_LEAVES.root }, nodes }
}

export function keptLeaf(nodes: ReadonlyMap<number, Uint8Array>, place: number): Uint8Array | undefined {
  const node = nodes.get(above(place))
  return node && digestIn(node, place)
}

function heightOf(leaves: number) {
  let height = 0
  for (let room = 1; room < leaves || (height === 0 && leaves > 0); room *= WIDTH) height += 1
  return height
}

function above(place: number) {
  return Math.floor(place / WIDTH)
}

function keyOf(level: number, place: number) {
  return level * LEVEL + place
}

function digestIn(node: Uint8Array, place: number) {
  const from = (place % WIDTH) * DIGEST
  return from + DIGEST <= node.length ? node.subarray(from, from + DIGEST) : undefined
}

function nodeDigest(node: Uint8Array): Uint8Array {
  const content = Buffer.allocUnsafe(node.length + 1)
  content[0] = 1
  content.set(node, 1)
  return Buffer.from(digestOf('sha256', content, 'binary'), 'latin1')
}
