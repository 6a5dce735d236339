import type { Command } from '../model/command.ts'
import { nameWord } from './session-words.ts'

/** Lists the checkpoints; EOS shows them as text only (recorded on 4.25). */
export const SHOW_CHECKPOINTS = 'show configuration checkpoints'

/** Deletes one checkpoint. Throws `bug` for what is no name of one. */
export function deleteCheckpoint(name: string): Command {
  return { cmd: `delete checkpoint:${nameWord(name)}` }
}

/** The names in the list: the first word of each row under `Filename Date User` and its rule (recorded on 4.25). */
export function checkpointNames(text: string): readonly string[] {
  const rows = text.split('\n').map((line) => line.trim())
  const rule = rows.findIndex((row) => /^-+(?:\s+-+)*$/.test(row))
  return rows.slice(rule + 1).flatMap((row) => {
    const [name = ''] = row.split(/\s+/)
    return rule < 0 || name === '' ? [] : [name]
  })
}
