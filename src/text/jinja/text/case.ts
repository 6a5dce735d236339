import { SPACE } from '../syntax/expression-tokens.ts'
import { refused } from '../value/fault.ts'

const BLANK = new RegExp(`^${SPACE}+$`)

const TITLED: Readonly<Record<string, string>> = { ǆ: 'ǅ', Ǆ: 'ǅ', ǉ: 'ǈ', Ǉ: 'ǈ', ǌ: 'ǋ', Ǌ: 'ǋ', ǳ: 'ǲ', Ǳ: 'ǲ' }

function titled(character: string): string {
  const known = TITLED[character]
  if (known !== undefined) return known
  const [first = '', ...rest] = [...character.toUpperCase()]
  return first + rest.join('').toLowerCase()
}

/** A text whose words begin with a large letter: a word is letters in a row (Python's `str.title`). */
export function titleCase(text: string): string {
  let isInWord = false
  return [...text]
    .map((character) => {
      const isCased = /[\p{Lu}\p{Ll}\p{Lt}]/u.test(character)
      const shown = !isCased ? character : isInWord ? character.toLowerCase() : titled(character)
      isInWord = isCased
      return shown
    })
    .join('')
}

/** A text that begins with a large letter and goes on in small ones (Python's `str.capitalize`). */
export function capitalized(text: string): string {
  const [first = '', ...rest] = [...text]
  return titled(first) + rest.join('').toLowerCase()
}

export function swappedCase(text: string): string {
  return [...text]
    .map((character) => (/\p{Lu}/u.test(character) ? character.toLowerCase() : character.toUpperCase()))
    .join('')
}

/** A text for comparing without case (Python's `str.casefold`); refused beyond Latin-1, where the rules are many. */
export function caseFolded(text: string): string {
  if ([...text].some((character) => character > 'ÿ'))
    throw refused('`casefold` of these letters is not rendered here', 'use `|lower`')
  return text.toLowerCase().replaceAll('ß', 'ss').replaceAll('µ', 'μ')
}

/** What Python says of all characters of a text: `isdigit` and its kin; false for an empty text. */
export const CHARACTER_CLASSES: Readonly<Record<string, (text: string) => boolean>> = {
  isdigit: (text) => /^[\p{Nd}\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089]+$/u.test(text),
  isdecimal: (text) => /^\p{Nd}+$/u.test(text),
  isnumeric: (text) => /^\p{N}+$/u.test(text),
  isalpha: (text) => /^\p{L}+$/u.test(text),
  isalnum: (text) => /^[\p{L}\p{N}]+$/u.test(text),
  isspace: (text) => BLANK.test(text),
  isupper: (text) => /\p{Lu}/u.test(text) && !/[\p{Ll}\p{Lt}]/u.test(text),
  islower: (text) => /\p{Ll}/u.test(text) && !/[\p{Lu}\p{Lt}]/u.test(text),
  istitle: (text) => /[\p{Lu}\p{Lt}\p{Ll}]/u.test(text) && titleCase(text) === text,
  isascii: (text) => /^\p{ASCII}*$/u.test(text),
  isidentifier: (text) => /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{N}\p{M}_]*$/u.test(text),
  isprintable: (text) => !/[\p{C}\p{Z}]/u.test(text.replaceAll(' ', '')),
}
