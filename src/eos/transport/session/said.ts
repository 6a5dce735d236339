import type { Command } from '../../../model/command.ts'
import { redact } from '../../config/secrets/redact.ts'
import type { SaidLine, StageResult } from '../../device/device.ts'
import { scrubbedText } from './scrub.ts'

// What the CLI prints at a command that reads a text, which is no word about the change (docs/eos.md 5.3).
const READS_TEXT = /^Enter TEXT message|type 'EOF'/i

/** What a switch printed at each command of a change, in the form of {@link StageResult}. `printed` are its lines, by command. */
export function saidAt(
  commands: readonly Command[],
  printed: readonly (readonly string[])[],
  secrets: readonly string[],
): Pick<StageResult, 'said'> {
  const said = commands.flatMap((command, at): SaidLine[] => {
    const lines = (printed[at] ?? []).map((line) => line.trim()).filter((line) => line !== '' && !READS_TEXT.test(line))
    if (lines.length === 0) return []
    return [{ at: at + 1, text: lines.map((line) => redact(scrubbedText(line, command, secrets))).join('\n') }]
  })
  return said.length === 0 ? {} : { said }
}
