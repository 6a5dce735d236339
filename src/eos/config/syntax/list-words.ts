import { typeOf } from './value-type.ts'

/** What is before the rules of lists, as running-config shows them. */
export const NUMBERS: readonly (readonly [list: RegExp, number: string])[] = [
  [/^(?:ip|mac) access-list /, '10'],
  [/^ip prefix-list /, 'seq 10'],
]

// Words behind which values follow each other in any number, as the manual has it: the AS numbers of a path, communities, addresses of
// servers, ports.
const LISTS: ReadonlySet<string> = new Set(['prepend', 'community', 'name-server', 'eq', 'neq'])

/** Whether a word is one more value of a list: of the type of the word before it. */
export function isListed(words: readonly string[], token: number): boolean {
  const type = typeOf(words[token] ?? '')
  const isAlike = type !== 'word' && typeOf(words[token - 1] ?? '') === type
  return isAlike && words.slice(0, token - 1).some((word) => LISTS.has(word))
}
