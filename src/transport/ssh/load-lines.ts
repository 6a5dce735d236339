import type { Command } from '../../model/command.ts'
import { EosflowError } from '../../model/error.ts'
import { refusal } from '../refusal.ts'
import { scrubbedCommand } from '../scrub.ts'
import { isInSession } from './prompt.ts'
import type { Said, ShellDialogue } from './shell-dialogue.ts'
import { complaintsIn, typedLine } from './spoken.ts'

/**
 * Types the lines of a change into the config session that the shell is in. Throws `refused` with the first line that the
 * switch did not take, or behind which the shell is outside the session.
 */
export async function loadLines(
  shell: ShellDialogue,
  commands: readonly Command[],
  device: string,
  secrets: readonly string[],
): Promise<void> {
  const judge = (at: number, { lines, prompt }: Said): void => {
    const command = commands[at] ?? { cmd: '' }
    const [first, ...rest] = complaintsIn(lines)
    if (first !== undefined) throw refusal({ device, command, errors: [first, ...rest], secrets, line: at + 1 })
    if (prompt !== '' && !isInSession(prompt)) throw outside(device, command, at + 1)
  }
  for (let first = 0; first < commands.length; ) {
    const command = commands[first] ?? { cmd: '' }
    if (command.input === undefined) {
      const next = commands.findIndex(({ input }, at) => at > first && input !== undefined)
      const lines = commands.slice(first, next < 0 ? commands.length : next).map(typedLine)
      const from = first
      await shell.type(lines, (at, said) => judge(from + at, said))
      first += lines.length
    } else {
      judge(first, await shell.feed(typedLine(command), command.input))
      first += 1
    }
  }
}

function outside(device: string, command: Command, line: number): EosflowError {
  const shown = scrubbedCommand(command)
  return new EosflowError('refused', `line ${line} of the change, '${shown}', left the config session of ${device}`, {
    device,
    command: shown,
    hint: 'The session holds the lines before it and was not committed. Take the line out of the change.',
  })
}
