interface WeightedSequences {
  readonly a: ArrayLike<number>
  readonly b: ArrayLike<number>
  readonly weight: ArrayLike<number>
}

export interface Stretch {
  readonly aFrom: number
  readonly aTo: number
  readonly bFrom: number
  readonly bTo: number
}

// Notes in `partner` the heaviest common subsequence of a stretch, by the table of what is best from each pair of
// places on.
// @param table scratch of at least (length in `a` + 1) times (length in `b` + 1) cells
function matchByWeight(table: Int32Array, sequences: WeightedSequences, stretch: Stretch, partner: Int32Array) {
  const { aFrom, aTo, bFrom, bTo } = stretch
  if (aFrom === aTo || bFrom === bTo) return
  fillTable(table, sequences, stretch)
  const { a, b, weight } = sequences
  const width = bTo - bFrom + 1
  let i = aFrom
  let j = bFrom
  let cell = 0
  while (i < aTo && j < bTo) {
    const best = table[cell] ?? 0
    if (a[i] === b[j] && best === (table[cell + width + 1] ?? 0) + (weight[i] ?? 1)) {
      partner[i++] = j++
      cell += width + 1
    } else if (best === table[cell + width]) {
      i++
      cell += width
    } else {
      j++
      cell++
    }
  }
}

function fillTable(table: Int32Array, { a, b, weight }: WeightedSequences, { aFrom, aTo, bFrom, bTo }: Stretch) {
  const width = bTo - bFrom + 1
  let cell = (aTo - aFrom + 1) * width - 1
  for (let j = bTo; j >= bFrom; j--) table[cell--] = 0
  for (let i = aTo - 1; i >= aFrom; i--) {
    table[cell--] = 0
    for (let j = bTo - 1; j >= bFrom; j--, cell--) {
      const skip = Math.max(table[cell + width] ?? 0, table[cell + 1] ?? 0)
      const keep = a[i] === b[j] ? (table[cell + width + 1] ?? 0) + (weight[i] ?? 1) : 0
      table[cell] = Math.max(skip, keep)
    }
  }
}

const EXACT_COST = 128
const FAR = 0x7fffffff

/**
 * Matches two sequences of numbers by the divide-and-conquer form of Myers' algorithm (An O(ND) Difference Algorithm,
 * 1986, section 4b), with the cost limit of GNU diff and git: where the middle is not found within a fixed effort,
 * the stretch is split where one of the two searches got furthest. So it always ends, in time bounded by the length,
 * and is minimal up to that effort.
 */
export class Myers {
  private readonly a: Int32Array
  private readonly b: Int32Array
  private readonly partner: Int32Array
  // Furthest index in `a` on each diagonal, from the front and from the back.
  private readonly forward: Int32Array
  private readonly backward: Int32Array
  private readonly origin: number
  private forwardLow = 0
  private forwardHigh = 0
  private backwardLow = 0
  private backwardHigh = 0
  private splitA = 0
  private splitB = 0

  constructor(a: Int32Array, b: Int32Array, partner: Int32Array) {
    this.a = a
    this.b = b
    this.partner = partner
    this.forward = new Int32Array(a.length + b.length + 3)
    this.backward = new Int32Array(a.length + b.length + 3)
    this.origin = b.length + 1
  }

  match(aFrom: number, aTo: number, bFrom: number, bTo: number): void {
    const open: Stretch[] = [{ aFrom, aTo, bFrom, bTo }]
    for (let stretch = open.pop(); stretch !== undefined; stretch = open.pop()) {
      const rest = this.trim(stretch)
      if (rest.aFrom === rest.aTo || rest.bFrom === rest.bTo) continue
      this.split(rest)
      open.push({ ...rest, aTo: this.splitA, bTo: this.splitB }, { ...rest, aFrom: this.splitA, bFrom: this.splitB })
    }
  }

  private trim({ aFrom, aTo, bFrom, bTo }: Stretch): Stretch {
    let [a1, a2, b1, b2] = [aFrom, aTo, bFrom, bTo]
    while (a1 < a2 && b1 < b2 && this.a[a1] === this.b[b1]) this.partner[a1++] = b1++
    while (a1 < a2 && b1 < b2 && this.a[a2 - 1] === this.b[b2 - 1]) this.partner[--a2] = --b2
    return { aFrom: a1, aTo: a2, bFrom: b1, bTo: b2 }
  }

  private split(stretch: Stretch): void {
    const { aFrom, aTo, bFrom, bTo } = stretch
    const front = aFrom - bFrom
    const back = aTo - bTo
    this.forwardLow = this.forwardHigh = front
    this.backwardLow = this.backwardHigh = back
    this.forward[front + this.origin] = aFrom
    this.backward[back + this.origin] = aTo
    const odd = ((front - back) & 1) !== 0
    for (let cost = 1; cost <= EXACT_COST; cost++) {
      if (this.advanceForward(stretch, odd)) return
      if (this.advanceBackward(stretch, !odd)) return
    }
    this.splitAtFurthest(stretch)
  }

  private advanceForward({ aFrom, aTo, bFrom, bTo }: Stretch, meets: boolean): boolean {
    const { a, b, forward, origin } = this
    if (this.forwardLow > aFrom - bTo) forward[--this.forwardLow - 1 + origin] = -1
    else this.forwardLow++
    if (this.forwardHigh < aTo - bFrom) forward[++this.forwardHigh + 1 + origin] = -1
    else this.forwardHigh--
    for (let diagonal = this.forwardHigh; diagonal >= this.forwardLow; diagonal -= 2) {
      const left = forward[diagonal - 1 + origin] ?? -1
      const right = forward[diagonal + 1 + origin] ?? -1
      let i = left >= right ? left + 1 : right
      while (i < aTo && i - diagonal < bTo && a[i] === b[i - diagonal]) i++
      forward[diagonal + origin] = i
      if (meets && this.isPassedBackward(diagonal, i)) return this.splitAt(i, i - diagonal)
    }
    return false
  }

  private advanceBackward({ aFrom, aTo, bFrom, bTo }: Stretch, meets: boolean): boolean {
    const { a, b, backward, origin } = this
    if (this.backwardLow > aFrom - bTo) backward[--this.backwardLow - 1 + origin] = FAR
    else this.backwardLow++
    if (this.backwardHigh < aTo - bFrom) backward[++this.backwardHigh + 1 + origin] = FAR
    else this.backwardHigh--
    for (let diagonal = this.backwardHigh; diagonal >= this.backwardLow; diagonal -= 2) {
      const left = backward[diagonal - 1 + origin] ?? FAR
      const right = backward[diagonal + 1 + origin] ?? FAR
      let i = left < right ? left : right - 1
      while (i > aFrom && i - diagonal > bFrom && a[i - 1] === b[i - diagonal - 1]) i--
      backward[diagonal + origin] = i
      if (meets && this.isPassedForward(diagonal, i)) return this.splitAt(i, i - diagonal)
    }
    return false
  }

  private isPassedBackward(diagonal: number, i: number): boolean {
    if (diagonal < this.backwardLow || diagonal > this.backwardHigh) return false
    return (this.backward[diagonal + this.origin] ?? FAR) <= i
  }

  private isPassedForward(diagonal: number, i: number): boolean {
    if (diagonal < this.forwardLow || diagonal > this.forwardHigh) return false
    return (this.forward[diagonal + this.origin] ?? -1) >= i
  }

  private splitAt(a: number, b: number): true {
    this.splitA = a
    this.splitB = b
    return true
  }

  private splitAtFurthest({ aFrom, aTo, bFrom, bTo }: Stretch): void {
    let front = -1
    let frontA = 0
    for (let diagonal = this.forwardHigh; diagonal >= this.forwardLow; diagonal -= 2) {
      const i = Math.min(this.forward[diagonal + this.origin] ?? -1, aTo, bTo + diagonal)
      if (i + i - diagonal <= front) continue
      front = i + i - diagonal
      frontA = i
    }
    let back = FAR
    let backA = 0
    for (let diagonal = this.backwardHigh; diagonal >= this.backwardLow; diagonal -= 2) {
      const i = Math.max(this.backward[diagonal + this.origin] ?? FAR, aFrom, bFrom + diagonal)
      if (i + i - diagonal >= back) continue
      back = i + i - diagonal
      backA = i
    }
    const forwardWins = aTo + bTo - back < front - (aFrom + bFrom)
    if (forwardWins) this.splitAt(frontA, front - frontA)
    else this.splitAt(backA, back - backA)
  }
}

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
