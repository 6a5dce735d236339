import { isTerminator } from '../text/command-line.ts'
import {
  BODY,
  COMMAND,
  commandEnd,
  commandRow,
  commandStart,
  firstItem,
  type Outline,
  rawRow,
  rowEnd,
  TRIVIA,
} from '../text/outline.ts'
import { orderedGroups, orderGroup } from './order.ts'
import { SequenceMatcher } from './sequence.ts'

// A hash table over the texts themselves, because cutting a string out of the text for every row and hashing it would be most of the cost of a
// comparison.
class LineNumbers {
  distinct = 0
  private slots = new Int32Array(1024)
  private readonly texts: string[] = []
  private readonly froms: number[] = []
  private readonly tos: number[] = []
  private readonly commands: boolean[] = []
  private readonly hashes: number[] = []

  of(outline: Outline, row: number): number {
    const command = outline.kind[row] === COMMAND
    const trimmed = command || (outline.kind[row] === BODY && isTerminator(rawRow(outline, row)))
    const from = trimmed ? commandStart(outline, row) : (outline.start[row] ?? 0)
    const to = trimmed ? commandEnd(outline.text, from, rowEnd(outline, row)) : rowEnd(outline, row)
    return this.number(outline.text, from, to, command)
  }

  private number(text: string, from: number, to: number, command: boolean): number {
    const hash = hashOf(text, from, to)
    const mask = this.slots.length - 1
    let slot = hash & mask
    for (let known = this.slots[slot] ?? 0; known !== 0; known = this.slots[slot] ?? 0) {
      if (this.hashes[known - 1] === hash && this.equals(known - 1, text, from, to, command)) return known - 1
      slot = (slot + 1) & mask
    }
    this.texts.push(text)
    this.froms.push(from)
    this.tos.push(to)
    this.commands.push(command)
    this.hashes.push(hash)
    this.slots[slot] = ++this.distinct
    if (this.distinct * 2 > this.slots.length) this.grow()
    return this.distinct - 1
  }

  private equals(number: number, text: string, from: number, to: number, command: boolean): boolean {
    const other = this.texts[number] ?? ''
    const start = this.froms[number] ?? 0
    if (this.commands[number] !== command || (this.tos[number] ?? 0) - start !== to - from) return false
    const shift = start - from
    for (let at = from; at < to; at++) if (text.charCodeAt(at) !== other.charCodeAt(at + shift)) return false
    return true
  }

  private grow(): void {
    const slots = new Int32Array(this.slots.length * 4)
    const mask = slots.length - 1
    for (let number = 0; number < this.distinct; number++) {
      let slot = (this.hashes[number] ?? 0) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = number + 1
    }
    this.slots = slots
  }
}

function hashOf(text: string, from: number, to: number) {
  let hash = 0x811c9dc5
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash ^= hash >>> 15
  return Math.imul(hash, 0x2c1b3c6d) >>> 1
}

export interface Replacement {
  readonly aFrom: number
  readonly aTo: number
  readonly bFrom: number
  readonly bTo: number
}

export interface EditScript {
  readonly replacements: readonly Replacement[]
  /** 1 for each row of the old outline that is a command, or a line of a heredoc, taken away. */
  readonly removed: Uint8Array
  /** 1 for each row of the new outline that is a command, or a line of a heredoc, added. */
  readonly added: Uint8Array
}

/** What is left over is taken away and added; of that, a command which is gone in one place and back in another of the same block has only moved, which is layout unless order has a meaning there. */
export function compareOutlines(a: Outline, b: Outline): EditScript {
  return new Comparison(a, b).run()
}

interface Siblings extends Replacement {
  readonly parentLine: string | undefined
}

interface Leftover {
  readonly rows: number[]
  readonly numbers: number[]
}

class Comparison {
  private readonly a: Outline
  private readonly b: Outline
  private readonly replacements: Replacement[] = []
  private readonly removed: Uint8Array
  private readonly added: Uint8Array
  private readonly numbers = new LineNumbers()
  private readonly matcher = new SequenceMatcher()
  // Scratch by line number: the first place, plus 1, at which the line came and is not matched yet. All 0 when unused.
  private waiting = new Int32Array(1024)
  private recording = true

  constructor(a: Outline, b: Outline) {
    this.a = a
    this.b = b
    this.removed = new Uint8Array(a.rows)
    this.added = new Uint8Array(b.rows)
  }

  run(): EditScript {
    this.siblings({ aFrom: 0, aTo: this.a.rows, bFrom: 0, bTo: this.b.rows, parentLine: undefined })
    return { replacements: this.replacements, removed: this.removed, added: this.added }
  }

  private siblings(all: Siblings): void {
    let { aFrom, bFrom } = all
    while (aFrom < all.aTo && bFrom < all.bTo && this.sameSubtree(aFrom, bFrom)) {
      aFrom = subtreeEnd(this.a, aFrom)
      bFrom = subtreeEnd(this.b, bFrom)
    }
    if (aFrom === all.aTo && bFrom === all.bTo) return
    const itemsA = itemRows(this.a, aFrom, all.aTo)
    const itemsB = itemRows(this.b, bFrom, all.bTo)
    let aTo = all.aTo
    let bTo = all.bTo
    while (itemsA.length > 0 && itemsB.length > 0 && this.sameSubtree(itemsA.at(-1) ?? 0, itemsB.at(-1) ?? 0)) {
      aTo = itemsA.pop() ?? 0
      bTo = itemsB.pop() ?? 0
    }
    this.match({ aFrom, aTo, bFrom, bTo, parentLine: all.parentLine }, itemsA, itemsB)
  }

  private match(range: Siblings, itemsA: readonly number[], itemsB: readonly number[]): void {
    const a = itemsA.map((row) => this.numbers.of(this.a, row))
    const b = itemsB.map((row) => this.numbers.of(this.b, row))
    const weight = itemsA.map((row) => subtreeEnd(this.a, row) - row)
    const partner = this.matcher.match({ a, b, distinct: this.numbers.distinct, weight })
    const stays = new Uint8Array(b.length)
    let rowA = range.aFrom
    let rowB = range.bFrom
    for (let i = 0; i < a.length; i++) {
      const j = partner[i] ?? -1
      if (j < 0) continue
      stays[j] = 1
      const keptA = itemsA[i] ?? 0
      const keptB = itemsB[j] ?? 0
      this.replace(rowA, keptA, rowB, keptB)
      this.keep(keptA, keptB)
      rowA = subtreeEnd(this.a, keptA)
      rowB = subtreeEnd(this.b, keptB)
    }
    this.replace(rowA, range.aTo, rowB, range.bTo)
    const gone = leftover(this.a, itemsA, a, (i) => partner[i] === -1)
    const come = leftover(this.b, itemsB, b, (j) => stays[j] === 0)
    this.settle(range, gone, come)
  }

  private keep(rowA: number, rowB: number): void {
    if (this.sameSubtree(rowA, rowB)) return
    if (rawRow(this.a, rowA) !== rawRow(this.b, rowB)) this.replace(rowA, rowA + 1, rowB, rowB + 1)
    if (this.a.kind[rowA] === COMMAND) this.inside(rowA, rowB)
  }

  private inside(rowA: number, rowB: number): void {
    const itemsA = firstItem(this.a, rowA)
    const itemsB = firstItem(this.b, rowB)
    const parentLine = commandRow(this.a, rowA)
    this.siblings({ aFrom: rowA + 1, aTo: itemsA, bFrom: rowB + 1, bTo: itemsB, parentLine })
    const aTo = subtreeEnd(this.a, rowA)
    const bTo = subtreeEnd(this.b, rowB)
    this.siblings({ aFrom: itemsA, aTo, bFrom: itemsB, bTo, parentLine })
  }

  private settle(range: Siblings, gone: Leftover, come: Leftover): void {
    const back = this.cameBack(gone, come, this.movesIn(range))
    gone.rows.forEach((row, i) => {
      const to = back[i] ?? -1
      if (to < 0) mark(this.a, row, this.removed)
      else this.moved(row, come.rows[to] ?? 0)
    })
    const moved = new Uint8Array(come.rows.length)
    for (const to of back) if (to >= 0) moved[to] = 1
    come.rows.forEach((row, j) => {
      if (moved[j] === 0) mark(this.b, row, this.added)
    })
  }

  private cameBack(gone: Leftover, come: Leftover, mayMove: (row: number) => boolean): Int32Array {
    const back = new Int32Array(gone.rows.length).fill(-1)
    if (gone.rows.length === 0 || come.rows.length === 0) return back
    if (this.waiting.length < this.numbers.distinct) this.waiting = new Int32Array(this.numbers.distinct * 2)
    const { waiting } = this
    const following = new Int32Array(come.rows.length)
    for (let j = come.rows.length - 1; j >= 0; j--) {
      const number = come.numbers[j] ?? 0
      following[j] = waiting[number] ?? 0
      waiting[number] = j + 1
    }
    for (let i = 0; i < back.length; i++) {
      const number = gone.numbers[i] ?? 0
      const first = waiting[number] ?? 0
      if (first === 0 || !mayMove(gone.rows[i] ?? 0)) continue
      back[i] = first - 1
      waiting[number] = following[first - 1] ?? 0
    }
    for (const number of come.numbers) waiting[number] = 0
    return back
  }

  private movesIn({ aFrom, aTo, bFrom, bTo, parentLine }: Siblings): (row: number) => boolean {
    let before: Map<string, string> | undefined
    let after: Map<string, string> | undefined
    return (row) => {
      if (this.a.kind[row] === BODY) return false
      const group = orderGroup(commandRow(this.a, row), parentLine)
      if (group === undefined) return true
      before ??= orderedGroups(this.a, aFrom, aTo, parentLine)
      after ??= orderedGroups(this.b, bFrom, bTo, parentLine)
      return before.get(group) === after.get(group)
    }
  }

  private moved(rowA: number, rowB: number): void {
    if (this.sameSubtree(rowA, rowB)) return
    const recording = this.recording
    this.recording = false
    this.inside(rowA, rowB)
    this.recording = recording
  }

  private replace(aFrom: number, aTo: number, bFrom: number, bTo: number): void {
    if (!this.recording || (aFrom === aTo && bFrom === bTo)) return
    const last = this.replacements.at(-1)
    if (last?.aTo === aFrom && last.bTo === bFrom) {
      this.replacements[this.replacements.length - 1] = { aFrom: last.aFrom, aTo, bFrom: last.bFrom, bTo }
    } else {
      this.replacements.push({ aFrom, aTo, bFrom, bTo })
    }
  }

  private sameSubtree(rowA: number, rowB: number): boolean {
    const { a, b } = this
    const fromA = a.start[rowA] ?? 0
    const fromB = b.start[rowB] ?? 0
    const toA = a.start[subtreeEnd(a, rowA)] ?? 0
    const toB = b.start[subtreeEnd(b, rowB)] ?? 0
    return toA - fromA === toB - fromB && a.text.slice(fromA, toA) === b.text.slice(fromB, toB)
  }
}

function itemRows(outline: Outline, from: number, to: number) {
  const items: number[] = []
  for (let row = from; row < to; row = subtreeEnd(outline, row)) items.push(row)
  return items
}

function leftover(
  outline: Outline,
  items: readonly number[],
  lineNumbers: readonly number[],
  isLeft: (index: number) => boolean,
): Leftover {
  const rows: number[] = []
  const numbers: number[] = []
  for (let i = 0; i < items.length; i++) {
    const row = items[i] ?? 0
    if (outline.kind[row] === TRIVIA || !isLeft(i)) continue
    rows.push(row)
    numbers.push(lineNumbers[i] ?? 0)
  }
  return { rows, numbers }
}

function subtreeEnd(outline: Outline, row: number) {
  return outline.end[row] ?? outline.rows
}

function mark(outline: Outline, row: number, marks: Uint8Array) {
  if (outline.parent[row] === -1 && commandRow(outline, row) === 'end') return
  const end = subtreeEnd(outline, row)
  for (let at = row; at < end; at++) if (outline.kind[at] !== TRIVIA) marks[at] = 1
}
