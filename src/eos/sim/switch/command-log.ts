import type { Actor } from './config-session.ts'

/** How many commands a switch remembers. */
const LIMIT = 100

/** One command of exec mode as it was typed, without what was fed to its prompts. */
export interface LoggedCommand {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Who, and where from as the log words it: `command-api (192.0.2.1)`. */
  readonly by: Actor
  readonly privilege: number
  readonly cmd: string
}

/** An exec command that was typed in a config mode: it acted at once, and an abort of the session does not undo it. */
export interface CommandInConfig {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** The name of the switch. */
  readonly device: string
  /** The config session it was typed in; undefined where lines are live at once. */
  readonly session: string | undefined
  /** As it was typed, `do` included. */
  readonly line: string
  readonly user: string
}

/** The newest commands of exec mode. Lines of configurations are left out: they hold secrets. */
export class CommandLog {
  readonly #commands: LoggedCommand[] = []
  readonly #inConfig: CommandInConfig[] = []

  write(command: LoggedCommand): void {
    this.#commands.push(command)
    if (this.#commands.length > LIMIT) this.#commands.shift()
  }

  /** Notes an exec command that was typed in a config mode. */
  writeInConfig(command: CommandInConfig): void {
    this.#inConfig.push(command)
  }

  /** Every exec command that was typed in a config mode. */
  inConfig(): readonly CommandInConfig[] {
    return this.#inConfig
  }

  commands(): readonly LoggedCommand[] {
    return this.#commands
  }
}
