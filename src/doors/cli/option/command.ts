import type { Invocation } from '../terminal/io.ts'

/** One command of the command line: what commander needs to know, and where its work is, loaded when it runs. */
export interface Command {
  /** The words after `eosflow`, with arguments as commander writes them: `snapshot take [name]`. */
  readonly usage: string
  readonly aliases?: readonly string[]
  readonly summary: string
  /** A line that can be pasted. */
  readonly example: string
  /** Flags and what they do. A flag that repeats collects its values. */
  readonly options?: readonly CommandOption[]
  /** What its first argument may be, where that is one of a few words. */
  readonly names?: readonly string[]
  /** Loads the command's file. It gives the exit code. */
  load(): Promise<{ readonly run: (invocation: Invocation) => Promise<number> }>
}

/** One flag. */
export interface CommandOption {
  readonly flags: string
  readonly description: string
  readonly repeat?: true
  readonly default?: string
}

/** The words of a command, without its arguments: `snapshot take`. */
export function commandName({ usage }: Pick<Command, 'usage'>): string {
  return usage.replace(/ [<[].*$/, '')
}
