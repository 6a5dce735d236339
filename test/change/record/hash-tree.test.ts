import { describe, expect, test } from 'vitest'
import {
  hashTree,
  leafDigest,
  NO_LEAVES,
  type TreeNodes,
  type TreeTop,
  treeOver,
} from '../../../src/change/record/chains/hash-tree.ts'

/** Nodes in memory, which somebody may alter. */
function kept(): TreeNodes & { readonly nodes: Map<string, Uint8Array> } {
  const nodes = new Map<string, Uint8Array>()
  return {
    nodes,
    read: (level, place) => nodes.get(`${level} ${place}`),
    write: (level, place, digests) => void nodes.set(`${level} ${place}`, Buffer.from(digests)),
  }
}

const hexOf = ({ leaves, root }: TreeTop) => `${leaves} ${Buffer.from(root).toString('hex')}`

/** A pseudo-random number below a limit, the same in every run. */
function numbers(): (below: number) => number {
  let state = 7
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state % below
  }
}

/** Has leaves put into a tree and altered, some at once: each time by another process, which knows nothing but the top. */
function grown(count: number, store: TreeNodes, pick: (below: number) => number) {
  const leaves: Uint8Array[] = []
  let top: TreeTop = NO_LEAVES
  while (leaves.length < count) {
    const tree = hashTree(store, top)
    for (let some = pick(40) + 1; some > 0; some -= 1) {
      const isNew = leaves.length === 0 || (leaves.length < count && pick(3) > 0)
      const place = isNew ? leaves.length : pick(leaves.length)
      const leaf = leafDigest([place, pick(1_000)])
      leaves[place] = leaf
      tree.set(place, leaf)
    }
    top = tree.write()
  }
  return { top, leaves }
}

describe('a tree of hashes', () => {
  test.each([1, 2, 15, 16, 17, 255, 256, 257, 300, 4_097])(
    'over %i leaves is the one that is made at once, however they came',
    (count) => {
      const store = kept()
      const { top, leaves } = grown(count, store, numbers())
      const made = treeOver(leaves)
      expect(hexOf(top)).toBe(hexOf(made.top))
      const inOrder = (nodes: ReadonlyMap<string, Uint8Array>) =>
        [...nodes].map(([key, node]) => `${key} ${Buffer.from(node).toString('hex')}`).sort()
      expect(inOrder(store.nodes)).toEqual(inOrder(made.nodes))
    },
  )

  test('gives each leaf to who knows the top, and none behind the last', () => {
    const store = kept()
    const tree = hashTree(store, NO_LEAVES)
    for (let place = 0; place < 300; place += 1) tree.set(place, leafDigest([place]))
    const read = hashTree(store, tree.write())
    for (const place of [0, 15, 16, 255, 256, 299])
      expect(Buffer.compare(read.leaf(place) ?? Buffer.alloc(0), leafDigest([place]))).toBe(0)
    expect([read.leaf(300), read.leaf(-1)]).toEqual([undefined, undefined])
  })

  test.each(['0 3', '1 0', '2 0'])('refuses a node %s that was altered, was one before, or is gone', (key) => {
    const store = kept()
    const tree = hashTree(store, NO_LEAVES)
    for (let place = 0; place < 300; place += 1) tree.set(place, leafDigest([place]))
    tree.write()
    const before = Buffer.from(store.nodes.get(key) ?? [])
    tree.set(50, leafDigest(['later']))
    const top = tree.write()
    expect(() => hashTree(store, top).leaf(50)).not.toThrow()
    for (const other of [before, Buffer.alloc(32), undefined]) {
      if (other === undefined) store.nodes.delete(key)
      else store.nodes.set(key, other)
      expect(() => hashTree(store, top).leaf(50)).toThrow('the tree that vouches for what is kept was altered')
    }
  })
})
