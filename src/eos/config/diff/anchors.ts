/** Places where two sequences are certain to meet: `a[i]` and `b[i]` are indexes, ascending in `a`; `weight[i]` is what the meeting is worth. */
export interface Anchors {
  readonly a: Int32Array
  readonly b: Int32Array
  readonly weight: Int32Array
}

/**
 * The heaviest choice of anchors that ascends in both sequences. Where blocks were moved, the small ones are the ones
 * that give way.
 */
export function heaviestChain(anchors: Anchors, lengthOfB: number): Anchors {
  const { a, b, weight } = anchors
  if (ascends(b)) return anchors
  const total = new Float64Array(a.length)
  const before = new Int32Array(a.length)
  const prefixes = new HeaviestPrefix(lengthOfB, total)
  let last = -1
  for (let i = 0; i < a.length; i++) {
    const previous = prefixes.below(b[i] ?? 0)
    before[i] = previous
    total[i] = (weight[i] ?? 0) + (previous < 0 ? 0 : (total[previous] ?? 0))
    prefixes.put(b[i] ?? 0, i)
    if (last < 0 || (total[i] ?? 0) > (total[last] ?? 0)) last = i
  }
  const chain = chainFrom(last, before)
  return { a: chain.map((i) => a[i] ?? 0), b: chain.map((i) => b[i] ?? 0), weight: chain.map((i) => weight[i] ?? 0) }
}

function ascends(values: Int32Array): boolean {
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) < (values[i - 1] ?? 0)) return false
  return true
}

function chainFrom(last: number, before: Int32Array): Int32Array {
  const chain: number[] = []
  for (let i = last; i >= 0; i = before[i] ?? -1) chain.push(i)
  return Int32Array.from(chain.reverse())
}

/** A Fenwick tree over positions that knows the heaviest chain ending before each. */
class HeaviestPrefix {
  private readonly best: Int32Array
  private readonly total: Float64Array

  constructor(length: number, total: Float64Array) {
    this.best = new Int32Array(length + 1).fill(-1)
    this.total = total
  }

  put(position: number, anchor: number): void {
    for (let at = position + 1; at < this.best.length; at += at & -at) {
      if (this.heavier(anchor, this.best[at] ?? -1)) this.best[at] = anchor
    }
  }

  below(position: number): number {
    let heaviest = -1
    for (let at = position; at > 0; at -= at & -at) {
      const candidate = this.best[at] ?? -1
      if (this.heavier(candidate, heaviest)) heaviest = candidate
    }
    return heaviest
  }

  private heavier(one: number, other: number): boolean {
    return one >= 0 && (other < 0 || (this.total[one] ?? 0) > (this.total[other] ?? 0))
  }
}
