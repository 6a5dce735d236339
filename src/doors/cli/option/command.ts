import type { Invocation } from '../terminal/io.ts'

export interface Command {
  /** The words after `eosflow`, with arguments as commander writes them: `snapshot take [name]`. */
  readonly usage: string
  readonly aliases?: readonly string[]
  readonly summary: string
  readonly example: string
  readonly options?: readonly CommandOption[]
  readonly names?: readonly string[]
  load(): Promise<{ readonly run: (invocation: Invocation) => Promise<number> }>
}

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
