import Database from 'better-sqlite3'
import { EosflowError } from '../../model/error.ts'
import type { InstallKeys } from '../../model/install-keys.ts'
import { alteredText } from '../blob-format.ts'
import { keysLacking } from '../install-rotation.ts'
import { KeyRing } from '../key-ring.ts'
import { MissingSegmentError } from '../missing-segment.ts'
import { requireNoneMissing } from '../named-texts.ts'
import { rotationRows } from './rotation-rows.ts'
import type { Segments } from './segments.ts'
import { segmentsIn } from './segments-of.ts'
import { guarded } from './sqlite-error.ts'
import { judgedTexts } from './text-fault.ts'

/** What a copy is held against. */
export interface WholeBy {
  readonly installKey: string | InstallKeys
  /** The path of the store beside which its segments are. */
  readonly store: string
}

/**
 * Requires of a copy of a store that SQLite finds nothing wrong in all of it (sqlite.org/pragma.html#pragma_integrity_check), that every text in it
 * can be read with these keys, where none that it was under is missing, and that every text is there which its records name: what is sealed
 * may be in its segments. Its chain is verified elsewhere. Throws `store`.
 */
export function requireWhole(path: string, { installKey, store }: WholeBy): void {
  guarded(path, () => {
    const database = new Database(path, { readonly: true, fileMustExist: true })
    let segments: Segments | undefined
    try {
      const found = database.pragma('integrity_check(1)', { simple: true })
      if (found !== 'ok') throw new EosflowError('store', `the copy ${path} is damaged: ${String(found)}`)
      const keys = new KeyRing(installKey)
      keys.lacking = keysLacking(rotationRows(database), keys)
      const { origin } = database.prepare<[], { origin: string }>('SELECT origin FROM store').get() ?? { origin: '' }
      segments = segmentsIn(database, store, origin)
      // What was made under a key that is not here any more cannot be told from what was altered.
      const { fault, missing } = judgedTexts(database, { keys, base: segments.base.seq, unread: () => undefined })
      if (fault !== undefined) throw alteredText(fault.ref)
      requireNoneMissing(new Map([...missing].filter(([ref]) => !mayBeIn(segments, ref))))
    } finally {
      segments?.close()
      database.close()
    }
  })
}

/** Whether a text is in a segment, or in one that is not at hand. */
function mayBeIn(segments: Segments | undefined, ref: string): boolean {
  try {
    return segments?.text(ref) !== undefined
  } catch (thrown) {
    if (thrown instanceof MissingSegmentError) return true
    throw thrown
  }
}
