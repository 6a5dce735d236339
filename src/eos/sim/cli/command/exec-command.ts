import type { Command } from '../../../../model/command.ts'
import type { Reply } from '../../platform/reply.ts'
import type { CliSession } from './cli-session.ts'
import type { WordArguments } from './command-words.ts'

/** One command of exec mode. Config modes run it too. */
export interface ExecCommand {
  /** See `CommandSet`. */
  readonly words: string
  /** One sentence: what it does and where that was recorded. */
  readonly docs: string
  /** Whether it wants `enable` first. */
  readonly privileged?: boolean
  readonly run: (cli: CliSession, args: WordArguments, command: Command) => Reply
}
