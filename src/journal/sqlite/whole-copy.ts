import Database from 'better-sqlite3'
import { EosflowError } from '../../model/error.ts'
import type { InstallKeys } from '../../model/install-keys.ts'
import { alteredText, judgedText } from '../blob-format.ts'
import type { ArtefactRef } from '../event.ts'
import { keysLacking } from '../install-rotation.ts'
import { KeyRing } from '../key-ring.ts'
import { rotationRows } from './rotation-rows.ts'
import { guarded } from './sqlite-error.ts'

/**
 * Requires of a copy of a store that SQLite finds nothing wrong in all of it (sqlite.org/pragma.html#pragma_integrity_check) and that
 * every text in it can be read with these keys, where none that it was under is missing. Its chain is verified elsewhere. Throws `store`.
 */
export function requireWhole(path: string, installKey: string | InstallKeys): void {
  guarded(path, () => {
    const database = new Database(path, { readonly: true, fileMustExist: true })
    try {
      const found = database.pragma('integrity_check(1)', { simple: true })
      if (found !== 'ok') throw new EosflowError('store', `the copy ${path} is damaged: ${String(found)}`)
      const keys = new KeyRing(installKey)
      const isLacking = keysLacking(rotationRows(database), keys).length > 0
      const texts = database.prepare<[], { ref: ArtefactRef; bytes: Buffer }>('SELECT ref, bytes FROM blob')
      for (const { ref, bytes } of texts.iterate()) {
        const judged = judgedText(keys, ref, bytes)
        // What was made under a key that is not here any more cannot be told from what was altered.
        if (judged === 'altered' || (judged === 'unread' && !isLacking)) throw alteredText(ref)
      }
    } finally {
      database.close()
    }
  })
}
