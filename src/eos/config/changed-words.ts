import { diffArrays } from 'diff'

export interface LinePiece {
  readonly text: string
  readonly changed: boolean
}

interface ChangedWords {
  readonly before: readonly LinePiece[]
  readonly after: readonly LinePiece[]
}

// Blanks, words, and the commas of a list of VLANs: `110,120` to `110,120,140` has one more entry.
const WORDS = /\s+|,|[^\s,]+/g

/**
 * Says which words of a line have changed, or undefined when the two lines are not the same command with another value: the
 * indentation differs, or less than half of the words of the shorter one are kept.
 */
export function changedWords(before: string, after: string): ChangedWords | undefined {
  const [was, is] = [wordsIn(before), wordsIn(after)]
  if (indentation(before) !== indentation(after)) return undefined
  const changes = diffArrays([...was], [...is])
  const kept = changes.flatMap(({ added, removed, value }) => (added || removed ? [] : value)).filter(isWord).length
  if (kept === 0 || 2 * kept < Math.min(was.filter(isWord).length, is.filter(isWord).length)) return undefined
  const pieces = (skipped: 'added' | 'removed'): readonly LinePiece[] =>
    changes
      .filter((change) => !change[skipped])
      .map(({ added, removed, value }) => ({ text: value.join(''), changed: added || removed }))
  return { before: pieces('added'), after: pieces('removed') }
}

const wordsIn = (line: string): readonly string[] => line.match(WORDS) ?? []

const isWord = (token: string) => /[^\s,]/.test(token)

const indentation = (line: string) => line.length - line.trimStart().length
