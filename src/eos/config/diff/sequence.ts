import { Myers } from './myers.ts'
import { matchByWeight } from './weighted-match.ts'

interface Anchors {
  readonly a: Int32Array
  readonly b: Int32Array
  readonly weight: Int32Array
}

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

function ascends(values: Int32Array) {
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) < (values[i - 1] ?? 0)) return false
  return true
}

function chainFrom(last: number, before: Int32Array) {
  const chain: number[] = []
  for (let i = last; i >= 0; i = before[i] ?? -1) chain.push(i)
  return Int32Array.from(chain.reverse())
}

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

const SMALL = 4096

export interface Sequences {
  readonly a: readonly number[]
  readonly b: readonly number[]
  readonly distinct: number
  /** What it is worth to keep each item of `a`: the rows that it stands for. */
  readonly weight: readonly number[]
}

/** In longer ones the lines that are unique in both are anchors (the heaviest ascending chain of them), and the gaps between are solved by weight or, where they are large, by {@link Myers}. */
export class SequenceMatcher {
  private readonly table = new Int32Array(SMALL)
  // Scratch by number: the number within one match, plus 1. All 0 when unused.
  private local = new Int32Array(1024)

  match(sequences: Sequences): Int32Array {
    const { a, b, weight } = sequences
    const matched = new Int32Array(a.length).fill(-1)
    if ((a.length + 1) * (b.length + 1) <= SMALL) {
      matchByWeight(this.table, { a, b, weight }, { aFrom: 0, aTo: a.length, bFrom: 0, bTo: b.length }, matched)
      return matched
    }
    const common = commonItems(this.renumbered(sequences))
    const partner = this.matchCommon(common)
    for (let i = 0; i < partner.length; i++) {
      const other = partner[i] ?? -1
      if (other >= 0) matched[common.indexA[i] ?? 0] = common.indexB[other] ?? -1
    }
    return matched
  }

  // The same sequences with numbers as low as can be, so that counting them costs no more than they are long.
  private renumbered({ a, b, weight, distinct }: Sequences): Sequences {
    if (this.local.length < distinct) this.local = new Int32Array(distinct * 2)
    const { local } = this
    let next = 0
    const renumber = (item: number) => {
      if (local[item] === 0) local[item] = ++next
      return (local[item] ?? 0) - 1
    }
    const lowered = { a: a.map(renumber), b: b.map(renumber) }
    for (const item of a) local[item] = 0
    for (const item of b) local[item] = 0
    return { ...lowered, weight, distinct: next }
  }

  private matchCommon(common: Common): Int32Array {
    const partner = new Int32Array(common.a.length).fill(-1)
    const myers = new Myers(common.a, common.b, partner)
    const gap = (aFrom: number, aTo: number, bFrom: number, bTo: number) => {
      const small = (aTo - aFrom + 1) * (bTo - bFrom + 1) <= SMALL
      if (small) matchByWeight(this.table, common, { aFrom, aTo, bFrom, bTo }, partner)
      else myers.match(aFrom, aTo, bFrom, bTo)
    }
    let a = 0
    let b = 0
    const anchors = chosenAnchors(common)
    for (let i = 0; i < anchors.a.length; i++) {
      const atA = anchors.a[i] ?? 0
      const atB = anchors.b[i] ?? 0
      gap(a, atA, b, atB)
      partner[atA] = atB
      a = atA + 1
      b = atB + 1
    }
    gap(a, common.a.length, b, common.b.length)
    return partner
  }
}

interface Common {
  readonly a: Int32Array
  readonly b: Int32Array
  readonly indexA: Int32Array
  readonly indexB: Int32Array
  readonly countA: Int32Array
  readonly countB: Int32Array
  readonly weight: Int32Array
}

function commonItems({ a, b, distinct, weight }: Sequences): Common {
  const countA = counts(a, distinct)
  const countB = counts(b, distinct)
  const indexA = indexesWhere(a, countB)
  const indexB = indexesWhere(b, countA)
  return {
    a: picked(a, indexA),
    b: picked(b, indexB),
    indexA,
    indexB,
    countA,
    countB,
    weight: picked(weight, indexA),
  }
}

function counts(items: readonly number[], distinct: number) {
  const count = new Int32Array(distinct)
  for (const item of items) count[item] = (count[item] ?? 0) + 1
  return count
}

function indexesWhere(items: readonly number[], countInOther: Int32Array) {
  const indexes = new Int32Array(items.length)
  let length = 0
  for (let i = 0; i < items.length; i++) if (countInOther[items[i] ?? 0] !== 0) indexes[length++] = i
  return indexes.subarray(0, length)
}

function picked(values: readonly number[], indexes: Int32Array) {
  const result = new Int32Array(indexes.length)
  for (let i = 0; i < indexes.length; i++) result[i] = values[indexes[i] ?? 0] ?? 0
  return result
}

function chosenAnchors(common: Common): { readonly a: Int32Array; readonly b: Int32Array } {
  const { a, b, countA, countB } = common
  const placeInB = new Int32Array(countB.length)
  for (let j = 0; j < b.length; j++) placeInB[b[j] ?? 0] = j
  const all = { a: new Int32Array(a.length), b: new Int32Array(a.length), weight: new Int32Array(a.length) }
  let found = 0
  for (let i = 0; i < a.length; i++) {
    const item = a[i] ?? 0
    if (countA[item] !== 1 || countB[item] !== 1) continue
    const j = placeInB[item] ?? 0
    all.a[found] = i
    all.b[found] = j
    all.weight[found] = anchorWeight(common, i, j)
    found++
  }
  return heaviestChain(
    { a: all.a.subarray(0, found), b: all.b.subarray(0, found), weight: all.weight.subarray(0, found) },
    b.length,
  )
}

function anchorWeight({ a, b, countA, weight }: Common, atA: number, atB: number) {
  let total = weight[atA] ?? 1
  let i = atA - 1
  for (let j = atB - 1; i >= 0 && j >= 0 && a[i] === b[j] && countA[a[i] ?? 0] !== 1; i--, j--) total += weight[i] ?? 1
  return total
}
