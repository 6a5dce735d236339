import type { Clock } from '../../../model/clock.ts'
import type { CommandSet } from '../cli/command/command-words.ts'
import type { ExecCommand } from '../cli/command/session-verbs.ts'
import type { Switch } from '../switch/switch.ts'

export interface TerminalService {
  readonly device: Switch
  readonly commands: CommandSet<ExecCommand>
  readonly clock: Clock
}
