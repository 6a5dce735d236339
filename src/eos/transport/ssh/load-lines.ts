import type { Command } from '../../../model/command.ts'
import { EosflowError } from '../../../model/error.ts'
import { redact } from '../../config/secrets/secrets.ts'
import type { StageResult } from '../../device/device.ts'
import { refusal, saidAt, scrubbedCommand, scrubbedText } from '../session/session-words.ts'
import { mayAsk, QuestionError, questionIn } from './question.ts'
import type { ShellDialogue, ShellReply } from './shell-dialogue.ts'
import { complaintsIn, isInSession, typedLine } from './spoken.ts'

/** Throws `refused` with the first line that the switch did not take, that it asks a question about, or behind which the shell is outside the session. */
export async function loadLines(
  shell: ShellDialogue,
  commands: readonly Command[],
  device: string,
  secrets: readonly string[],
): Promise<Pick<StageResult, 'said'>> {
  const printed: (readonly string[])[] = []
  const commandAt = (at: number) => commands[at] ?? { cmd: '' }
  const asked = (at: number, question: string): never => {
    shell.close()
    throw asks(device, commandAt(at), at + 1, { question, secrets })
  }
  const judge = (at: number, { lines, prompt }: ShellReply) => {
    const command = commandAt(at)
    const question = questionIn([...lines, prompt])
    if (question !== undefined) asked(at, question)
    const [first, ...rest] = complaintsIn(lines)
    if (first !== undefined) throw refusal({ device, command, errors: [first, ...rest], secrets, line: at + 1 })
    if (prompt !== '' && !isInSession(prompt)) throw outside(device, command, at + 1)
    printed[at] = lines
  }
  for (let first = 0; first < commands.length; ) {
    const { input } = commandAt(first)
    const line = typedLine(commandAt(first))
    if (input === undefined && !mayAsk(line)) {
      const lines = typedTogether(commands, first).map(typedLine)
      const from = first
      await shell.type(lines, (at, said) => judge(from + at, said))
      first += lines.length
    } else {
      const said = input === undefined ? shell.run(line) : shell.feed(line, input)
      judge(first, await said.catch((thrown: unknown) => askedAt(thrown, first, asked)))
      first += 1
    }
  }
  return saidAt(commands, printed, secrets)
}

function askedAt(thrown: unknown, at: number, asked: (at: number, question: string) => never): never {
  if (thrown instanceof QuestionError) return asked(at, thrown.question)
  throw thrown
}

function typedTogether(commands: readonly Command[], first: number) {
  const next = commands.findIndex(({ cmd, input }, at) => at > first && (input !== undefined || mayAsk(cmd)))
  return commands.slice(first, next < 0 ? commands.length : next)
}

function asks(
  device: string,
  command: Command,
  line: number,
  { question, secrets }: { readonly question: string; readonly secrets: readonly string[] },
) {
  const shown = scrubbedCommand(command)
  const words = redact(scrubbedText(question, command, secrets))
  const message = `${device} asks a question at line ${line} of the change, '${shown}': ${words}`
  return new EosflowError('refused', message, {
    device,
    command: shown,
    hint: 'eosflow answers no question. Make this change by hand, or over eAPI (transport: eapi), where the plan shows what the switch says.',
  })
}

function outside(device: string, command: Command, line: number) {
  const shown = scrubbedCommand(command)
  return new EosflowError('refused', `line ${line} of the change, '${shown}', left the config session of ${device}`, {
    device,
    command: shown,
    hint: 'The session holds the lines before it and was not committed. Take the line out of the change.',
  })
}
