import type { UnsettledLine } from '../../../eos/config/guard/guard.ts'
import type { Command } from '../../../model/command.ts'

export interface RenderedChange {
  readonly mode: 'merge' | 'replace'
  readonly lines: readonly string[]
  readonly commands: readonly Command[]
  /** Globs of the lines of a switch that stay although a whole configuration lacks them; absent where there is none. */
  readonly keep?: readonly string[]
  /** Lines of which only the switch's running-config says whether they may be sent; absent where there is none. */
  readonly unsettled?: readonly UnsettledLine[]
  /** Lines that a switch may refuse by the table of the syntax, and why; absent where there is none. */
  readonly doubtful?: readonly DoubtfulLine[]
}

export interface DoubtfulLine {
  readonly line: string
  readonly above: readonly string[]
  readonly why: string
  readonly form: string
  /** The versions of EOS on which a switch has taken and printed such a line, by what this store has noted. */
  readonly taken?: readonly string[]
}
