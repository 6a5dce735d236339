import { complete, wordsOfLine } from '../app/completion/complete.ts'
import type { KnownCommand } from '../app/completion/completion-target.ts'
import { commands } from './commands.ts'
import { GLOBAL_FLAGS, isTarget, LIMIT } from './global-flags.ts'
import type { Io } from './io.ts'

/** What the scripts of shells ask: `__complete SHELL WORDS…`, of bash its break characters and its line. Prints words, and never fails. */
export async function answerShell(io: Io, [shell, ...given]: readonly string[]): Promise<number> {
  const known: readonly KnownCommand[] = [
    ...commands.map(({ usage, options = [] }) => ({
      usage,
      options: options.some(isTarget) ? [...options, LIMIT] : options,
    })),
    { usage: 'help' },
  ]
  const [breaks = '', line = ''] = given
  const typed = shell === 'bash' ? { breaks, words: wordsOfLine(line).slice(1) } : { words: given }
  const words = await complete(io, known, GLOBAL_FLAGS, typed)
  io.out(words.map((word) => `${word}\n`).join(''))
  return 0
}
