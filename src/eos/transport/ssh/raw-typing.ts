import type { Command } from '../../../model/command.ts'
import { EosflowError } from '../../../model/error.ts'
import type { RawAnswer, RawOutcome, RawRequest } from '../../device/raw-exchange.ts'
import type { ShellDialogue } from './shell-dialogue.ts'
import { complaintsIn, jsonCommand, shownModel, typedLine } from './spoken.ts'

/**
 * Types commands as they are, one by one, and gives what was typed and what was printed. A show command asked for as JSON is piped to it; any
 * other is read as text. The caller leaves the configuration mode that the commands may end in. Throws what the shell throws.
 */
export async function typeRaw(
  shell: ShellDialogue,
  { commands, format, refusals }: RawRequest,
): Promise<Required<RawAnswer>> {
  if (format === 'completions') throw new EosflowError('bug', 'completions are asked over eAPI alone')
  const typed: string[] = []
  const heard: string[] = []
  const outcomes: RawOutcome[] = []
  const prompts: string[] = []
  for (const command of commands) {
    const isModel = format === 'json' && command.cmd.startsWith('show ')
    const line = typedLine(isModel ? { ...command, cmd: jsonCommand(command) } : command)
    const said = command.input === undefined ? await shell.run(line) : await shell.feed(line, command.input)
    typed.push(line, ...inputOf(command))
    heard.push(...said.lines)
    prompts.push(said.prompt)
    const outcome = isModel ? modelOutcome(said.lines) : textOutcome(said.lines)
    outcomes.push(outcome)
    if (!outcome.ok && refusals === 'stop') break
  }
  return { request: lines(typed), answer: lines(heard), outcomes, prompts }
}

function modelOutcome(printed: readonly string[]): RawOutcome {
  const model = shownModel(printed)
  return model.ok ? { ok: true, result: model.json } : { ok: false, errors: [model.error] }
}

function textOutcome(printed: readonly string[]): RawOutcome {
  const begins = printed.find((line) => line.trim() !== '')
  const [first, ...rest] = begins === undefined ? [] : complaintsIn([begins])
  if (first !== undefined) return { ok: false, errors: [first, ...rest, ...complaintsIn(printed).slice(1)] }
  const end = printed.findLastIndex((line) => line.trim() !== '')
  return { ok: true, result: { output: lines(printed.slice(0, end + 1)) } }
}

const inputOf = ({ input }: Command): readonly string[] =>
  input === undefined ? [] : [...input.replace(/\n$/, '').split('\n'), 'EOF']
const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('')
