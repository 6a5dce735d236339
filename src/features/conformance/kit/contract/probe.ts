import type { RawRequest } from '../../../../eos/device/raw-exchange.ts'
import type { Command } from '../../../../model/command.ts'
import type { KitFinding, KitStart } from './finding.ts'
import type { ProbeAnswers } from './seen.ts'

/** Who logs in where it is not the user of the inventory: the same user with a wrong password, or the user that the kit makes. */
export type KitLogin = 'wrong-password' | 'user-of-the-kit'

/** One request of a probe, or the same one several times. */
export interface KitStep {
  /** Unique in its probe. */
  readonly name: string
  /** The form of the answers; `completions`: nothing is carried out, and the switch is asked which words may follow the one command. */
  readonly format: RawRequest['format']
  readonly commands: readonly Command[]
  /** Further requests that are sent at the same time, each over a connection of its own. Their steps are `NAME-2`, `NAME-3` and so on. */
  readonly beside?: readonly (readonly Command[])[]
  readonly login?: KitLogin
  /** Whether the commands behind a refused one are sent all the same. Absent: the request stops there. */
  readonly refusals?: 'go-on'
  /** Seconds that are waited before it. */
  readonly wait?: number
  /** How often it is sent in all, and how many milliseconds lie between. */
  readonly again?: { readonly times: number; readonly milliseconds: number }
  /** Whether it is sent over a new connection. */
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

/** One thing that is tried on a switch: what is sent, what that settles, and how it is taken back. */
export interface Probe {
  /** `K1` to `K12`. */
  readonly id: string
  readonly title: string
  /** The ids of the rows of docs/unproven.md that it may settle. */
  readonly rows: readonly string[]
  /** Whether it saves, locks, reboots or cuts management off: it needs `--disruptive`. */
  readonly disruptive?: true
  /** The row without which it is not tried: where the switch refutes that, it might not come back from this probe. */
  readonly requires?: string
  /** The row that the switch has to have proven in the same run before it is tried. */
  readonly behind?: string
  /** The config sessions that it opens: each is ended and removed behind it, whatever became of it. */
  readonly sessions: readonly string[]
  /** The names of the checkpoints that it makes. */
  readonly makes?: RegExp
  readonly steps: (start: KitStart) => readonly KitStep[]
  /** What takes away all else that it made. Each may be refused. */
  readonly undo?: readonly KitStep[]
  readonly judge: (seen: ProbeAnswers) => readonly KitFinding[]
}

/** The interface that the kit makes and removes. */
export const LOOPBACK = 'interface Loopback987'

/** Its name in descriptions, checkpoints and sessions. */
export const KIT = 'eosflow-kit'

/** Commands without input. */
export const typed = (...lines: readonly string[]): readonly Command[] => lines.map((cmd) => ({ cmd }))

/** The lines of the interface of the kit. */
export const LOOPBACK_LINES: readonly string[] = [LOOPBACK, `description ${KIT}`]

/** Takes the interface of the kit out of running-config. */
export const NO_LOOPBACK: KitStep = {
  name: 'no-loopback',
  format: 'text',
  commands: typed('configure', `no ${LOOPBACK}`, 'end'),
  refusals: 'go-on',
}

/** The list of config sessions with the switch's own time. */
export const LIST = typed('show version', 'show configuration sessions detail')
