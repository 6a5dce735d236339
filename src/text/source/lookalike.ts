import { codePoint } from './located.ts'

export interface Lookalike {
  readonly index: number
  readonly message: string
  readonly hint: string
}

type Kind = readonly [RegExp, string, string]

const BLANK: Kind = [/(?! )\p{Zs}/u, 'a blank', 'delete it, and type a blank']

const KINDS: readonly Kind[] = [
  [/[\u2010-\u2015\u2212]/u, 'a dash', 'write the hyphen of the keyboard: -'],
  [/[\u2018-\u201f\u00ab\u00bb]/u, 'a quote of a word processor', 'write \' or "'],
  BLANK,
]

const NAMES: Readonly<Record<string, string>> = { '\u00a0': 'a no-break space', '\u3000': 'an ideographic space' }

/** The first character of a text that a web page or a word processor has put in place of one of the keyboard; undefined where there is none. */
export function lookalikeIn(text: string): Lookalike | undefined {
  return firstOf(KINDS, text)
}

/** The first blank in a text that is not the one of the keyboard; undefined where there is none. */
export function otherBlankIn(text: string): Lookalike | undefined {
  return firstOf([BLANK], text)
}

function firstOf(kinds: readonly Kind[], text: string): Lookalike | undefined {
  const found = kinds.flatMap(([pattern, what, hint]) => {
    const match = pattern.exec(text)
    if (match === null) return []
    const [character] = match
    const shown = what === 'a blank' ? codePoint(character) : `${character}, ${codePoint(character)}`
    return [{ index: match.index, message: `${NAMES[character] ?? what} (${shown})`, hint }]
  })
  return found.toSorted((a, b) => a.index - b.index)[0]
}
