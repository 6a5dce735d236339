import type { Command } from '../../../model/command.ts'

/** A command of a pasted text and the row it stands in, from 1. */
export interface PastedCommand {
  readonly at: number
  readonly command: Command
}

/**
 * The commands of a configuration text, without separators and `end`, banners and certificates with their text. `textsOf`
 * is asked for each when those before it were typed, because the mode says how many texts, closed by `EOF`, follow.
 */
export function* pastedCommands(text: string, textsOf: (line: string) => number): Generator<PastedCommand> {
  const rows = text.split(/\r?\n/)
  for (let at = 0; at < rows.length; at += 1) {
    const cmd = rows[at] ?? ''
    const line = cmd.trim()
    if (line === '' || line === 'end' || (line.startsWith('!') && !line.startsWith('!!'))) continue
    const texts = textsOf(line)
    if (texts === 0) yield { at: at + 1, command: { cmd } }
    else {
      const until = closingRow(rows, at + 1, texts)
      yield { at: at + 1, command: { cmd, input: rows.slice(at + 1, until).join('\n') } }
      at = until
    }
  }
}

/** The row of the last `EOF` of so many texts. */
function closingRow(rows: readonly string[], from: number, texts: number): number {
  let left = texts
  for (let at = from; at < rows.length; at += 1) {
    if (rows[at]?.trim() === 'EOF') left -= 1
    if (left === 0) return at
  }
  return rows.length
}
