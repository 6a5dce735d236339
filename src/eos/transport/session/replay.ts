import type { Command } from '../../../model/command.ts'
import { redact } from '../../config/secrets/secrets.ts'
import type { Replay } from '../../device/device.ts'
import { nameWord, printedDiff, scrubbedText } from './session-words.ts'

interface ReplayCommands {
  readonly commands: readonly Command[]
  readonly copy: number
  readonly diff: number
}

export function replayCommands(session: string, checkpoint: string): ReplayCommands {
  const open = `configure session ${nameWord(session)}`
  const commands = [
    open,
    'rollback clean-config',
    `copy checkpoint:${nameWord(checkpoint)} session-config`,
    'end',
    `show session-config named ${session} diffs`,
    `${open} abort`,
  ].map((cmd) => ({ cmd }))
  return { commands, copy: 2, diff: 4 }
}

// EOS repeats the line that it cannot load behind `>`, and its complaint behind `%` (netlab#2577).
const NOT_LOADED = /^\s*[%>]/
// How EOS says that it does not know a command (docs/eos.md 1.4); of a line that it loads it names the line as well.
const UNKNOWN_COMMAND = /^\s*%?\s*(?:Invalid input|Incomplete command|Ambiguous command)(?!.*\bline\b)/i

/** `diff` is absent where the load was refused as a whole, which leaves the session open. What is different is told behind what was refused: the first line is the one that matters. */
export function readReplay(said: readonly string[], diff: string | undefined, secrets: readonly string[]): Replay {
  const safe = (line: string) => redact(scrubbedText(line, { cmd: '' }, secrets))
  const open = diff === undefined ? ({ isOpen: true } as const) : {}
  const words = said.filter((line) => line.trim() !== '')
  const refused = diff === undefined ? words : words.filter((line) => NOT_LOADED.test(line))
  if (refused.length > 0 && refused.every((line) => UNKNOWN_COMMAND.test(line))) {
    return { replays: 'unknown', reason: refused.map((line) => safe(line.trim())).join('; '), ...open }
  }
  const different = printedDiff(diff ?? '')
    .split('\n')
    .filter((line) => /^[+-](?![+-]{2} )/.test(line))
  if (diff !== undefined && refused.length === 0 && printedDiff(diff) === '') return { replays: 'yes' }
  const [first = 'the switch did not say which', ...rest] = [...refused, ...different].map((line) =>
    safe(line.trimEnd()),
  )
  return { replays: 'no', lines: [first, ...rest], ...open }
}
