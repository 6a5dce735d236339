import type { Command } from '../../../model/command.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import { redact } from '../../config/secrets/redact.ts'
import { scrubbedCommand, scrubbedText } from './scrub.ts'

export interface SwitchRefusal {
  readonly device: string
  readonly command: Command
  readonly errors: readonly [string, ...string[]]
  /** Values that the message must not repeat, besides those of the command itself. */
  readonly secrets: readonly string[]
  /** Which line of the change it was, counted from 1; absent for eosflow's own commands. */
  readonly line?: number
}

/** The error `refused`: the switch's own words and the line they are about, without any secret of either. */
export function refusal({ device, command, errors, secrets, line }: SwitchRefusal): EosflowError {
  const shown = scrubbedCommand(command)
  const said = errors.map((text) => redact(scrubbedText(text.trim(), command, secrets))).join('; ')
  const what = line === undefined ? `'${shown}'` : `line ${line} of the change, '${shown}'`
  const ofLine = command.cmd.trim() === 'maintenance' ? NO_MAINTENANCE : CORRECT
  const hint = line === undefined ? hintFor(command) : ofLine
  return new EosflowError('refused', `${device} refused ${what}: ${said}`, {
    device,
    command: shown,
    ...definedMembers({ hint }),
  })
}

const NO_MAINTENANCE =
  'This EOS has no maintenance mode on this switch. Drain it by its routes instead: the bundled workflow drain-spine does.'
const CORRECT = 'Correct it where the change is written: under `change:` in the workflow, or in its template.'

function hintFor({ cmd, input }: Command): string | undefined {
  if (cmd !== 'enable') return undefined
  return input === undefined
    ? 'Give the enable secret with the credentials, or use a user whose role enters privileged mode.'
    : 'Check the enable secret of the credentials.'
}
