import type { Command } from '../../../model/command.ts'
import type { Reply, ShowText } from '../../device/device.ts'
import { printedDiff } from '../session/printed-diff.ts'
import type { ShellDialogue } from './shell-dialogue.ts'
import { isRevisionSpoken, jsonCommand, shownModel, shownText, typedLine } from './spoken.ts'

/** What a show command was answered at a shell, as a model or as text. Throws what the shell throws. */
export async function shown(shell: ShellDialogue, command: Command): Promise<Reply> {
  if (command.format !== 'text') {
    const reply = shownModel((await shell.run(typedLine(asJson(command)))).lines)
    return reply.ok && !isRevisionSpoken(command) ? { ...reply, revision: 'latest' } : reply
  }
  const said = await printed(shell, command.cmd)
  return said.ok ? { ok: true, json: said.text } : said
}

/** What a show command printed at a shell. Throws what the shell throws. */
export async function printed(shell: ShellDialogue, cmd: string): Promise<ShowText> {
  const said = shownText((await shell.run(typedLine({ cmd }))).lines)
  return 'text' in said ? { ok: true, text: said.text } : { ok: false, error: said.errors.join('; ') }
}

/** What show commands printed at a shell, one after the other. Throws what the shell throws. */
export async function printedEach(shell: ShellDialogue, commands: readonly string[]): Promise<readonly ShowText[]> {
  const answers: ShowText[] = []
  for (const cmd of commands) answers.push(await printed(shell, cmd))
  return answers
}

/** How startup-config differs; undefined where the switch refuses to say it: running-config is known all the same. */
export async function startupDiff(shell: ShellDialogue): Promise<string | undefined> {
  const diffs = await printed(shell, 'show running-config diffs')
  return diffs.ok ? printedDiff(diffs.text) : undefined
}

/** startup-config whole, where the switch shows it. */
export async function startupOf(shell: ShellDialogue): Promise<{ readonly startup?: string }> {
  const startup = await printed(shell, 'show startup-config')
  return startup.ok ? { startup: startup.text } : {}
}

const asJson = ({ cmd, revision }: Command): Command => ({
  cmd: jsonCommand({ cmd, ...(revision === undefined ? {} : { revision }) }),
})
