import type { Actor } from './config-session.ts'

const LIMIT = 100

export interface LoggedCommand {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Who, and where from as the log words it: `command-api (192.0.2.1)`. */
  readonly by: Actor
  readonly privilege: number
  readonly cmd: string
}

export interface CommandInConfig {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly device: string
  /** The config session it was typed in; undefined where lines are live at once. */
  readonly session: string | undefined
  readonly line: string
  readonly user: string
}

export class CommandLog {
  readonly #commands: LoggedCommand[] = []
  readonly #inConfig: CommandInConfig[] = []

  write(command: LoggedCommand): void {
    this.#commands.push(command)
    if (this.#commands.length > LIMIT) this.#commands.shift()
  }

  writeInConfig(command: CommandInConfig): void {
    this.#inConfig.push(command)
  }

  inConfig(): readonly CommandInConfig[] {
    return this.#inConfig
  }

  commands(): readonly LoggedCommand[] {
    return this.#commands
  }
}
