import type { RealLine } from '../../../build/syntax/facts.ts'
import { parseVerb } from '../../../src/config/command-line.ts'
import { isFreeText } from '../../../src/config/free-text.ts'
import type { Random } from '../../../src/model/random.ts'

/** A real line with one letter of one keyword wrong. */
export interface SpoiltLine {
  readonly line: string
  /** The word as it was. */
  readonly meant: string
}

/** Spoils a keyword of a line: an inner letter is dropped, swapped with the next one, or doubled. Undefined for a line without a long keyword, and where the word becomes a beginning of itself. */
export function spoilt(
  { above, line }: RealLine,
  isKeyword: (word: string) => boolean,
  random: Random,
): SpoiltLine | undefined {
  const { verb, line: positive } = parseVerb(line)
  const words = positive.split(/\s+/)
  const isText = (at: number): boolean => at > 0 && isFreeText(`${words.slice(0, at).join(' ')} `, above.at(-1))
  const places = words.flatMap((word, at) =>
    /^[a-z][a-z-]{3,}$/.test(word) && isKeyword(word) && !isText(at) ? [at] : [],
  )
  const at = places[Math.floor(random.fraction() * places.length)]
  const meant = words[at ?? -1]
  if (at === undefined || meant === undefined) return undefined
  const letter = 1 + Math.floor(random.fraction() * (meant.length - 2))
  const [before, after] = [meant.slice(0, letter), meant.slice(letter + 1)]
  const own = meant[letter] ?? ''
  const ways = [before + after, `${before}${after[0] ?? ''}${own}${after.slice(1)}`, `${before}${own}${own}${after}`]
  const word = ways[Math.floor(random.fraction() * ways.length)] ?? meant
  if (meant.startsWith(word)) return undefined
  const whole = [...(verb === '' ? [] : [verb]), ...words.with(at, word)]
  return { line: whole.join(' '), meant }
}
