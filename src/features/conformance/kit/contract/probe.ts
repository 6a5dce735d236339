import type { RawRequest } from '../../../../eos/device/device.ts'
import type { Command } from '../../../../model/command.ts'
import type { KitFinding, KitStart } from './finding.ts'
import type { ProbeAnswers } from './seen.ts'

export type KitLogin = 'wrong-password' | 'user-of-the-kit'

export interface KitStep {
  readonly name: string
  /** The form of the answers; `completions`: nothing is carried out, and the switch is asked which words may follow the one command. */
  readonly format: RawRequest['format']
  readonly commands: readonly Command[]
  /** Their steps are `NAME-2`, `NAME-3` and so on. */
  readonly beside?: readonly (readonly Command[])[]
  readonly login?: KitLogin
  /** Whether the commands behind a refused one are sent all the same. */
  readonly refusals?: 'go-on'
  readonly wait?: number
  /** How often it is sent in all, and how many milliseconds lie between. */
  readonly again?: { readonly times: number; readonly milliseconds: number }
  readonly anew?: true
  /** The rows that miss it where it is not sent; absent: all of its probe. */
  readonly settles?: readonly string[]
  /** Why it is not sent, from what was seen so far; undefined: it is. */
  readonly unless?: (seen: ProbeAnswers) => string | undefined
  /** Whether it may end without an answer: by a reboot, or because the login is refused. */
  readonly mayFail?: true
  /** For how many seconds it is sent again while nobody answers. */
  readonly patience?: number
}

export interface Probe {
  readonly id: string
  readonly title: string
  /** The ids of the rows of docs/unproven.md that it may settle. */
  readonly rows: readonly string[]
  /** Whether it saves, locks, reboots or cuts management off: it needs `--disruptive`. */
  readonly disruptive?: true
  readonly requires?: string
  /** The row that the switch has to have proven in the same run before it is tried. */
  readonly behind?: string
  /** The config sessions that it opens: each is ended and removed behind it, whatever became of it. */
  readonly sessions: readonly string[]
  readonly makes?: RegExp
  readonly steps: (start: KitStart) => readonly KitStep[]
  readonly undo?: readonly KitStep[]
  readonly judge: (seen: ProbeAnswers) => readonly KitFinding[]
}

export const LOOPBACK = 'interface Loopback987'

export const KIT = 'eosflow-kit'

export const typed = (...lines: readonly string[]): readonly Command[] => lines.map((cmd) => ({ cmd }))

export const LOOPBACK_LINES: readonly string[] = [LOOPBACK, `description ${KIT}`]

export const NO_LOOPBACK: KitStep = {
  name: 'no-loopback',
  format: 'text',
  commands: typed('configure', `no ${LOOPBACK}`, 'end'),
  refusals: 'go-on',
}

export const LIST = typed('show version', 'show configuration sessions detail')
