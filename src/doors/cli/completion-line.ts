import {
  type Completion,
  completionOf,
  type KnownCommand,
  wordsOfLine,
} from '../../project/authoring/completion/completion.ts'

export interface CompletionTable {
  readonly commands: readonly KnownCommand[]
  readonly globalFlags: readonly { readonly flags: string }[]
}

/** What a shell asks: its name and words, of bash its break characters and its line. */
export function lineCompletion(
  { commands, globalFlags }: CompletionTable,
  [shell, ...given]: readonly string[],
): Completion {
  const [breaks = '', line = ''] = given
  const typed = shell === 'bash' ? { breaks, words: wordsOfLine(line).slice(1) } : { words: given }
  return completionOf(commands, globalFlags, typed)
}

export function printed(words: readonly string[]): string {
  return words.map((word) => `${word}\n`).join('')
}
