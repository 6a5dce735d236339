import { BODY, COMMAND, commandRow, firstItem, isTerminator, type Outline, rawRow, TRIVIA } from '../text/tree.ts'
import { orderedGroups, orderGroup } from './order.ts'
import { SequenceMatcher, type Stretch } from './sequence.ts'

// Equal lines have equal numbers: commands without the blanks around them, other rows as they stand.
class LineNumbers {
  readonly #known = new Map<string, number>()

  get distinct(): number {
    return this.#known.size
  }

  of(outline: Outline, row: number): number {
    const isCommand = outline.kind[row] === COMMAND
    const raw = rawRow(outline, row)
    const isTrimmed = isCommand || (outline.kind[row] === BODY && isTerminator(raw))
    const line = `${isCommand ? '+' : '-'}${isTrimmed ? commandRow(outline, row) : raw}`
    const number = this.#known.get(line) ?? this.distinct
    this.#known.set(line, number)
    return number
  }
}

interface EditScript {
  readonly replacements: readonly Stretch[]
  // 1 for each row of the old outline that is a command, or a line of a heredoc, taken away.
  readonly removed: Uint8Array
  // 1 for each row of the new outline that is a command, or a line of a heredoc, added.
  readonly added: Uint8Array
}

interface Siblings extends Stretch {
  readonly parentLine: string | undefined
}

interface Leftover {
  readonly rows: number[]
  readonly numbers: number[]
}

/** What is left over is taken away and added; of that, a command which is gone in one place and back in another of the same block has only moved, which is layout unless order has a meaning there. */
export function compareOutlines(a: Outline, b: Outline): EditScript {
  const replacements: Stretch[] = []
  const removed = new Uint8Array(a.rows)
  const added = new Uint8Array(b.rows)
  const numbers = new LineNumbers()
  const matcher = new SequenceMatcher()
  // Scratch by line number: the first place, plus 1, at which the line came and is not matched yet. All 0 when unused.
  let waiting = new Int32Array(1024)
  let recording = true
  siblings({ aFrom: 0, aTo: a.rows, bFrom: 0, bTo: b.rows, parentLine: undefined })
  return { replacements, removed, added }

  function siblings(all: Siblings) {
    let { aFrom, bFrom } = all
    while (aFrom < all.aTo && bFrom < all.bTo && sameSubtree(aFrom, bFrom)) {
      aFrom = subtreeEnd(a, aFrom)
      bFrom = subtreeEnd(b, bFrom)
    }
    if (aFrom === all.aTo && bFrom === all.bTo) return
    const itemsA = itemRows(a, aFrom, all.aTo)
    const itemsB = itemRows(b, bFrom, all.bTo)
    let aTo = all.aTo
    let bTo = all.bTo
    while (itemsA.length > 0 && itemsB.length > 0 && sameSubtree(itemsA.at(-1) ?? 0, itemsB.at(-1) ?? 0)) {
      aTo = itemsA.pop() ?? 0
      bTo = itemsB.pop() ?? 0
    }
    match({ aFrom, aTo, bFrom, bTo, parentLine: all.parentLine }, itemsA, itemsB)
  }

  function match(range: Siblings, itemsA: readonly number[], itemsB: readonly number[]) {
    const linesA = itemsA.map((row) => numbers.of(a, row))
    const linesB = itemsB.map((row) => numbers.of(b, row))
    const weight = itemsA.map((row) => subtreeEnd(a, row) - row)
    const partner = matcher.match({ a: linesA, b: linesB, distinct: numbers.distinct, weight })
    const stays = new Uint8Array(linesB.length)
    let rowA = range.aFrom
    let rowB = range.bFrom
    for (let i = 0; i < linesA.length; i++) {
      const j = partner[i] ?? -1
      if (j < 0) continue
      stays[j] = 1
      const keptA = itemsA[i] ?? 0
      const keptB = itemsB[j] ?? 0
      replace(rowA, keptA, rowB, keptB)
      keep(keptA, keptB)
      rowA = subtreeEnd(a, keptA)
      rowB = subtreeEnd(b, keptB)
    }
    replace(rowA, range.aTo, rowB, range.bTo)
    const gone = leftover(a, itemsA, linesA, (i) => partner[i] === -1)
    settle(
      range,
      gone,
      leftover(b, itemsB, linesB, (j) => stays[j] === 0),
    )
  }

  function keep(rowA: number, rowB: number) {
    if (sameSubtree(rowA, rowB)) return
    if (rawRow(a, rowA) !== rawRow(b, rowB)) replace(rowA, rowA + 1, rowB, rowB + 1)
    if (a.kind[rowA] === COMMAND) inside(rowA, rowB)
  }

  function inside(rowA: number, rowB: number) {
    const itemsA = firstItem(a, rowA)
    const itemsB = firstItem(b, rowB)
    const parentLine = commandRow(a, rowA)
    siblings({ aFrom: rowA + 1, aTo: itemsA, bFrom: rowB + 1, bTo: itemsB, parentLine })
    const aTo = subtreeEnd(a, rowA)
    siblings({ aFrom: itemsA, aTo, bFrom: itemsB, bTo: subtreeEnd(b, rowB), parentLine })
  }

  function settle(range: Siblings, gone: Leftover, come: Leftover) {
    const back = cameBack(gone, come, movesIn(range))
    gone.rows.forEach((row, i) => {
      const to = back[i] ?? -1
      if (to < 0) mark(a, row, removed)
      else moved(row, come.rows[to] ?? 0)
    })
    const isBack = new Uint8Array(come.rows.length)
    for (const to of back) if (to >= 0) isBack[to] = 1
    come.rows.forEach((row, j) => {
      if (isBack[j] === 0) mark(b, row, added)
    })
  }

  function cameBack(gone: Leftover, come: Leftover, mayMove: (row: number) => boolean) {
    const back = new Int32Array(gone.rows.length).fill(-1)
    if (waiting.length < numbers.distinct) waiting = new Int32Array(numbers.distinct * 2)
    const following = chained(come.numbers, waiting)
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

  function movesIn({ aFrom, aTo, bFrom, bTo, parentLine }: Siblings): (row: number) => boolean {
    let before: Map<string, string> | undefined
    let after: Map<string, string> | undefined
    return (row) => {
      if (a.kind[row] === BODY) return false
      const group = orderGroup(commandRow(a, row), parentLine)
      if (group === undefined) return true
      before ??= orderedGroups(a, aFrom, aTo, parentLine)
      after ??= orderedGroups(b, bFrom, bTo, parentLine)
      return before.get(group) === after.get(group)
    }
  }

  function moved(rowA: number, rowB: number) {
    if (sameSubtree(rowA, rowB)) return
    const wasRecording = recording
    recording = false
    inside(rowA, rowB)
    recording = wasRecording
  }

  function replace(aFrom: number, aTo: number, bFrom: number, bTo: number) {
    if (!recording || (aFrom === aTo && bFrom === bTo)) return
    const last = replacements.at(-1)
    if (last?.aTo === aFrom && last.bTo === bFrom) {
      replacements[replacements.length - 1] = { aFrom: last.aFrom, aTo, bFrom: last.bFrom, bTo }
    } else {
      replacements.push({ aFrom, aTo, bFrom, bTo })
    }
  }

  function sameSubtree(rowA: number, rowB: number) {
    const fromA = a.start[rowA] ?? 0
    const fromB = b.start[rowB] ?? 0
    const toA = a.start[subtreeEnd(a, rowA)] ?? 0
    const toB = b.start[subtreeEnd(b, rowB)] ?? 0
    return toA - fromA === toB - fromB && a.text.slice(fromA, toA) === b.text.slice(fromB, toB)
  }
}

// For each line the next one with its number; `waiting` gets the first line of each number. Both count from one; zero is none.
function chained(numbers: readonly number[], waiting: Int32Array) {
  const following = new Int32Array(numbers.length)
  for (let j = numbers.length - 1; j >= 0; j--) {
    const number = numbers[j] ?? 0
    following[j] = waiting[number] ?? 0
    waiting[number] = j + 1
  }
  return following
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
