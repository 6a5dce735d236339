import { lookalikeIn } from './lookalike.ts'

/** The known word that an unknown one most likely means (Damerau-Levenshtein): at most a third of its letters off, and at most `most`. */
export function suggest(word: string, known: readonly string[], most = Number.POSITIVE_INFINITY): string | undefined {
  const limit = Math.min(most, Math.max(1, Math.floor(word.length / 3)))
  const ranked = known
    // Each letter more or less is one letter off: of a text of ten thousand letters nothing is computed.
    .filter(({ length }) => Math.abs(length - word.length) <= limit)
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
  return ranked[0]?.candidate
}

/** `did you mean `x`?` for a likely slip, else the list of what there is, of many the nearest. */
export function didYouMean(word: string, known: readonly string[]): string {
  const strange = lookalikeIn(word)
  if (strange !== undefined) return `it holds ${strange.message}: ${strange.hint}`
  const candidate = suggest(word, known)
  if (candidate !== undefined) return `did you mean \`${candidate}\`?`
  if (known.length === 0) return 'delete it'
  return known.length <= MOST_LISTED
    ? `known here: ${inCode(known)}`
    : `the nearest of ${known.length}: ${inCode(nearest(word, known))}`
}

const MOST_LISTED = 40
const NEAREST = 3
const LONGEST = 200

function nearest(word: string, known: readonly string[]) {
  const typed = word.toLowerCase().slice(0, LONGEST)
  const distance = (one: string) => editDistance(typed, one.toLowerCase())
  const holding = typed === '' ? [] : known.filter((one) => one.toLowerCase().includes(typed))
  return (holding.length > 0 ? holding : known).toSorted((a, b) => distance(a) - distance(b)).slice(0, NEAREST)
}

function inCode(names: readonly string[]) {
  return names.map((name) => `\`${name}\``).join(', ')
}

function editDistance(a: string, b: string) {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swap = swapped ? (beforeLast[j - 2] ?? 0) + 1 : change
      row.push(Math.min(change, swap, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
