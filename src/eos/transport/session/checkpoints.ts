import type { Command } from '../../../model/command.ts'
import { nameWord } from './session-words.ts'

/** Lists the checkpoints; EOS shows them as text only (recorded on 4.25). */
export const SHOW_CHECKPOINTS = 'show configuration checkpoints'

/** Throws `bug` for what is no name of one. */
export function deleteCheckpoint(name: string): Command {
  return { cmd: `delete checkpoint:${nameWord(name)}` }
}
