import type { Console } from '../../../project/system/process/console.ts'
import type { Host } from '../../../project/system/process/host.ts'
import type { Interrupts } from '../../../project/system/process/interrupts.ts'
import type { Seams } from '../../../project/system/process/seams.ts'
import type { CalledAs } from './called-as.ts'

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** The name by which the caller types this command; absent for `eosflow`. */
  readonly called?: CalledAs
  out(text: string): void
  readonly drained?: () => Promise<void>
  /** Why results could not be written (`ENOSPC`); undefined where nothing was lost, or nobody reads any more. */
  readonly lost?: () => string | undefined
  err(text: string): void
  readonly interactive: boolean
  readonly color: boolean
  /** The columns of the screen that results go to; absent where they go to a file or a pipe. */
  readonly columns?: number
  /**
   * Asks one line; undefined when there is nobody to ask, and when the signal is aborted before the answer. `unseen`: nothing of what is typed
   * is shown.
   */
  ask(question: string, signal?: AbortSignal, unseen?: 'unseen'): Promise<string | undefined>
  /** Shows one line below everything else, in the place of the one before, until something else is written; undefined takes it away. */
  readonly live?: (line: string | undefined) => void
  readonly stop: AbortSignal
  /** Has a part of the command asked for its last word before a further interrupt ends the process; absent where none does. */
  readonly heed?: Interrupts['heed']
  readonly seams?: Seams
}

export interface Io extends Terminal, Console, Host {
  readonly ask: Terminal['ask']
  readonly called?: CalledAs
  readonly heed?: Interrupts['heed']
  readonly seams?: Seams
}

export interface Invocation {
  readonly io: Io
  readonly args: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
  readonly global: GlobalOptions
  readonly command: TypedCommand
}

export interface TypedCommand {
  readonly usage: string
  readonly options?: readonly { readonly flags: string }[]
}

export interface GlobalOptions {
  readonly project?: string
  readonly store?: string
  readonly netboxBranch?: string
  readonly json: boolean
  readonly askPassword: boolean
  /** The operator's second switch for a TLS mode or an address that shows the password. */
  readonly insecureTls: boolean
  readonly verbose: number
}
