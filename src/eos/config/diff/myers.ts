import type { Stretch } from './weighted-match.ts'

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
