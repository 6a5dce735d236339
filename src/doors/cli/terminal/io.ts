import type { Console } from '../../../project/system/process/console.ts'
import type { Host } from '../../../project/system/process/host.ts'
import type { Interrupts } from '../../../project/system/process/interrupts.ts'
import type { Seams } from '../../../project/system/process/seams.ts'
import type { CalledAs } from './called-as.ts'

/** The terminal and the process as they are: whatever is handed to them leaves. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** The name by which the caller types this command; absent for `eosflow`. */
  readonly called?: CalledAs
  /** Results. */
  out(text: string): void
  /** Resolves when the results so far have left: who prints much waits, or all of it is in memory. Absent where nothing is held. */
  readonly drained?: () => Promise<void>
  /** Why results could not be written (`ENOSPC`); undefined where nothing was lost, or nobody reads any more. Absent where nothing can be lost. */
  readonly lost?: () => string | undefined
  /** Progress, warnings and errors. */
  err(text: string): void
  /** Whether a person reads what goes to stderr, and can answer. */
  readonly interactive: boolean
  readonly color: boolean
  /** The columns of the screen that results go to; absent where they go to a file or a pipe. */
  readonly columns?: number
  /**
   * Asks one line; undefined when there is nobody to ask, and when the signal is aborted before the answer. `unseen`: nothing of what is typed
   * is shown.
   */
  ask(question: string, signal?: AbortSignal, unseen?: 'unseen'): Promise<string | undefined>
  /**
   * Shows one line below everything else, in the place of the one before, until something else is written; undefined takes it away.
   * Absent where nobody watches: not at a terminal, or at one that cannot go back in a line.
   */
  readonly live?: (line: string | undefined) => void
  /** Aborted at the first interrupt. */
  readonly stop: AbortSignal
  /** Has a part of the command asked for its last word before a further interrupt ends the process; absent where none does. */
  readonly heed?: Interrupts['heed']
  /** For tests; the shipped command line has none. */
  readonly seams?: Seams
}

/** The terminal as a command sees it. What leaves through it holds no secret that the process knows. */
export interface Io extends Terminal, Console, Host {
  readonly ask: Terminal['ask']
  readonly called?: CalledAs
  readonly heed?: Interrupts['heed']
  readonly seams?: Seams
}

/** What every command gets beside its own arguments. */
export interface Invocation {
  readonly io: Io
  readonly args: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
  readonly global: GlobalOptions
  /** The command that was typed, by its words and its flags: what a line that repeats it is made of. */
  readonly command: TypedCommand
}

/** A command by its words and the arguments behind them, and by the flags that it takes. */
export interface TypedCommand {
  readonly usage: string
  readonly options?: readonly { readonly flags: string }[]
}

/** The flags that every command takes. */
export interface GlobalOptions {
  readonly project?: string
  readonly store?: string
  /** The branch that `plan` reads a NetBox from. */
  readonly netboxBranch?: string
  readonly json: boolean
  /** Whether a person types the passwords that the inventory has no source of. */
  readonly askPassword: boolean
  /** The operator's second switch for a TLS mode or an address that shows the password. */
  readonly insecureTls: boolean
  readonly verbose: number
}
