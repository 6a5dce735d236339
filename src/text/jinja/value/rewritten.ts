import type { Budget } from './value.ts'

const PIECE = 4096

/** Room is taken piece by piece, so that one that grows too large is refused before it is made. The pattern is global, and finds single characters. */
export function rewritten(text: string, pattern: RegExp, write: (character: string) => string, budget: Budget): string {
  const known = new Map<string, string>()
  const writeOnce = (character: string) => {
    const found = known.get(character)
    if (found !== undefined) return found
    const made = write(character)
    known.set(character, made)
    return made
  }
  const pieces: string[] = []
  for (let from = 0, to: number; from < text.length; from = to) {
    to = from + PIECE
    // The two halves of a character stay together.
    if (isFirstHalf(text.charCodeAt(to - 1))) to += 1
    pieces.push(budget.text(text.slice(from, to).replaceAll(pattern, writeOnce)))
  }
  return pieces.join('')
}

function isFirstHalf(code: number) {
  return code >= 0xd800 && code < 0xdc00
}
