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

/** The newest commands of exec mode. Lines of configurations are left out: they hold secrets. */
export class CommandLog {
  readonly #commands: LoggedCommand[] = []

  write(command: LoggedCommand): void {
    this.#commands.push(command)
    if (this.#commands.length > LIMIT) this.#commands.shift()
  }

  commands(): readonly LoggedCommand[] {
    return this.#commands
  }
}
