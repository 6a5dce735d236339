import { idInUseAt } from '../../../change/record/sqlite/move-out.ts'
import { type MoveDestination, movedAwayError } from '../../../change/record/sqlite/schema.ts'
import { EosflowError } from '../../../model/error.ts'
import { givenJson } from '../../../model/given-json.ts'
import { isJsonObject, type Json } from '../../../model/json.ts'
import { readRegularText } from '../../system/machine/regular-file.ts'
import { PRIVATE, writeUnlinked } from '../../system/process/unlinked-file.ts'

const VERSION = 1
const KIND = 'eosflow.moved'

const noteOf = (file: string) => `${file}.moved`

export function noteMoved(file: string, id: string, { copy, to }: MoveDestination): void {
  writeUnlinked(noteOf(file), `${JSON.stringify({ version: VERSION, kind: KIND, id, copy, to })}\n`, PRIVATE)
}

/** Throws `store` where the file `from` is a backup of the store that was at `file`, and was moved from there. */
export function requireNotMoved(file: string, from = file): void {
  const note = noteAt(file)
  if (note !== undefined && idInUseAt(from) === note.id) throw movedAwayError(file, note)
}

function noteAt(file: string): (MoveDestination & { readonly id: string }) | undefined {
  let said: Json
  try {
    said = givenJson(readRegularText(noteOf(file)))
  } catch {
    // There is none, or one that was never whole: then the file itself says that it was closed.
    return undefined
  }
  if (!isJsonObject(said) || said.kind !== KIND) return undefined
  if (said.version !== VERSION)
    throw new EosflowError('store', `${noteOf(file)} has version ${said.version}; this eosflow reads ${VERSION}`, {
      hint: 'The store was moved into a database by a newer eosflow: use that one.',
    })
  const { id, copy, to } = said
  if (typeof id !== 'string' || typeof copy !== 'string' || typeof to !== 'string') return undefined
  return { id, copy, to }
}
