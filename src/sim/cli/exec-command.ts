import type { Command } from '../../model/command.ts'
import type { Cli } from './cli.ts'
import type { WordArguments } from './command-words.ts'
import type { Reply } from './reply.ts'

/** One command of exec mode. Config modes understand those of {@link EXEC_VERBS} too. */
export interface ExecCommand {
  /** See `CommandSet`. */
  readonly words: string
  /** One sentence: what it does and where that was recorded. */
  readonly docs: string
  /** Whether it wants `enable` first. */
  readonly privileged?: boolean
  readonly run: (cli: Cli, args: WordArguments, command: Command) => Reply
}

/** First words that mean an exec command in a config mode as well: EOS runs those from anywhere. */
export const EXEC_VERBS: ReadonlySet<string> = new Set([
  'show',
  'copy',
  'write',
  'delete',
  'diff',
  'configure',
  'reload',
  'dir',
])
