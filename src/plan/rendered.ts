import { commandsOf, commandsOfLines } from '../config/commands.ts'
import { cleartextSecrets, execVerbs, unsafeLines } from '../config/guard.ts'
import { parseConfig } from '../config/parse.ts'
import { redact } from '../config/redact.ts'
import type { Checked, Problem } from '../model/problem.ts'
import type { RenderedChange } from '../task/context.ts'

/** Lines that a workflow gave for one switch. */
export interface GivenLines {
  readonly mode: 'merge' | 'replace'
  readonly lines: readonly string[]
  /** The file they were rendered from, for messages. */
  readonly file: string
}

/**
 * The commands of a change, after the guards that need no switch: characters that show another line than is sent, verbs
 * that leave the session or act at once, clear-text secrets that a switch would hash (security 6.2, design 4). Every
 * finding is a Problem with the rendered line's number. A merge without lines leaves its switch as it is; a replace
 * without commands would wipe it and is refused.
 */
export function renderedChange({ mode, lines, file }: GivenLines, allow: readonly string[]): Checked<RenderedChange> {
  const [first, ...others] = [...unsafe(lines, file), ...verbs(lines, mode, allow, file), ...secrets(lines, file)]
  if (first !== undefined) return { ok: false, problems: [first, ...others] }
  const commands = mode === 'replace' ? commandsOf(parseConfig(`${lines.join('\n')}\n`)) : commandsOfLines(lines)
  if (commands.length > 0 || mode === 'merge') return { ok: true, value: { mode, lines, commands } }
  return {
    ok: false,
    problems: [
      {
        code: 'empty-change',
        message: 'the candidate has no commands: it would wipe the switch',
        at: place(file, 0),
        hint: 'Check the template and its parameters.',
      },
    ],
  }
}

const place = (file: string, index: number): Problem['at'] => ({ file, line: index + 1, column: 1 })

function unsafe(lines: readonly string[], file: string): Problem[] {
  return unsafeLines(lines).map(({ index, kind, found }) => ({
    code: kind,
    message: `the rendered line holds ${found}`,
    at: place(file, index),
    hint: 'A line of a change is one command of printable characters.',
  }))
}

function verbs(lines: readonly string[], mode: GivenLines['mode'], allow: readonly string[], file: string): Problem[] {
  return execVerbs(lines, mode, allow)
    .filter(({ verb, act }) => act === 'refused' && verb !== '!')
    .map(({ index, line, verb }) => ({
      code: 'exec-verb',
      message: `"${redact(line)}" is not a configuration line that a change may carry (${verb})`,
      at: place(file, index),
      hint: verb.startsWith('management')
        ? 'Leave it out, or say `allow: [management]` in the workflow if this is meant.'
        : 'Leave it out: a change configures; it does not leave its session, act at once or change who may log in.',
    }))
}

function secrets(lines: readonly string[], file: string): Problem[] {
  return cleartextSecrets(lines)
    .filter(({ kind }) => kind !== 'rewritten')
    .map(({ index, line, kind, mend }) => ({
      code: kind === 'scrubbed' ? 'scrubbed-secret' : 'clear-text-secret',
      message:
        kind === 'scrubbed'
          ? `"${line}" carries a placeholder where a secret was`
          : `"${line}" carries a clear-text secret, which the switch would store as another text each time`,
      at: place(file, index),
      hint: mend,
    }))
}
