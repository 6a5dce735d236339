import type { Command } from '../../../../model/command.ts'
import type { ConfigTree } from '../../../config/text/tree.ts'
import type { CliRefusal, Reply } from '../../platform/reply.ts'
import type { ConfigMode } from '../../switch/config-mode.ts'
import type { Actor } from '../../switch/config-session.ts'
import type { Switch } from '../../switch/switch.ts'
import type { TerminalLine } from '../../switch/terminals.ts'

/** Who is logged in. */
export interface CliUser extends Actor {
  readonly privilege: number
  /** What `enable` asks for; nothing when undefined. */
  readonly enable?: (secret: string) => boolean
  /** A user of the configuration, whose role may deny commands; the simulator's own login has none. */
  readonly local?: { readonly role: string | undefined }
  /** The line it is logged in on; eAPI has none. */
  readonly terminal?: TerminalLine
}

/** A CLI as the commands see it that run in it. */
export interface CliSession {
  readonly device: Switch
  readonly user: CliUser
  privileged: boolean
  /** The config session it is in. */
  readonly session: string | undefined
  /** The config mode it is in. */
  readonly mode: ConfigMode | undefined
  /** Why another CLI's configure lock keeps this one out of config modes. */
  lockedOut(): CliRefusal | undefined
  /** `configure`: lines are live at once. */
  enterConfig(): Reply
  /** `configure session NAME`. */
  enterSession(name: string | undefined): Reply
  /** Back to exec mode; a session stays pending with what it holds. */
  leaveConfig(): void
  /** Puts another candidate in the session's place and goes on from its root. */
  resetSession(candidate: ConfigTree, command: Command): Reply
  /** Types a text into the session from its root; gives what it says about the rows that it does not take. */
  paste(text: string): readonly string[]
}
