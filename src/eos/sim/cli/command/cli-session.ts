import type { Command } from '../../../../model/command.ts'
import type { ConfigTree } from '../../../config/text/tree.ts'
import type { CliRefusal, Reply } from '../../platform/reply.ts'
import type { ConfigMode } from '../../switch/config-mode.ts'
import type { Actor } from '../../switch/config-session.ts'
import type { Switch } from '../../switch/switch.ts'
import type { TerminalLine } from '../../switch/terminals.ts'
import type { WordArguments } from './command-words.ts'

export interface ExecCommand {
  readonly words: string
  readonly privileged?: boolean
  readonly run: (cli: CliSession, args: WordArguments, command: Command) => Reply
}

export interface CliUser extends Actor {
  readonly privilege: number
  readonly enable?: (secret: string) => boolean
  readonly local?: { readonly role: string | undefined }
  readonly terminal?: TerminalLine
}

export interface CliSession {
  readonly device: Switch
  readonly user: CliUser
  privileged: boolean
  readonly session: string | undefined
  readonly mode: ConfigMode | undefined
  lockedOut(): CliRefusal | undefined
  enterConfig(): Reply
  enterSession(name: string | undefined): Reply
  leaveConfig(): void
  resetSession(candidate: ConfigTree, command: Command): Reply
  paste(text: string): readonly string[]
}
