export interface WeightedSequences {
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

/**
 * Notes in `partner` the heaviest common subsequence of a stretch, by the table of what is best from each pair of
 * places on.
 *
 * @param table scratch of at least (length in `a` + 1) times (length in `b` + 1) cells
 */
export function matchByWeight(
  table: Int32Array,
  sequences: WeightedSequences,
  stretch: Stretch,
  partner: Int32Array,
): void {
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
