import { HIDDEN_CHARACTER } from '../model/hidden-character.ts'

const HIDDEN = new RegExp(HIDDEN_CHARACTER, 'u')

/** A word as a POSIX shell takes it for one, so that a printed line can be pasted. It is always one line, with no character that does not show: a file may be named by whoever opens a pull request, and a log is read by programs. */
export function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  if (!HIDDEN.test(word)) return `'${word.replaceAll("'", "'\\''")}'`
  return `"$(printf '${[...Buffer.from(word)].map(printed).join('')}')"`
}

// A byte in the format of printf(1): as it is, or by its octal number.
function printed(byte: number) {
  const character = String.fromCharCode(byte)
  if (character === '%') return '%%'
  return /[\w@+=:,./ ]/.test(character) ? character : `\\${byte.toString(8).padStart(3, '0')}`
}
