import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { idInUseAt } from '../../journal/sqlite/move-out.ts'
import { type MovedAway, movedAwayError } from '../../journal/sqlite/moved-away.ts'
import { PRIVATE, writeUnlinked } from '../unlinked-file.ts'

const NOTE = z.object({
  version: z.literal(1),
  kind: z.literal('eosflow.moved'),
  id: z.string(),
  origin: z.string(),
  to: z.string(),
})

const noteOf = (file: string): string => `${file}.moved`

/** Says beside the file of a store that it was moved: a backup of that store, put at its place again, knows nothing of it. */
export function noteMoved(file: string, id: string, { origin, to }: MovedAway): void {
  const note: z.infer<typeof NOTE> = { version: 1, kind: 'eosflow.moved', id, origin, to }
  writeUnlinked(noteOf(file), `${JSON.stringify(note)}\n`, PRIVATE)
}

/** Throws `store` where the file `from` is a backup of the store that was at `file`, and was moved from there. */
export function requireNotMoved(file: string, from = file): void {
  const note = noteAt(file)
  if (note !== undefined && idInUseAt(from) === note.id) throw movedAwayError(file, note)
}

function noteAt(file: string): z.infer<typeof NOTE> | undefined {
  try {
    return NOTE.safeParse(JSON.parse(readFileSync(noteOf(file), 'utf8'))).data
  } catch {
    // There is none, or one that was never whole: then the file itself says that it was closed.
    return undefined
  }
}
