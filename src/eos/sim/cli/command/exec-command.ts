import type { Command } from '../../../../model/command.ts'
import type { Reply } from '../../platform/reply.ts'
import type { CliSession } from './cli-session.ts'
import type { WordArguments } from './command-words.ts'

export interface ExecCommand {
  readonly words: string
  readonly docs: string
  readonly privileged?: boolean
  readonly run: (cli: CliSession, args: WordArguments, command: Command) => Reply
}
