import type { TypedLine } from '../rules/typed-lines.ts'
import { EXEC_COMMANDS } from './exec-words.ts'
import { LEAVING_WORDS } from './guarded-words.ts'
import { beginsLine } from './judge-line.ts'
import type { PlacedLine } from './own-lines.ts'
import { positiveWords } from './typed-words.ts'

/** An exec command that has a `no` sets up something, which a switch may print. */
const isPrinted = (word: string): boolean =>
  beginsLine(word) || EXEC_COMMANDS.some(({ command }) => command.startsWith(`no ${word} `))

/**
 * What a switch has to print for a refused line to pass: the line at its place, and what the change has below it. Undefined for what passes nowhere: no mode
 * of EOS has lines that begin so, so that a switch that seems to print it prints a text.
 *
 * @param commands every command of the change
 */
export function ownPlaces(
  typed: TypedLine,
  because: string,
  commands: readonly TypedLine[],
): readonly PlacedLine[] | undefined {
  // At the root `allow` lets a line pass that decides who may do what.
  const isAsked = because === 'exec' || (because === 'privileged' && typed.mode !== 'root')
  const [word = ''] = positiveWords(typed.line)
  if (!isAsked || LEAVING_WORDS.includes(word) || !isPrinted(word)) return undefined
  const path = [...typed.above, typed.line]
  const below = commands.filter(({ above }) => path.every((line, depth) => above[depth] === line))
  return [typed, ...below].map(({ above, line }) => ({ above, line }))
}
